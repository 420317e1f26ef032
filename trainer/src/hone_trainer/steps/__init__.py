"""Learning a head step by step: losses, optimizers, schedules, an order of examples, an early end."""

"""Training as the API takes and gives it."""

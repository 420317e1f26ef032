"""Every query of monitoring. Each one names the organization."""

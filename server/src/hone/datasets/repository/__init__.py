"""Every query of datasets. Each one names the organization."""

"""Every query of training. Each one names the organization, save those of the owner."""

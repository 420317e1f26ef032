"""Limits on use and spending."""

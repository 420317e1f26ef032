"""Exchanges with vendors, kept as fixtures: `make record`."""

"""Telling other trackers of runs: beside the runs, from what is kept of them, and never in their way."""

from hone.training.reporting.reporter import Reporter

__all__ = ["Reporter"]

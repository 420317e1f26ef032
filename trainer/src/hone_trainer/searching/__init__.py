"""Searching for parameters: trials are runs of their own in folders of this run, and the best one is the model."""

from hone_trainer.searching.searcher import search

__all__ = ["search"]

"""Metrics: each process counts in memory that it shares as a file, and any process renders them all.

A process opens `Counters` after it was forked, with a slot of its own. One that is killed and
started again in the same slot goes on with its counts, so they never run backwards.
"""

from hone.core.counters.cells import SlotTaken
from hone.core.counters.counters import Cell, Counters, Histogram, clear
from hone.core.counters.exposition import CONTENT_TYPE, render, unlabelled
from hone.core.counters.metric import METRICS, Metric, declare

__all__ = [
    "CONTENT_TYPE",
    "METRICS",
    "Cell",
    "Counters",
    "Histogram",
    "Metric",
    "SlotTaken",
    "clear",
    "declare",
    "render",
    "unlabelled",
]

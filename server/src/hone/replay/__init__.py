"""Replay: what a route would have made of the calls that were recorded.

The calls of the log are sent again, in simulated time, through the gateway's own Router. What cannot be
known of them is counted and said, never guessed silently.
"""

from hone.replay.figures import Measured, Part, measure, mix
from hone.replay.history import Past, Try
from hone.replay.pools import Pool, pool
from hone.replay.simulation import Outcome, Simulation, as_it_was

__all__ = [
    "Measured",
    "Outcome",
    "Part",
    "Past",
    "Pool",
    "Simulation",
    "Try",
    "as_it_was",
    "measure",
    "mix",
    "pool",
]

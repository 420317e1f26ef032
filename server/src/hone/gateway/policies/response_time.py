"""`response_time`: of two targets drawn at random, the one that would answer sooner.

Peak-sensitive moving averages and the power of two choices, as in Finagle's and Linkerd's
balancers: the slowest target is never chosen while its slowness is fresh, and a crowd never runs
to the fastest one. Time to the first token counts for streams, time to the end for the rest.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from hone.gateway.policies.candidates import Candidate, Choice

PENALTY = 1e9
"""Seconds: one call at a time finds out how fast an unknown target is."""


def load(candidate: Candidate, now: float, *, stream: bool) -> float:
    """Return the seconds that one more call would wait; a target of which nothing is known is free."""
    pace = candidate.breaker.pace
    peak = (pace.first if stream else pace.total).peak_at(now)
    if not peak and pace.calls:
        return PENALTY + pace.calls
    return peak * (pace.calls + 1)


def chances(loads: Sequence[float]) -> list[float]:
    """Return how likely each is to win, of all pairs that may be drawn; a tie is a coin's toss."""
    count = len(loads)
    if count == 1:
        return [1.0]
    ordered, pairs = sorted(loads), count * (count - 1) / 2
    return [
        (count - bisect_right(ordered, each) + (_ties(ordered, each) - 1) / 2) / pairs
        for each in loads
    ]


def _ties(ordered: Sequence[float], load: float) -> int:
    return bisect_right(ordered, load) - bisect_left(ordered, load)


def choose(
    candidates: Sequence[Candidate], now: float, random: Callable[[], float], *, stream: bool
) -> Choice:
    """Draw two candidates and choose the one with the smaller load."""
    loads = [load(each, now, stream=stream) for each in candidates]
    first = 0
    count = len(loads)
    if count > 1:
        first = int(random() * count)
        other = int(random() * (count - 1))
        other += other >= first
        if loads[other] < loads[first]:
            first = other
    others = sorted((i for i in range(count) if i != first), key=loads.__getitem__)
    return Choice(first, (), [first, *others], chances(loads))

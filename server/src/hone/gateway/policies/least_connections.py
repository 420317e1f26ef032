"""`least_connections`: the target with the fewest calls in flight, in proportion to its weight.

As nginx's `least_conn`; what is equal takes turns.
"""

from collections.abc import Sequence
from math import inf

from hone.gateway.policies import smooth
from hone.gateway.policies.candidates import Candidate, Choice


def load(candidate: Candidate) -> float:
    """Return a candidate's calls in flight for each part of its weight."""
    return candidate.breaker.pace.calls / candidate.weight if candidate.weight else inf


def choose(candidates: Sequence[Candidate]) -> Choice:
    """Choose the least loaded candidate."""
    loads = [load(each) for each in candidates]
    least = min(loads)
    lightest = [index for index, each in enumerate(loads) if each == least]
    first, among, chances = smooth.tie(candidates, lightest)
    others = sorted((i for i in range(len(loads)) if i != first), key=loads.__getitem__)
    return Choice(first, among, [first, *others], chances)

"""`round_robin`: the targets take turns, whatever their weights."""

from collections.abc import Sequence

from hone.gateway.policies import smooth
from hone.gateway.policies.candidates import Candidate, Choice


def choose(candidates: Sequence[Candidate]) -> Choice:
    """Give the turn to the candidate that has waited longest; the Router makes all weights 1."""
    return Choice(smooth.first(candidates), candidates)

"""`weighted`: each target gets its exact share, spread evenly."""

from collections.abc import Sequence

from hone.gateway.policies import smooth
from hone.gateway.policies.candidates import Candidate, Choice


def choose(candidates: Sequence[Candidate]) -> Choice:
    """Give the turn to the candidate that is furthest behind its share."""
    return Choice(smooth.first(candidates), candidates)

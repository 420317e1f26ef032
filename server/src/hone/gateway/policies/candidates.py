"""What a policy chooses among, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from hone.gateway.breaker import Breaker
from hone.llm.types import Target


@dataclass(slots=True, eq=False)
class Candidate:
    """A target of one route, and what this process keeps for it."""

    target: Target
    breaker: Breaker
    weight: int = 1
    """Whole; its proportion to the others' weights is what counts."""
    balance: int = 0
    """How far it is behind its share (above 0) or ahead of it."""
    place: int = 0
    """Where it stands among the route's targets."""


@dataclass(slots=True)
class Choice:
    """Which candidate is to be tried first, and what is to be known of that."""

    first: int
    turned: Sequence[Candidate] = ()
    """Among whom it was a matter of turn: the Router charges the turn to them."""
    order: list[int] | None = None
    """Every candidate in the order to try; None: the others by weight."""
    chances: list[float] | None = None
    """Each candidate's chance to have been first; None: by weight."""
    scores: list[float] | None = None
    """How each candidate did, where the policy compares all of them by one number."""

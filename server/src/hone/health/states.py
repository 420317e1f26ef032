"""What the circuits of all processes make together: the worst of them counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class CircuitState(StrEnum):
    """Whether a model is asked."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    """One call at a time finds out whether it is well."""
    OPEN = "open"
    UNKNOWN = "unknown"
    """No server process is heard of."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """One model's circuit in all processes."""

    processes: int
    open: int = 0
    """Processes in which it is open."""
    half_open: int = 0
    since: datetime | None = None
    until: datetime | None = None
    """When the last process tries it again."""
    reason: str | None = None
    asked: float | None = None

    @property
    def state(self) -> CircuitState:
        """Return the worst state that any process is in."""
        if not self.processes:
            return CircuitState.UNKNOWN
        if self.open:
            return CircuitState.OPEN
        return CircuitState.HALF_OPEN if self.half_open else CircuitState.CLOSED


Status = Literal["healthy", "degraded", "unhealthy", "idle"]


def status(attempts: int, failed: int, states: list[CircuitState]) -> Status:
    """Sum up a provider: no circuit closed, or half of its attempts failed, is unhealthy."""
    troubled = [each in {CircuitState.OPEN, CircuitState.HALF_OPEN} for each in states]
    many = failed >= SOME
    if (troubled and all(troubled)) or (many and failed >= attempts / 2):
        return "unhealthy"
    if any(troubled) or (many and failed >= attempts * WORTH_A_WORD):
        return "degraded"
    return "healthy" if attempts else "idle"


SOME = 3
"""Fewer failures say nothing."""
WORTH_A_WORD = 0.05
"""The part of the attempts that may fail before a provider is called degraded."""

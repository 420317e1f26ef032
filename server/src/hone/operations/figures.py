"""Totals, series and shares out of the sums of minutes: pure, for pages and live figures alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hone.operations import buckets
from hone.operations.filters import PICO

FAILED: Final = ("error", "interrupted")
"""Statuses that count as errors; a client that went away made none."""


@dataclass(slots=True)
class Sums:
    """What some operations add up to."""

    requests: int = 0
    errors: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    latency: Sequence[int] = ()
    ttft: Sequence[int] = ()

    def add(self, other: "Sums") -> None:
        """Add up, in place."""
        self.requests += other.requests
        self.errors += other.errors
        self.input_tokens += other.input_tokens
        self.output_tokens += other.output_tokens
        self.cost += other.cost
        self.latency = buckets.add(self.latency, other.latency)
        self.ttft = buckets.add(self.ttft, other.ttft)

    @property
    def error_rate(self) -> float:
        """The share of errors; 0 where nothing happened."""
        return self.errors / self.requests if self.requests else 0.0

    @property
    def cost_usd(self) -> float:
        """The cost in dollars."""
        return usd(self.cost)

    def latency_ms(self, q: float) -> float | None:
        """Tell a percentile of the latency."""
        return rounded(buckets.percentile(self.latency, q))

    def ttft_ms(self, q: float) -> float | None:
        """Tell a percentile of the time to first token."""
        return rounded(buckets.percentile(self.ttft, q))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one model did in one step of time."""

    at: datetime
    model: str
    sums: Sums = field(default_factory=Sums)


def usd(pico: int) -> float:
    """Turn pico-dollars into dollars."""
    return pico / PICO


def rounded(value: float | None) -> float | None:
    """Show no more digits than the measurement has."""
    return None if value is None else round(value, 2)


def total(cells: Iterable[Cell]) -> Sums:
    """Add everything up."""
    made = Sums()
    for cell in cells:
        made.add(cell.sums)
    return made


def by_model(cells: Iterable[Cell]) -> list[tuple[str, Sums]]:
    """Add up by model, the busiest first."""
    made: dict[str, Sums] = {}
    for cell in cells:
        made.setdefault(cell.model, Sums()).add(cell.sums)
    return sorted(made.items(), key=lambda item: (-item[1].requests, item[0]))


def series(
    cells: Iterable[Cell], start: datetime, step: timedelta, points: int
) -> Mapping[datetime, Sums]:
    """Add up by time, with an empty entry where nothing happened."""
    made = {start + step * number: Sums() for number in range(points)}
    for cell in cells:
        if cell.at in made:
            made[cell.at].add(cell.sums)
    return made

"""How fast an objective's error budget burns, in several windows: pure.

An objective says which share of calls is to be good over some days; what may be bad is its budget. A
burn rate of 1 spends the budget in exactly that time. An alert rings when a long window burns fast
enough to matter and a short one still does, so that it rings soon and ends soon: the windows and rates
are those of the Google SRE Workbook, chapter 5 ("Alerting on SLOs"), for thirty days. Its fastest pair
needs most of a minute of total failure; `sequential` sees it in seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

LEAST_BAD: Final = 5
"""So many calls must have been bad: one failure in a quiet night rings nobody."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two windows, and how fast both must burn."""

    long: timedelta
    short: timedelta
    rate: float
    severity: Literal["warning", "critical"]


PAIRS: Final = (
    Pair(timedelta(hours=1), timedelta(minutes=5), 14.4, "critical"),
    Pair(timedelta(hours=6), timedelta(minutes=30), 6.0, "critical"),
    Pair(timedelta(days=3), timedelta(hours=6), 1.0, "warning"),
)
FASTEST: Final = PAIRS[0]


@dataclass(frozen=True, slots=True)
class Count:
    """Calls, or minutes, and how many of them were bad."""

    all: int = 0
    bad: int = 0

    @property
    def share(self) -> float:
        """The share that was bad; 0 where nothing happened."""
        return self.bad / self.all if self.all else 0.0

    def __add__(self, other: "Count") -> "Count":
        """Add up."""
        return Count(self.all + other.all, self.bad + other.bad)


@dataclass(frozen=True, slots=True)
class Burn:
    """One pair of windows as it stands."""

    pair: Pair
    long: Count
    short: Count
    long_rate: float
    short_rate: float

    def rings(self, least: int = LEAST_BAD) -> bool:
        """Tell whether both windows burn fast enough, on no fewer than so many that were bad."""
        both = min(self.long_rate, self.short_rate) >= self.pair.rate
        return both and self.long.bad >= least


def windows() -> tuple[timedelta, ...]:
    """List every window that is wanted, shortest first."""
    return tuple(sorted({each for pair in PAIRS for each in (pair.long, pair.short)}))


def burns(counts: Mapping[timedelta, Count], target: float) -> list[Burn]:
    """Tell how each pair stands for an objective whose good share is to be `target`."""
    budget = 1 - target
    made: list[Burn] = []
    for pair in PAIRS:
        long, short = counts.get(pair.long, Count()), counts.get(pair.short, Count())
        made.append(Burn(pair, long, short, long.share / budget, short.share / budget))
    return made


def within(steps: Sequence[tuple[datetime, Count]], now: datetime, window: timedelta) -> Count:
    """Add up the steps of a window that ends now; what a clock put into the future is left out."""
    total = Count()
    for at, count in steps:
        if now - window <= at <= now:
            total += count
    return total


def left(spent: Count, target: float) -> float:
    """Tell which part of a budget is left, from 1 down to 0 and below where it is overspent."""
    return 1.0 if spent.all == 0 else 1 - spent.share / (1 - target)

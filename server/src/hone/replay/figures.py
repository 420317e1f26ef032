"""What outcomes add up to, and how sure that is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hone.replay.simulation import Outcome

Read = Callable[[Sequence[Outcome]], float | None]


def percentile(values: Sequence[float], part: float) -> float | None:
    """Return a percentile, between neighbours by proportion; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _seconds(part: float) -> Read:
    return lambda found: percentile(
        [each.seconds for each in found if each.seconds is not None and each.timed], part
    )


def _first(part: float) -> Read:
    return lambda found: percentile(
        [each.first for each in found if each.first is not None and each.timed], part
    )


MEASURES: Final[dict[str, Read]] = {
    "cost": lambda found: sum(each.cost for each in found),
    "p50": _seconds(0.5),
    "p95": _seconds(0.95),
    "first_p50": _first(0.5),
    "first_p95": _first(0.95),
    "failed": lambda found: sum(each.failed is not None for each in found),
    "rescued": lambda found: sum(each.failed is None and each.tries > 1 for each in found),
    "cut": lambda found: sum(each.cut for each in found),
}
"""Each figure, by its name; a rescued call is one that another than the first model answered."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as it was, as it would have been, and between what that lies."""

    fact: float | None
    estimate: float | None
    low: float | None
    high: float | None


def measure(facts: Sequence[Outcome], runs: Sequence[Sequence[Outcome]]) -> dict[str, Measured]:
    """Reckon every figure: the estimate is of the first run, the range is that of all."""
    made: dict[str, Measured] = {}
    for name, read in MEASURES.items():
        found = [read(each) for each in runs]
        known = [each for each in found if each is not None]
        low, high = (min(known), max(known)) if known else (None, None)
        made[name] = Measured(read(facts) if facts else None, found[0], low, high)
    return made


@dataclass(frozen=True, slots=True)
class Part:
    """What one model has of the calls."""

    asked: int
    answered: int


def mix(outcomes: Sequence[Outcome]) -> dict[str, Part]:
    """Count for each model the calls that it was asked first, and those that it answered."""
    asked = Counter(each.asked for each in outcomes)
    answered = Counter(each.answered for each in outcomes)
    names = (asked.keys() | answered.keys()) - {None}
    return {name: Part(asked[name], answered[name]) for name in sorted(map(str, names))}

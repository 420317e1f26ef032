"""Where a series of days goes, with how sure that is: pure.

A line is laid through the median of all slopes between two days (Theil 1950, Sen 1968), which one bad
day does not move. How far what was measured lies from the line, by its median, gives the interval; it
widens with the distance as that of a straight line by least squares does. Whether there is a trend at
all is Mann's and Kendall's test (Kendall, Rank Correlation Methods, 1975), at 5 %.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final, Literal

LEAST: Final = 5
"""So many days are the least from which anything is foretold."""
_Z: Final = 1.959963984540054
_TO_DEVIATION: Final = 1.4826
"""A median distance times this is a standard deviation, if what is left is normal."""

Trend = Literal["rising", "falling", "steady", "unknown"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold for a day."""

    trend: Trend
    slope: float | None = None
    """Per step."""
    value: float | None = None
    low: float | None = None
    high: float | None = None


def forecast(points: Sequence[tuple[float, float]], ahead: float) -> Forecast:
    """Foretell `ahead` steps after the last point of (step, value), which come in order."""
    if len(points) < LEAST:
        return Forecast("unknown")
    slopes = [
        (other[1] - one[1]) / (other[0] - one[0])
        for one, other in combinations(points, 2)
        if other[0] != one[0]
    ]
    slope = median(slopes)
    level = median(y - slope * x for x, y in points)
    spread = _TO_DEVIATION * median(abs(y - level - slope * x) for x, y in points)
    at = points[-1][0] + ahead
    middle = sum(x for x, _ in points) / len(points)
    around = sum((x - middle) ** 2 for x, _ in points)
    reach = _Z * spread * math.sqrt(1 + 1 / len(points) + (at - middle) ** 2 / around)
    value = level + slope * at
    return Forecast(_trend([y for _, y in points]), slope, value, value - reach, value + reach)


def _trend(values: Sequence[float]) -> Trend:
    score = sum(_sign(later - sooner) for sooner, later in combinations(values, 2))
    n = len(values)
    ties: dict[float, int] = {}
    for each in values:
        ties[each] = ties.get(each, 0) + 1
    variance = (
        n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties.values())
    ) / 18
    if variance <= 0 or score == 0:
        return "steady"
    z = (score - _sign(score)) / math.sqrt(variance)
    if abs(z) < _Z:
        return "steady"
    return "rising" if z > 0 else "falling"


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)

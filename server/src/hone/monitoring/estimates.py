"""Shares and means with their intervals: pure."""

import math
from dataclasses import dataclass
from typing import Final

Z: Final = 1.959963984540054
"""Of 95 %."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and where it may really be; None where nothing was measured."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


NOTHING: Final = Estimate()


def share(part: int, whole: int, z: float = Z) -> Estimate:
    """Estimate a share; its interval is Wilson's (JASA 1927), which holds where counts are small."""
    if whole <= 0:
        return NOTHING
    part = min(max(part, 0), whole)
    rate, z2 = part / whole, z * z
    middle = (rate + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = z * math.sqrt(rate * (1 - rate) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    low = 0.0 if part == 0 else max(0.0, middle - reach)
    high = 1.0 if part == whole else min(1.0, middle + reach)
    return Estimate(rate, low, high, whole)


def percent(value: float | None, digits: int | None = None) -> str:
    """Write a share as people read it: to a tenth of a percent, or to at most so many digits."""
    if value is None:
        return "not known"
    written = f"{value * 100:.{1 if digits is None else digits}f}"
    if float(written) == 0 and value > 0:
        written = f"{value * 100:.2g}"
    elif float(written) == 100 and value < 1:
        # What is nearly everything is not everything.
        written = f"{min(99.9999, value * 100):.6g}"
    elif digits is None:
        return f"{written} %"
    return f"{written.rstrip('0').rstrip('.') if '.' in written else written} %"

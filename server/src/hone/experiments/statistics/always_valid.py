"""Intervals that hold at every moment at once, however often somebody looks.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (Time-uniform
central limit theory, arXiv 2103.06476): equations 9 and 155 for two sides, and the one-sided form. All is told
in standard errors, as multiples that take the place of 1.96. A sequence is narrowest around
`planned` units; it holds at any other number, only wider. It is asymptotic: `FEWEST` units of each
arm must be there before it decides.
"""

from math import exp, expm1, inf, log, sqrt
from typing import Final

FEWEST: Final = 100
"""Units of an arm before its mean is normal enough to decide by."""
PLANNED: Final = 5000
"""Units of both arms together for which a sequence is narrowest, where nothing was planned."""


def weight(n: int, planned: int, alpha: float) -> float:
    """Return n times the square of the mixture's scale, which is best at the planned number.

    The closed form for the tuning is equation 161 of Waudby-Smith et al.
    """
    deep = -2 * log(alpha)
    return n * (deep + log(deep + 1)) / planned


def two_sided(n: int, planned: int, alpha: float) -> float:
    """Return how many standard errors an interval reaches to each side, after n units in all."""
    if n <= 0:
        return inf
    held = weight(n, planned, alpha)
    return sqrt(2 * (held + 1) / held * log(sqrt(held + 1) / alpha))


def two_sided_p(z: float, n: int, planned: int, alpha: float) -> float:
    """Return a p-value that holds at all times: below alpha exactly where the interval is off 0."""
    if n <= 0:
        return 1.0
    held = weight(n, planned, alpha)
    return min(1.0, sqrt(held + 1) * exp(-z * z * held / (2 * (held + 1))))


def one_sided(n: int, planned: int, alpha: float) -> float:
    """Return how many standard errors a bound of one side lies off, after n units in all."""
    if n <= 0:
        return inf
    held = weight(n, planned, 2 * alpha)
    return sqrt(2 * (held + 1) / held * log(1 + sqrt(held + 1) / (2 * alpha)))


def one_sided_p(z: float, n: int, planned: int, alpha: float) -> float:
    """Return a p-value that holds at all times for a difference above 0: z standard errors."""
    if n <= 0 or z <= 0:
        return 1.0
    held = weight(n, planned, 2 * alpha)
    deep = z * z * held / (2 * (held + 1))
    return min(1.0, sqrt(held + 1) / (2 * expm1(deep))) if deep < 700 else 0.0

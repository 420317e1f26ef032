"""Tails of the normal, Student's t and chi-square distributions, without a numerical library.

The incomplete beta and gamma functions are continued fractions and a series as in the NIST Digital
Library of Mathematical Functions (8.11.4, 8.9.2, 8.17.22), good to about 1e-13.
"""

from math import erfc, exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
_ROOT: Final = sqrt(2.0)
_TINY: Final = 1e-300
_CLOSE: Final = 1e-15
_MOST: Final = 500


def normal_above(z: float) -> float:
    """Return the chance that a standard normal number is above z."""
    return 0.5 * erfc(z / _ROOT)


def normal_quantile(chance: float) -> float:
    """Return what a standard normal number stays below with that chance."""
    return _NORMAL.inv_cdf(chance)


def normal_critical(above: float) -> float:
    """Return what a standard normal number is above with that chance, however small."""
    if above < 1e-300:
        return inf
    return -_NORMAL.inv_cdf(above)


def student_above(t: float, freedom: float) -> float:
    """Return the chance that Student's t with so many degrees of freedom is above t."""
    if freedom > 1e7:
        return normal_above(t)
    half = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
    return half if t >= 0 else 1 - half


def student_critical(above: float, freedom: float) -> float:
    """Return what Student's t is above with that chance (of at most a half)."""
    low, high = 0.0, max(2.0, normal_critical(above))
    while student_above(high, freedom) > above:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if student_above(middle, freedom) > above:
            low = middle
        else:
            high = middle
        if high - low <= _CLOSE * high:
            break
    return (low + high) / 2


def chi_square_above(value: float, freedom: int) -> float:
    """Return the chance that chi-square with so many degrees of freedom is above a value."""
    if value <= 0:
        return 1.0
    half, at = freedom / 2, value / 2
    front = exp(half * log(at) - at - lgamma(half))
    if at < half + 1:
        return max(0.0, 1 - front * _series(half, at))
    return min(1.0, front * _upper_fraction(half, at))


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    for step in range(1, 10 * _MOST):
        term *= at / (shape + step)
        total += term
        if term < total * _CLOSE:
            break
    return total


def _upper_fraction(shape: float, at: float) -> float:
    """Lentz's method for Legendre's continued fraction of the upper incomplete gamma function."""
    below = at + 1 - shape
    first, ratio = 1 / _TINY, 1 / below
    made = ratio
    for step in range(1, _MOST):
        part = -step * (step - shape)
        below += 2
        ratio = 1 / _far(part * ratio + below)
        first = _far(below + part / first)
        change = first * ratio
        made *= change
        if abs(change - 1) < _CLOSE:
            break
    return made


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    first, ratio = 1.0, 1 / _far(1 - (a + b) * x / (a + 1))
    made = ratio
    for step in range(1, _MOST):
        twice = a + 2 * step
        even = step * (b - step) * x / ((twice - 1) * twice)
        odd = -(a + step) * (a + b + step) * x / (twice * (twice + 1))
        change = 1.0
        for part in (even, odd):
            ratio = 1 / _far(1 + part * ratio)
            first = _far(1 + part / first)
            change = ratio * first
            made *= change
        if abs(change - 1) < _CLOSE:
            break
    return made


def _far(value: float) -> float:
    """Keep a divisor away from 0."""
    return value if abs(value) > _TINY else _TINY


def log_beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)

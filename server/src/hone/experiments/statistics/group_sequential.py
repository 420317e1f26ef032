"""Bounds for a planned number of looks, which spend the chance of a false alarm little by little.

Lan and DeMets (Biometrika 70, 1983): how much may be spent by when is fixed, how often one looks is
not. Chances of crossing come from the recursive integration of Armitage, McPherson and Rowe on the grid
of Jennison and Turnbull (Group Sequential Methods, 2000, chapter 19).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import e, erfc, exp, inf, log, pi, sqrt
from typing import Final

from hone.experiments.statistics.distributions import normal_above, normal_critical

_FINE: Final = 24
_COARSE: Final = 8
_ROOT: Final = sqrt(2.0)
_NEAREST: Final = 0.005
"""Looks closer than that, in parts of what was planned, are one look."""
_LEVELS: Final = (1e-10, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95)


class Spending(StrEnum):
    """How the chance of a false alarm is spent over time."""

    OBRIEN_FLEMING = "obrien_fleming"
    """Nearly nothing early, nearly all at the end: the last look is almost as sharp as a single one."""
    POCOCK = "pocock"
    """Evenly: early stops are more likely, the end is dearer."""


def spent(alpha: float, time: float, spending: Spending) -> float:
    """Return what may be spent of one side's alpha by a part of the planned units.

    Lan and DeMets' functions that come near to O'Brien and Fleming's, and to Pocock's bounds.
    """
    if time <= 0:
        return 0.0
    if time >= 1:
        return alpha
    if spending is Spending.OBRIEN_FLEMING:
        return 2 * normal_above(normal_critical(alpha / 2) / sqrt(time))
    return alpha * log(1 + (e - 1) * time)


@dataclass(frozen=True, slots=True)
class Sub:
    """The density of a path that has crossed nothing so far: points of z, each with its mass."""

    time: float
    points: tuple[float, ...]
    masses: tuple[float, ...]

    def above(self, bound: float, time: float, drift: float = 0.0) -> float:
        """Return the chance to be above a bound at a later time, with a drift at time 1."""
        if not self.points:
            return normal_above(bound - drift * sqrt(time))
        step = sqrt(time - self.time)
        reach, root = bound * sqrt(time), sqrt(self.time)
        scale = step * _ROOT
        shift = drift * (time - self.time)
        if not drift:
            return 0.5 * sum(
                mass * erfc((reach - z * root) / scale)
                for z, mass in zip(self.points, self.masses, strict=True)
            )
        fall = drift * drift * self.time / 2
        return 0.5 * sum(
            mass * exp(drift * root * z - fall) * erfc((reach - shift - z * root) / scale)
            for z, mass in zip(self.points, self.masses, strict=True)
        )

    def after(self, bound: float, time: float, fineness: int) -> "Sub":
        """Go on to a later time with the paths that stay between plus and minus a bound."""
        points, weights = _grid(bound, fineness)
        kernel = self._density if self.points else _normal
        half = len(points) // 2
        # Both sides are the same: the right one is reckoned, and turned over.
        right = [weights[half + k] * kernel(z, time) for k, z in enumerate(points[half:])]
        return Sub(time, points, (*right[:0:-1], *right))

    def _density(self, z: float, time: float) -> float:
        """Return the density of z at a later time."""
        gap, at = 2 * (time - self.time), z * sqrt(time)
        old = sqrt(self.time)
        parts = [
            mass * exp(-((at - was * old) ** 2) / gap)
            for was, mass in zip(self.points, self.masses, strict=True)
        ]
        return sqrt(time / (pi * gap)) * sum(parts)


def _normal(z: float, _: float) -> float:
    return exp(-z * z / 2) / sqrt(2 * pi)


START: Final = Sub(0.0, (), ())


@lru_cache(maxsize=256)
def _grid(bound: float, fineness: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points between plus and minus a bound and Simpson's weights for them; dense in the middle."""
    r = fineness
    tail = [3 + 4 * log(r / each) for each in range(1, r)]
    middle = [-3 + 3 * each / (2 * r) for each in range(4 * r + 1)]
    wide = [-each for each in tail] + middle + list(reversed(tail))
    inside = [each for each in wide if -bound < each < bound]
    ends = [-bound, *inside, bound] if bound < wide[-1] else inside
    points = [ends[0]]
    for left, right in pairwise(ends):
        points += [(left + right) / 2, right]
    weights = [0.0] * len(points)
    for place in range(0, len(points) - 2, 2):
        sixth = (points[place + 2] - points[place]) / 6
        weights[place] += sixth
        weights[place + 1] += 4 * sixth
        weights[place + 2] += sixth
    return tuple(points), tuple(weights)


@lru_cache(maxsize=512)
def bounds(
    times: tuple[float, ...],
    alpha: float,
    spending: Spending = Spending.OBRIEN_FLEMING,
    fineness: int = _FINE,
) -> tuple[float, ...]:
    """Return the bound of |z| at each look, given at which parts of the planned units they were.

    Two-sided: half of alpha is for each side. A look has an infinite bound where there is nothing left
    to spend: too close to the one before, or after the planned end.
    """
    if not times:
        return ()
    before, sub, paid = _walked(times[:-1], alpha, spending, fineness)
    chance = spent(alpha / 2, times[-1], spending) - paid
    if chance < 1e-14 or times[-1] - sub.time < _NEAREST:
        return (*before, inf)
    return (*before, _solve(sub, times[-1], chance))


@lru_cache(maxsize=1024)
def _walked(
    times: tuple[float, ...], alpha: float, spending: Spending, fineness: int
) -> tuple[tuple[float, ...], Sub, float]:
    """Return the bounds so far, the paths that crossed none of them, and what is spent.

    A new look goes on from the one before, which is kept.
    """
    if not times:
        return (), START, 0.0
    _, sub, paid = _walked(times[:-1], alpha, spending, fineness)
    found = bounds(times, alpha, spending, fineness)
    if found[-1] == inf:
        return found, sub, paid
    time = times[-1]
    return found, sub.after(found[-1], time, fineness), spent(alpha / 2, time, spending)


def _solve(sub: Sub, time: float, chance: float) -> float:
    """Find the bound that is crossed with a given chance."""
    low, high = -2.0, 12.0
    while high - low > 1e-10:
        middle = (low + high) / 2
        if sub.above(middle, time) > chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def crossing(times: Sequence[float], limits: Sequence[float], drift: float = 0.0) -> float:
    """Return the chance to cross the upper bound at any look before the lower one.

    `drift` is the expected z at time 1.
    """
    sub, total = START, 0.0
    for time, limit in zip(times, limits, strict=True):
        if limit == inf:
            continue
        total += sub.above(limit, time, drift)
        sub = sub.after(limit, time, _FINE)
    return total


def p_value(
    z: float, times: tuple[float, ...], alpha: float, spending: Spending = Spending.OBRIEN_FLEMING
) -> float:
    """Return the smallest alpha at which the last look would have crossed its bound.

    This is the repeated p-value of Jennison and Turnbull (chapter 9): at most alpha exactly where |z| is
    beyond the bound. Between the levels that are reckoned it is interpolated.
    """
    if bounds(times, alpha, spending)[-1] == inf:
        return 1.0
    crossed = abs(z) >= _bound(times, alpha, alpha, spending)
    levels = sorted({*_LEVELS, alpha}, reverse=crossed)
    last = alpha
    for level in levels[levels.index(alpha) + 1 :]:
        if (abs(z) >= _bound(times, level, alpha, spending)) is not crossed:
            return _between(z, times, (last, level), alpha, spending)
        last = level
    return last if crossed else 1.0


def _bound(times: tuple[float, ...], level: float, alpha: float, spending: Spending) -> float:
    """Return the bound of the last look at a level: exactly at alpha, nearly at others."""
    return bounds(times, level, spending, _FINE if level == alpha else _COARSE)[-1]


def _between(
    z: float,
    times: tuple[float, ...],
    levels: tuple[float, float],
    alpha: float,
    spending: Spending,
) -> float:
    """Interpolate the logarithm of the level over the square of the bound."""
    strict, loose = sorted(levels)
    wide, narrow = (_bound(times, each, alpha, spending) for each in (strict, loose))
    if wide == inf:
        return loose
    wide, narrow = wide * abs(wide), narrow * abs(narrow)
    part = (wide - z * z) / (wide - narrow) if wide > narrow else 1.0
    return exp(log(strict) + (log(loose) - log(strict)) * part)


@lru_cache(maxsize=64)
def drift_needed(looks: int, alpha: float, power: float, spending: Spending) -> float:
    """Return the expected z at the planned end that evenly spaced looks find with a given power."""
    times = tuple(each / looks for each in range(1, looks + 1))
    limits = bounds(times, alpha, spending)
    subs, sub = list[tuple[Sub, float, float]](), START
    for time, limit in zip(times, limits, strict=True):
        if limit < inf:
            subs.append((sub, time, limit))
            sub = sub.after(limit, time, _FINE)
    low, high = 0.0, 12.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if sum(each.above(limit, time, middle) for each, time, limit in subs) < power:
            low = middle
        else:
            high = middle
    return (low + high) / 2

"""Bounds below which it is not worth going on, which spend the chance of a miss little by little.

As Lan and DeMets spend the chance of a false alarm (`group_sequential`), so the chance to miss an effect of the size
that one looks for is spent over the looks (Pampallona, Tsiatis and Kim, Interim monitoring of group sequential trials
using spending functions for the type I and type II error probabilities, Drug Information Journal 35, 2001). The
bounds are not binding: those that show a difference are reckoned as if nobody stopped for futility, so whoever
goes on below one makes no more false alarms.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import erfc, exp, inf, log, pi, sqrt
from typing import Final, NamedTuple

from hone.experiments.statistics.distributions import normal_critical
from hone.experiments.statistics.group_sequential import Spending, bounds, spent

_ROOT: Final = sqrt(2.0)
_LEAST, _MOST = -12.0, 12.0
Spend = Callable[[float], float]
"""What may be spent by a part of the planned units."""


class Futility(NamedTuple):
    """Lower bounds of z at each look; the last one is where a difference is shown."""

    bounds: tuple[float, ...]
    limits: tuple[float, ...]
    """What shows a difference."""
    drift: float
    """The z that is expected at the planned end, if there is the effect that such a plan finds."""


class _Paths(NamedTuple):
    """The density of z, with a drift, of paths that crossed neither bound so far."""

    time: float
    drift: float
    points: tuple[float, ...]
    masses: tuple[float, ...]

    def below(self, bound: float, time: float) -> float:
        """Return the chance to be below a bound at a later time."""
        shift = bound * sqrt(time) - self.drift * (time - self.time)
        scale, root = sqrt(time - self.time) * _ROOT, sqrt(self.time)
        return 0.5 * sum(
            mass * erfc((z * root - shift) / scale)
            for z, mass in zip(self.points, self.masses, strict=True)
        )

    def between(self, low: float, high: float, time: float, fineness: int) -> "_Paths":
        """Go on to a later time with the paths that stay between two bounds."""
        points, weights = _grid(low, high, self.drift * sqrt(time), fineness)
        gap, root = 2 * (time - self.time), sqrt(self.time)
        moved = [z * root + self.drift * (time - self.time) for z in self.points]
        scale = sqrt(time / (pi * gap))
        masses: list[float] = []
        for z, weight in zip(points, weights, strict=True):
            at = z * sqrt(time)
            parts = (
                mass * exp(-((at - was) ** 2) / gap)
                for was, mass in zip(moved, self.masses, strict=True)
            )
            masses.append(weight * scale * sum(parts))
        return _Paths(time, self.drift, points, tuple(masses))


def _grid(
    low: float, high: float, middle: float, fineness: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points between two bounds, dense around the middle, and Simpson's weights for them."""
    r = fineness
    tail = [3 + 4 * log(r / each) for each in range(1, r)]
    near = [-3 + 3 * each / (2 * r) for each in range(4 * r + 1)]
    wide = [middle + each for each in (*(-far for far in tail), *near, *reversed(tail))]
    low, high = max(low, wide[0]), min(high, wide[-1])
    ends = [low, *(each for each in wide if low < each < high), high]
    points, weights = [ends[0]], [0.0]
    for left, right in pairwise(ends):
        sixth = (right - left) / 6
        weights[-1] += sixth
        points += [(left + right) / 2, right]
        weights += [4 * sixth, sixth]
    return tuple(points), tuple(weights)


def lower(
    times: Sequence[float], limits: Sequence[float], spend: Spend, drift: float, fineness: int = 24
) -> tuple[float, ...]:
    """Return the bound of z at each look below which so much of the misses is spent, under a drift.

    `limits` are the upper bounds. A bound that would lie above its limit is the limit.
    """
    found, paths, paid = _until(times, limits, spend, drift, fineness)
    return (*found, min(limits[-1], _solve(paths, times[-1], spend(times[-1]) - paid)))


def _until(
    times: Sequence[float], limits: Sequence[float], spend: Spend, drift: float, fineness: int
) -> tuple[tuple[float, ...], _Paths, float]:
    """Walk to the last look: the bounds before it, the paths that come to it, and what is spent."""
    paths, paid = _Paths(0.0, drift, (0.0,), (1.0,)), 0.0
    found: list[float] = []
    for time, limit in zip(times[:-1], limits, strict=False):
        bound = min(limit, _solve(paths, time, spend(time) - paid))
        found.append(bound)
        paths, paid = paths.between(bound, limit, time, fineness), spend(time)
    return tuple(found), paths, paid


def _solve(paths: _Paths, time: float, chance: float) -> float:
    """Find the bound below which so much lies."""
    if chance <= 0:
        return -inf
    low, high = _LEAST, _MOST
    while high - low > 1e-9:
        middle = (low + high) / 2
        if paths.below(middle, time) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def design(
    times: Sequence[float], limits: Sequence[float], spend: Spend, fineness: int = 24
) -> Futility:
    """Find the drift with which both bounds meet at the planned end, so that all of the misses are spent there."""

    def left(drift: float) -> float:
        """What is not spent at the end, where all that is not above its limit is a miss."""
        _, paths, paid = _until(times, limits, spend, drift, fineness)
        return spend(times[-1]) - paid - paths.below(limits[-1], times[-1])

    # What a single look needs; several need some more.
    before = limits[-1] + normal_critical(spend(times[-1]))
    now = before + 0.1
    was, told = left(before), left(now)
    while abs(now - before) > 1e-8 and was != told:
        before, now = now, now - told * (now - before) / (told - was)
        was, told = told, left(now)
    return Futility(lower(times, limits, spend, now, fineness), tuple(limits), now)


@lru_cache(maxsize=64)
def planned(looks: int, alpha: float, power: float, fineness: int = 8) -> Futility:
    """Return the bounds of evenly spaced looks by O'Brien and Fleming's spending, of false alarms and of misses."""
    times = tuple(each / looks for each in range(1, looks + 1))
    limits = bounds(times, alpha)
    miss = 1 - power
    return design(times, limits, lambda time: spent(miss, time, Spending.OBRIEN_FLEMING), fineness)

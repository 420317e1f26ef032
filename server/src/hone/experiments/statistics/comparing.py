"""Two arms, one metric: how much they differ, how sure that is, and by which method."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from typing import Final

from hone.experiments.statistics import always_valid, group_sequential
from hone.experiments.statistics.adjusting import Cuped, cuped, cuped_ratio
from hone.experiments.statistics.distributions import (
    normal_above,
    normal_critical,
    student_above,
    student_critical,
)
from hone.experiments.statistics.group_sequential import Spending
from hone.experiments.statistics.moments import Estimate, Kind, Moments, estimate, shown

FEWEST_EVENTS: Final = 10
"""Successes and failures of each arm before a proportion is adjusted as a mean is."""

_SHARES: Final = {Kind.PROPORTION, Kind.RATE}


class Method(StrEnum):
    """When one may look, and what that costs."""

    FIXED = "fixed"
    """Once, at the end. Looking earlier and stopping makes false alarms."""
    SEQUENTIAL = "sequential"
    """At some looks on the way to a planned number of units: the sharpest that may stop early."""
    ALWAYS_VALID = "always_valid"
    """At any time, without a plan. Dearer: about twice the units."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where an experiment is on its way: what was planned, and when somebody looked.

    `seen` holds the units of both arms at each look so far, this one last. For `SEQUENTIAL` these are
    the looks that could have stopped the experiment; for the others only `planned` counts: where
    `ALWAYS_VALID` is narrowest, and before which `FIXED` decides nothing.
    """

    planned: int
    """Units of both arms together at the planned end."""
    seen: tuple[int, ...] = ()
    spending: Spending = Spending.OBRIEN_FLEMING

    def __post_init__(self) -> None:
        """Refuse a plan without units."""
        if self.planned < 1:
            raise ValueError("a plan has at least one unit")

    def times(self, now: int) -> tuple[float, ...]:
        """Return each look's part of what was planned; this look only, where none was kept."""
        seen = self.seen or (now,)
        return tuple(each / self.planned for each in seen)

    def due(self, now: int, looks: int = 10) -> bool:
        """Tell whether the next of evenly planned looks has come, after those in `seen`."""
        last = self.seen[-1] if self.seen else 0
        return min(now, self.planned) * looks // self.planned > last * looks // self.planned


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure may be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How a treatment differs from the control: treatment less control, in the metric's unit."""

    control: float | None
    """The control's plain mean."""
    treatment: float | None
    control_n: int
    treatment_n: int
    difference: float
    """After CUPED, where that was used."""
    low: float | None
    """The interval's ends; None where there is nothing to tell them by, or no look is left."""
    high: float | None
    standard_error: float
    p: float
    """By this method: for sequential ones it holds at this look, or at all times."""
    significant: bool
    enough: bool
    """There are units enough for the method to decide: as many as planned, for a fixed one."""
    relative: Interval | None
    """The difference in parts of the control's mean; None where that mean may be 0."""
    method: Method
    alpha: float
    cuped: Cuped


@dataclass(frozen=True, slots=True)
class _Ruler:
    """A method, set to a state of the experiment: how many errors an interval reaches, and p of a z."""

    reach: float
    p: Callable[[float], float]


def compare(
    control: Moments,
    treatment: Moments,
    *,
    kind: Kind | str = Kind.MEAN,
    method: Method | str = Method.FIXED,
    alpha: float = 0.05,
    relative: bool = True,
    look: Look | None = None,
) -> Effect:
    """Compare a treatment with the control, two-sided.

    Means and ratios use Welch's t; proportions the interval of Agresti and Caffo; sequential methods
    put their own bound in the place of the quantile. CUPED is used where both have a covariate. The
    relative interval is Fieller's: it lies off 0 exactly where the difference's does.
    """
    kind, method = Kind(kind), Method(method)
    ends = _estimates(control, treatment, kind)
    if ends is None or ends[0].variance + ends[1].variance <= 0:
        return _untold(control, treatment, kind, method, alpha)
    one, other, used = ends
    error = sqrt(one.variance + other.variance)
    ruler = _ruler(one, other, kind, method, alpha, look)
    enough = _enough(control, treatment, method, look)
    told = ruler.reach < inf
    middle = other.mean - one.mean
    plain = _difference(control, treatment, kind)
    difference = middle if used.used or plain is None else plain
    chance = ruler.p(middle / error)
    reach = ruler.reach * error
    return Effect(
        control=shown(control, kind),
        treatment=shown(treatment, kind),
        control_n=control.n,
        treatment_n=treatment.n,
        difference=difference,
        low=_least(min(difference, middle - reach), kind) if told else None,
        high=_most(max(difference, middle + reach), kind) if told else None,
        standard_error=error,
        p=chance,
        significant=enough and abs(middle) > reach,
        enough=enough,
        relative=fieller(one, other, ruler.reach) if relative and told else None,
        method=method,
        alpha=alpha,
        cuped=used,
    )


def _enough(control: Moments, treatment: Moments, method: Method, look: Look | None) -> bool:
    if method is Method.FIXED:
        return look is None or control.n + treatment.n >= look.planned
    return min(control.n, treatment.n) >= always_valid.FEWEST


def _least(value: float, kind: Kind) -> float:
    return max(-1.0, value) if kind in _SHARES else value


def _most(value: float, kind: Kind) -> float:
    return min(1.0, value) if kind in _SHARES else value


def _difference(control: Moments, treatment: Moments, kind: Kind) -> float | None:
    one, other = shown(control, kind), shown(treatment, kind)
    return None if one is None or other is None else other - one


def _estimates(
    control: Moments, treatment: Moments, kind: Kind
) -> tuple[Estimate, Estimate, Cuped] | None:
    if _adjustable(control, treatment, kind):
        made = cuped_ratio(control, treatment) if kind.paired else cuped(control, treatment)
        if made[2].used or kind is Kind.MEAN:
            return made
    one, other = estimate(control, kind), estimate(treatment, kind)
    if one is None or other is None or not control.n or not treatment.n:
        return None
    return one, other, Cuped(used=False)


def _adjustable(control: Moments, treatment: Moments, kind: Kind) -> bool:
    both = (control, treatment)
    known = (each.before_squares if kind.paired else each.covariate_squares for each in both)
    if any(each.n < 2 for each in both) or min(known) <= 0:
        return False
    whole = ((each.covariate if kind.paired else each.n, each.total) for each in both)
    return kind not in _SHARES or all(
        min(total, most - total) >= FEWEST_EVENTS for most, total in whole
    )


def _ruler(
    one: Estimate, other: Estimate, kind: Kind, method: Method, alpha: float, look: Look | None
) -> _Ruler:
    n = one.n + other.n
    if method is Method.ALWAYS_VALID:
        planned = look.planned if look else always_valid.PLANNED
        return _Ruler(
            always_valid.two_sided(n, planned, alpha),
            lambda z: always_valid.two_sided_p(z, n, planned, alpha),
        )
    if method is Method.SEQUENTIAL:
        look = look or Look(planned=n)
        times, spending = look.times(n), look.spending
        return _Ruler(
            group_sequential.bounds(times, alpha, spending)[-1],
            lambda z: group_sequential.p_value(z, times, alpha, spending),
        )
    if kind is Kind.PROPORTION:
        return _Ruler(normal_critical(alpha / 2), lambda z: 2 * normal_above(abs(z)))
    freedom = _freedom(one, other)
    return _Ruler(
        student_critical(alpha / 2, freedom), lambda z: 2 * student_above(abs(z), freedom)
    )


def _freedom(one: Estimate, other: Estimate) -> float:
    """Welch and Satterthwaite's degrees of freedom."""
    part = one.variance / (one.variance + other.variance)
    return 1 / (part * part / max(1, one.n - 1) + (1 - part) ** 2 / max(1, other.n - 1))


def fieller(control: Estimate, treatment: Estimate, reach: float) -> Interval | None:
    """Return the relative difference with Fieller's interval; None where the control may be 0.

    Fieller, Some problems in interval estimation, Journal of the Royal Statistical Society B 16, 1954.
    """
    one, other = control.mean, treatment.mean
    wide = reach * reach
    lead = one * one - wide * control.variance
    if lead <= 0:
        return None
    root = one * one * other * other - lead * (other * other - wide * treatment.variance)
    spread = sqrt(max(0.0, root)) / lead
    middle = one * other / lead
    low, high = middle - spread - 1, middle + spread - 1
    value = other / one - 1
    if one < 0:
        low, high, value = -high, -low, -value
    return Interval(value, min(low, value), max(high, value))


def _untold(
    control: Moments, treatment: Moments, kind: Kind, method: Method, alpha: float
) -> Effect:
    """Tell that nothing can be told: too few units, or none of them differs from another."""
    return Effect(
        control=shown(control, kind),
        treatment=shown(treatment, kind),
        control_n=control.n,
        treatment_n=treatment.n,
        difference=_difference(control, treatment, kind) or 0.0,
        low=None,
        high=None,
        standard_error=0.0,
        p=1.0,
        significant=False,
        enough=False,
        relative=None,
        method=method,
        alpha=alpha,
        cuped=Cuped(used=False),
    )

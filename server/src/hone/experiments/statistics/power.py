"""How many units an experiment needs, and how many days that takes."""

from dataclasses import dataclass
from math import ceil, inf, sqrt

from hone.experiments.statistics import always_valid
from hone.experiments.statistics.comparing import Method
from hone.experiments.statistics.distributions import normal_critical
from hone.experiments.statistics.group_sequential import Spending, drift_needed
from hone.experiments.statistics.moments import Kind, Moments, estimate, shown


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the control does today."""

    mean: float
    variance: float
    """Of one unit."""

    @classmethod
    def proportion(cls, share: float) -> "Baseline":
        """Return the baseline of a proportion."""
        return cls(share, share * (1 - share))

    @classmethod
    def of(cls, moments: Moments, kind: Kind | str) -> "Baseline | None":
        """Take it from what was seen; None where that is too little."""
        kind = Kind(kind)
        found, mean = estimate(moments, kind), shown(moments, kind)
        if found is None or mean is None:
            return None
        if kind is Kind.PROPORTION:
            return cls.proportion(mean)
        return cls(mean, found.variance * found.n)


def units_needed(
    baseline: Baseline,
    effect: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    kind: Kind | str = Kind.MEAN,
    method: Method | str = Method.SEQUENTIAL,
    looks: int = 10,
    ratio: float = 1.0,
    spending: Spending = Spending.OBRIEN_FLEMING,
) -> int:
    """Return the units of the control that find an effect with a given power, two-sided.

    `effect` is absolute, in the metric's unit; `ratio` is treatment units for each unit of control.
    Proportions by Fleiss, Levin and Paik (Statistical methods for rates and proportions, 2003, 4.14),
    means by the normal approximation. `SEQUENTIAL` multiplies by what its looks cost (Jennison and
    Turnbull, chapter 7); `ALWAYS_VALID` asks for the power at that number of units, and so has a little
    more. Raises ValueError for an effect of 0 and a proportion that leaves 0 to 1.
    """
    kind, method = Kind(kind), Method(method)
    if not effect:
        raise ValueError("an effect of 0 is never found")
    beyond = _beyond(alpha, power, method, looks, ratio, spending)
    if kind is Kind.PROPORTION:
        return ceil(_proportions(baseline.mean, effect, alpha, power, ratio) * beyond - 1e-9)
    needed = normal_critical(alpha / 2) + normal_critical(1 - power)
    spread = baseline.variance * (1 + 1 / ratio)
    return max(2, ceil(needed**2 * spread / effect**2 * beyond - 1e-9))


def _proportions(one: float, effect: float, alpha: float, power: float, ratio: float) -> float:
    other = one + effect
    if not (0 <= one <= 1 and 0 <= other <= 1):
        raise ValueError("a proportion lies between 0 and 1, with the effect too")
    pooled = (one + ratio * other) / (1 + ratio)
    null = sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    apart = sqrt(one * (1 - one) + other * (1 - other) / ratio)
    reach = normal_critical(alpha / 2) * null + normal_critical(1 - power) * apart
    return (reach / effect) ** 2


def _beyond(
    alpha: float, power: float, method: Method, looks: int, ratio: float, spending: Spending
) -> float:
    """Return how many times the units of a single look a method needs."""
    needed = normal_critical(alpha / 2) + normal_critical(1 - power)
    if method is Method.FIXED:
        return 1.0
    if method is Method.SEQUENTIAL:
        return (drift_needed(looks, alpha, power, spending) / needed) ** 2
    # A sequence that was tuned to the planned units is this wide when they have come.
    reach = always_valid.two_sided(1, 1, alpha) + normal_critical(1 - power)
    return (reach / needed) ** 2


def days_needed(units: int, per_day: float, share: float = 1.0) -> float:
    """Return the days until an arm has its units; `per_day` counts units never seen before, of all arms.

    Infinite where nobody comes.
    """
    arriving = per_day * share
    return units / arriving if arriving > 0 else inf

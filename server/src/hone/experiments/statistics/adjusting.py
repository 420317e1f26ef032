"""CUPED: what was known of a unit before it took part explains part of how it does, and is taken out.

Deng, Xu, Kohavi and Walker, Improving the sensitivity of online controlled experiments by utilizing
pre-experiment data, WSDM 2013.
"""

from dataclasses import dataclass

from hone.experiments.statistics.moments import Estimate, Moments

FEWEST = 30
"""Units of each arm before a slope is worth anything."""


@dataclass(frozen=True, slots=True)
class Cuped:
    """Whether a covariate was used, and what it was worth."""

    used: bool
    theta: float = 0.0
    """The slope of value on covariate."""
    variance_reduction: float = 0.0
    """The part of the difference's variance that is gone, 0 to 1: 0.5 is worth twice the units."""


def slope(arms: tuple[Moments, ...]) -> float:
    """Return the slope within arms, as the regression of value on arm and covariate finds it."""
    above = sum(each.covariance * (each.n - 1) for each in arms)
    below = sum(each.covariate_variance * (each.n - 1) for each in arms)
    return above / below if below > 0 else 0.0


def cuped(control: Moments, treatment: Moments) -> tuple[Estimate, Estimate, Cuped]:
    """Estimate both means as if both arms had had the same units before.

    The covariate must not be touched by the arm: take it from before a unit's first exposure, and 0 (or
    the mean) for a unit that was not there yet. Where there are fewer than `FEWEST` units in an arm, or
    nothing is explained, both stay as they are.
    """
    arms = (control, treatment)
    plain = tuple(Estimate(each.mean, each.variance / each.n, each.n) for each in arms)
    theta = slope(arms) if min(control.n, treatment.n) >= FEWEST else 0.0
    centre = (control.covariate + treatment.covariate) / (control.n + treatment.n)
    made = tuple(_adjusted(each, theta, centre) for each in arms)
    before, after = (sum(each.variance for each in both) for both in (plain, made))
    if not theta or after >= before:
        return plain[0], plain[1], Cuped(used=False)
    return made[0], made[1], Cuped(True, theta, 1 - after / before)


def _adjusted(arm: Moments, theta: float, centre: float) -> Estimate:
    mean = arm.mean - theta * (arm.covariate_mean - centre)
    around = arm.variance - 2 * theta * arm.covariance + theta * theta * arm.covariate_variance
    return Estimate(mean, max(0.0, around) / arm.n, arm.n)

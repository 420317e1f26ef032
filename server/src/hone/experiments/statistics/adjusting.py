"""CUPED: what was known of a unit before it took part explains part of how it does, and is taken out.

Deng, Xu, Kohavi and Walker, Improving the sensitivity of online controlled experiments by utilizing
pre-experiment data, WSDM 2013. Of a ratio, what a unit adds to it takes the place of its value (there, appendix B).
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


def cuped(control: Moments, treatment: Moments) -> tuple[Estimate, Estimate, Cuped]:
    """Estimate both means as if both arms had had the same units before.

    The covariate must not be touched by the arm: take it from before a unit's first exposure, and 0 (or
    the mean) for a unit that was not there yet. Where there are fewer than `FEWEST` units in an arm, or
    nothing is explained, both stay as they are.
    """
    return _both(_Line.of_mean(control), _Line.of_mean(treatment))


def cuped_ratio(control: Moments, treatment: Moments) -> tuple[Estimate, Estimate, Cuped]:
    """Estimate both ratios as if both arms had had the same units before, by `before` of their sums."""
    return _both(_Line.of_ratio(control), _Line.of_ratio(treatment))


@dataclass(frozen=True, slots=True)
class _Line:
    """A mean, and how a unit's part of it goes with what was known before."""

    n: int
    mean: float
    variance: float
    covariance: float
    before: float
    """The mean of what was known."""
    before_variance: float

    @classmethod
    def of_mean(cls, arm: Moments) -> "_Line":
        return cls(
            arm.n,
            arm.mean,
            arm.variance,
            arm.covariance,
            arm.covariate_mean,
            arm.covariate_variance,
        )

    @classmethod
    def of_ratio(cls, arm: Moments) -> "_Line":
        size, ratio = arm.covariate_mean, arm.total / arm.covariate
        around = arm.variance - 2 * ratio * arm.covariance + ratio * ratio * arm.covariate_variance
        # A unit adds its value less the ratio's part of its size: on average nothing.
        with_before = (arm.before_total - ratio * arm.before_covariate) / (arm.n - 1)
        return cls(
            arm.n,
            ratio,
            max(0.0, around) / (size * size),
            with_before / size,
            arm.before / arm.n,
            arm.before_variance,
        )

    def adjusted(self, theta: float, centre: float) -> Estimate:
        mean = self.mean - theta * (self.before - centre)
        around = self.variance - 2 * theta * self.covariance
        around += theta * theta * self.before_variance
        return Estimate(mean, max(0.0, around) / self.n, self.n)


def _both(control: _Line, treatment: _Line) -> tuple[Estimate, Estimate, Cuped]:
    arms = (control, treatment)
    plain = tuple(Estimate(each.mean, each.variance / each.n, each.n) for each in arms)
    theta = _slope(arms) if min(control.n, treatment.n) >= FEWEST else 0.0
    units = control.n + treatment.n
    centre = (control.before * control.n + treatment.before * treatment.n) / units
    made = tuple(each.adjusted(theta, centre) for each in arms)
    before, after = (sum(each.variance for each in both) for both in (plain, made))
    if not theta or after >= before:
        return plain[0], plain[1], Cuped(used=False)
    return made[0], made[1], Cuped(True, theta, 1 - after / before)


def _slope(arms: tuple[_Line, ...]) -> float:
    """Return the slope within arms, as the regression of value on arm and covariate finds it."""
    above = sum(each.covariance * (each.n - 1) for each in arms)
    below = sum(each.before_variance * (each.n - 1) for each in arms)
    return above / below if below > 0 else 0.0

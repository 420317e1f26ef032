"""Sums over units are all that an analysis needs; estimates of a mean are made of them."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Self


class Kind(StrEnum):
    """What a metric is, for each unit."""

    MEAN = "mean"
    """One number for a unit: its mean latency, its cost."""
    PROPORTION = "proportion"
    """Yes or no for a unit: it came back, it failed."""
    RATIO = "ratio"
    """Two sums for a unit: what its calls cost over its calls. Units differ in size."""
    RATE = "rate"
    """A ratio whose first sum is a part of the second: calls that failed over calls."""

    @property
    def paired(self) -> bool:
        """Tell whether the covariate is a denominator."""
        return self in {Kind.RATIO, Kind.RATE}


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"

    @property
    def sign(self) -> int:
        """Return 1 where more is better, else -1."""
        return 1 if self is Direction.UP else -1


@dataclass(frozen=True, slots=True)
class Moments:
    """What the units of one arm add up to, for one metric.

    `covariate` is what is known of a unit from before it took part, for CUPED; for a ratio it is the
    denominator instead. `cross` sums the products of value and covariate. What is known of a ratio from before
    is `before`, with its products with the value and with the denominator. Of a rate, `own` sums the share that
    each unit has of its own.
    """

    n: int
    """Units."""
    total: float
    squares: float
    """The sum of squared values."""
    covariate: float = 0.0
    covariate_squares: float = 0.0
    cross: float = 0.0
    before: float = 0.0
    before_squares: float = 0.0
    before_total: float = 0.0
    before_covariate: float = 0.0
    own: float = 0.0

    def __add__(self, other: Self) -> "Moments":
        """Add the sums of other units."""
        return Moments(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            self.covariate + other.covariate,
            self.covariate_squares + other.covariate_squares,
            self.cross + other.cross,
            self.before + other.before,
            self.before_squares + other.before_squares,
            self.before_total + other.before_total,
            self.before_covariate + other.before_covariate,
            self.own + other.own,
        )

    @property
    def each(self) -> "Moments":
        """Return the shares of a rate's units as if each were one yes or no: something between is both in part."""
        return Moments(self.n, self.own, self.own)

    @property
    def mean(self) -> float:
        """Return the mean value of a unit; 0 of none."""
        return self.total / self.n if self.n else 0.0

    @property
    def covariate_mean(self) -> float:
        """Return the mean covariate of a unit; 0 of none."""
        return self.covariate / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Return the sample variance between units."""
        return _spread(self.n, self.squares, self.total, self.total)

    @property
    def covariate_variance(self) -> float:
        """Return the sample variance of the covariate."""
        return _spread(self.n, self.covariate_squares, self.covariate, self.covariate)

    @property
    def covariance(self) -> float:
        """Return the sample covariance of value and covariate."""
        if self.n < 2:
            return 0.0
        return (self.cross - self.total * self.covariate / self.n) / (self.n - 1)

    @property
    def before_variance(self) -> float:
        """Return the sample variance of what is known of a ratio's units from before."""
        return _spread(self.n, self.before_squares, self.before, self.before)


def _spread(n: int, squares: float, one: float, other: float) -> float:
    """Sample variance out of sums; what rounding leaves of a constant is 0."""
    if n < 2:
        return 0.0
    around = squares - one * other / n
    return around / (n - 1) if around > 1e-12 * abs(squares) else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and how far it may be off."""

    mean: float
    variance: float
    """Of the mean, not of one unit."""
    n: int

    @property
    def error(self) -> float:
        """Return the standard error."""
        return sqrt(self.variance)


def estimate(moments: Moments, kind: Kind) -> Estimate | None:
    """Estimate a mean and its variance; None where there are too few units to tell.

    A proportion has one success and one failure added (Agresti and Caffo, The American Statistician
    54, 2000), so that 0 of 20 is not taken for certainty: its mean here is for intervals, not for
    show. A ratio has its variance by the delta method with the unit as cluster (Deng, Knoblich and Lu, KDD
    2018, arXiv 1803.06336); a rate has two units of the usual size added first, one of which failed
    wholly and one not at all, which for units of one call is Agresti and Caffo's proportion.
    """
    n = moments.n
    if kind is Kind.PROPORTION:
        share = (moments.total + 1) / (n + 2)
        return Estimate(share, share * (1 - share) / (n + 2), n)
    if n < 2:
        return None
    if kind is Kind.MEAN:
        return Estimate(moments.mean, moments.variance / n, n)
    size = moments.covariate_mean
    if size <= 0:
        return None
    if kind is Kind.RATE:
        square = size * size
        moments += Moments(2, size, square, 2 * size, 2 * square, square)
    ratio = moments.total / moments.covariate
    around = (
        moments.variance
        - 2 * ratio * moments.covariance
        + ratio * ratio * moments.covariate_variance
    )
    return Estimate(ratio, max(0.0, around) / (moments.n * size * size), n)


def shown(moments: Moments, kind: Kind) -> float | None:
    """Return the plain mean that people are shown; None of nothing."""
    whole = moments.covariate if kind.paired else moments.n
    return moments.total / whole if whole > 0 else None

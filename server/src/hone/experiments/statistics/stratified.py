"""Two arms whose shares changed on the way, compared within each stretch in which they did not. Pure.

Pooled sums would give an arm that got most of its units on a busy day the day's figures, and call that its own
(Simpson, The interpretation of interaction in contingency tables, JRSS B 13, 1951). Within a stratum
shares stood still, so who is in which arm is chance. A stratum counts as Mantel and Haenszel have it, by n1 n0 / (n1 + n0):
weights that know nothing of the outcome (Greenland and Robins, Estimation of a common effect parameter
from sparse follow-up data, Biometrics 41, 1985). Whoever comes back in a later stratum is no other witness: the
variance is that of what each unit adds to the whole (Liang and Zeger, Biometrika 73, 1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hone.experiments.statistics.moments import Estimate, Kind, Moments


@dataclass(frozen=True, slots=True)
class Side:
    """What a comparison knows of one arm."""

    n: int
    """Units."""
    shown: float | None
    """The plain mean that people are shown."""
    estimate: Estimate | None
    """For intervals; None where there is too little."""


class Term(NamedTuple):
    """What a unit adds in one stratum: `scale` times (above less `ratio` times below)."""

    ratio: float
    scale: float


def weights(pairs: Sequence[tuple[Moments, Moments]]) -> list[float]:
    """Return each stratum's part of the comparison; 0 where one of the arms has nobody."""
    raw = [
        one.n * other.n / (one.n + other.n) if one.n and other.n else 0.0 for one, other in pairs
    ]
    whole = sum(raw)
    return [each / whole if whole else 0.0 for each in raw]


def terms(arm: Sequence[Moments], parts: Sequence[float], kind: Kind) -> list[Term | None]:
    """Say what the units of an arm add, for each stratum; None where a stratum does not count."""
    return [_term(each, part, kind) for each, part in zip(arm, parts, strict=True)]


def side(
    arm: Sequence[Moments], parts: Sequence[float], kind: Kind, units: int, squares: float
) -> Side:
    """Estimate an arm's mean over all strata, as if both arms had had the same units in each.

    `units` is how many there are in all, and `squares` the sum over them of the square of what each adds
    (`terms`). A rate has two units of the usual size added in all, as in `estimate`.
    """
    made = terms(arm, parts, kind)
    counted = [
        (each, part, term)
        for each, part, term in zip(arm, parts, made, strict=True)
        if term is not None
    ]
    if not counted or units < 2:
        return Side(units, None, None)
    plain = sum(part * each.total / each.covariate for each, part, _ in counted)
    mean = sum(part * term.ratio for _, part, term in counted)
    if kind is not Kind.RATE:
        return Side(units, plain, Estimate(mean, squares * units / (units - 1), units))
    added = sum(
        part * (term.scale * each.covariate_mean) ** 2 * ((1 - term.ratio) ** 2 + term.ratio**2)
        for each, part, term in counted
    )
    variance = (squares + added) * (units + 2) / (units + 1)
    return Side(units, plain, Estimate(mean, variance, units))


def _term(arm: Moments, part: float, kind: Kind) -> Term | None:
    if not part or arm.covariate <= 0:
        return None
    extra = part * arm.covariate_mean if kind is Kind.RATE else 0.0
    below = arm.covariate + 2 * extra
    return Term((arm.total + extra) / below, part / below)

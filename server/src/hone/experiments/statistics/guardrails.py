"""Whether a treatment does harm, at every moment and on one side only: for canaries and guardrails.

A release asks after every batch of calls, so the answer must hold at all times. Above 100 units of each
arm that is the one-sided confidence sequence of `always_valid`. Below, a mean is not normal yet and a
candidate that fails every call must still be caught: proportions have an exact test from the first unit,
the ratio of a mixture's likelihood to the best that harm within the margin can do (Wasserman, Ramdas and
Balakrishnan, Universal inference, PNAS 117, 2020). A fifth of alpha is spent on it. Rates have it, too: each unit
counts with its own share, and a number between 0 and 1 wins such a bet no more often than a yes or no of the
same mean (Hoeffding, JASA 58, 1963; Waudby-Smith and Ramdas, Betting, JRSS B 86, 2024).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Final

from hone.experiments.statistics import always_valid
from hone.experiments.statistics.distributions import log_beta
from hone.experiments.statistics.moments import Direction, Kind, Moments, estimate, shown
from hone.experiments.statistics.stratified import Side

EARLY: Final = 0.2
"""The part of alpha that is for the first units."""
_EXACT: Final = frozenset({Kind.PROPORTION, Kind.RATE})
"""What is judged from the first unit on."""
PLANNED: Final = 2000
"""Units of both arms for which the bounds are narrowest, where nothing was planned."""
_GOLDEN: Final = (sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Harm:
    """How much worse a treatment is than the control, in the metric's unit; below 0 it is better."""

    control: float | None
    treatment: float | None
    control_n: int
    treatment_n: int
    harm: float | None
    low: float | None
    """It is at least this much worse (at alpha); None before there are units enough."""
    high: float | None
    """It is at most this much worse (at alpha)."""
    margin: float
    """What is put up with, in the metric's unit."""
    p: float
    """At all times: below alpha exactly where the guardrail is broken."""
    alpha: float
    broken: bool
    """Harm beyond the margin is shown."""
    safe: bool
    """Harm beyond the margin is ruled out."""
    enough: bool


def guardrail(
    control: Moments,
    treatment: Moments,
    margin: float,
    direction: Direction | str = Direction.UP,
    alpha: float = 0.05,
    *,
    kind: Kind | str = Kind.PROPORTION,
    relative: bool = False,
    planned: int = PLANNED,
) -> Harm:
    """Judge one guardrail; `direction` is which way of the metric is better.

    A relative margin is a part of the control's mean: 0.1 lets latency be a tenth longer. Raises
    ValueError for a margin below 0.
    """
    kind = Kind(kind)
    one, other = _side(control, kind), _side(treatment, kind)
    judge = _Judge(one, other, margin, Direction(direction), alpha, relative)
    if min(control.n, treatment.n) < always_valid.FEWEST:
        pairs = [_first(kind, control, treatment)] if kind in _EXACT else []
        return judge.early(pairs, 1)
    return judge.late(planned, 1 - EARLY if kind in _EXACT else 1.0)


def _first(kind: Kind, control: Moments, treatment: Moments) -> tuple[Moments, Moments]:
    return (control.each, treatment.each) if kind is Kind.RATE else (control, treatment)


def guardrail_between(
    control: Side,
    treatment: Side,
    margin: float,
    direction: Direction | str = Direction.UP,
    alpha: float = 0.05,
    *,
    relative: bool = False,
    planned: int = PLANNED,
) -> Harm:
    """Judge one guardrail by estimates that were made elsewhere, above the first units."""
    judge = _Judge(control, treatment, margin, Direction(direction), alpha, relative)
    if min(control.n, treatment.n) < always_valid.FEWEST:
        return judge.told(1.0)
    return judge.late(planned, 1.0)


def guardrail_of_strata(
    pairs: Sequence[tuple[Moments, Moments]],
    of: int,
    margin: float,
    direction: Direction | str = Direction.UP,
    alpha: float = 0.05,
) -> Harm:
    """Judge the first units of proportions whose arms changed their shares: control and treatment by stratum.

    The evidence of each stratum is a fair bet against "no harm", and so is the mean of the bets, however
    they hang together (Vovk and Wang, E-values, Annals of Statistics 49, 2021). `of` is how many strata
    there may be: it must be known before.
    """
    control = _side(sum((one for one, _ in pairs), _NOTHING), Kind.PROPORTION)
    treatment = _side(sum((other for _, other in pairs), _NOTHING), Kind.PROPORTION)
    judge = _Judge(control, treatment, margin, Direction(direction), alpha, relative=False)
    return judge.early(pairs, of)


def _side(moments: Moments, kind: Kind) -> Side:
    return Side(moments.n, shown(moments, kind), estimate(moments, kind))


_NOTHING: Final = Moments(0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Judge:
    control: Side
    treatment: Side
    given: float
    direction: Direction
    alpha: float
    relative: bool

    def __post_init__(self) -> None:
        if self.given < 0:
            raise ValueError("a margin is not below 0")

    @property
    def margin(self) -> float:
        """The margin in the metric's unit."""
        return self.given * abs(self.control.shown or 0.0) if self.relative else self.given

    def told(
        self,
        p: float,
        low: float | None = None,
        high: float | None = None,
        *,
        enough: bool = False,
        broken: bool = False,
    ) -> Harm:
        one, other = self.control.shown, self.treatment.shown
        sign = self.direction.sign
        return Harm(
            control=one,
            treatment=other,
            control_n=self.control.n,
            treatment_n=self.treatment.n,
            harm=None if one is None or other is None else sign * (one - other),
            low=low,
            high=high,
            margin=self.margin,
            p=p,
            alpha=self.alpha,
            broken=broken,
            safe=enough and high is not None and high < self.margin,
            enough=enough,
        )

    def early(self, pairs: Sequence[tuple[Moments, Moments]], of: int) -> Harm:
        """Judge the first units: proportions exactly, other metrics not yet."""
        told = [_evidence(self, *pair) for pair in pairs if pair[0].n and pair[1].n]
        if not told:
            return self.told(1.0)
        # Strata that have not begun are bets that nobody has won or lost.
        told += [0.0] * (of - len(told))
        most = max(told)
        mean = sum(exp(each - most) for each in told) / len(told)
        p = min(1.0, exp(-min(700.0, most + log(mean))) / EARLY)
        return self.told(p, broken=p < self.alpha)

    def late(self, planned: int, left: float) -> Harm:
        """Judge by the one-sided confidence sequence, with what is left of alpha."""
        one, other = self.control.estimate, self.treatment.estimate
        if one is None or other is None:
            return self.told(1.0)
        sign = self.direction.sign
        # Margins of the control's mean move with it, and so does their variance.
        factor = 1 - sign * self.given if self.relative else 1.0
        beyond = sign * (factor * one.mean - other.mean) - (0.0 if self.relative else self.given)
        error = sqrt(factor * factor * one.variance + other.variance)
        if not error:
            # Every unit of an arm is the same, as where nothing costs anything.
            harm = beyond + self.margin
            bad = beyond > 0
            return self.told(0.0 if bad else 1.0, harm, harm, enough=True, broken=bad)
        n = one.n + other.n
        alpha = self.alpha * left
        reach = always_valid.one_sided(n, planned, alpha) * error
        p = always_valid.one_sided_p(beyond / error, n, planned, alpha) / left
        low, high = beyond - reach + self.margin, beyond + reach + self.margin
        return self.told(min(1.0, p), low, high, enough=True, broken=beyond > reach)


def _evidence(judge: _Judge, control: Moments, treatment: Moments) -> float:
    """Return the logarithm of an e-value against "the harm is within the margin"."""
    arms = [(each.total, each.n - each.total) for each in (control, treatment)]
    mixed = sum(log_beta(won + 0.5, lost + 0.5) - log_beta(0.5, 0.5) for won, lost in arms)
    return mixed - _best_within(judge, arms)


def _best_within(judge: _Judge, arms: list[tuple[float, float]]) -> float:
    """Return the largest log-likelihood of both proportions with harm within the margin."""
    (won, lost), (wins, losses) = arms
    sign = judge.direction.sign
    one, other = won / (won + lost), wins / (wins + losses)

    def allowed(share: float) -> float:
        """The worst proportion of the treatment that is still within, given the control's."""
        gap = judge.given * share if judge.relative else judge.given
        return min(1.0, max(0.0, share - sign * gap))

    def likely(share: float) -> float:
        return _log_likelihood(won, lost, share) + _log_likelihood(wins, losses, allowed(share))

    if sign * (other - allowed(one)) >= 0:
        return _log_likelihood(won, lost, one) + _log_likelihood(wins, losses, other)
    low, high = 0.0, 1.0
    for _ in range(60):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if likely(left) < likely(right):
            low = left
        else:
            high = right
    return likely((low + high) / 2)


def _log_likelihood(won: float, lost: float, share: float) -> float:
    total = 0.0
    for count, chance in ((won, share), (lost, 1 - share)):
        if count > 0:
            total += count * log(chance) if chance > 0 else -inf
    return total

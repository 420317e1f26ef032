"""What the arms of a release come to: means with intervals, and whether a guardrail is broken. Pure.

Units are users or conversations, and a unit's calls belong together, so figures over calls are ratios of
two sums for each unit (the delta method of `hone.experiments`). Shares are judged by the exact test from the
first unit on: a candidate that fails everybody, or is always wrong, must not wait for a hundred of them. Where
the share changed on the way, arms are compared within each step: `across`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Final

from hone import experiments
from hone.releases import planning
from hone.releases.schemas import Guardrail

_WIDE: Final = 1.959964
"""Standard errors of a 95 % interval."""
_FEWEST: Final = 100
"""Units of each arm before a mean of calls is judged."""
CALLS: Final = ("error_rate", "latency_ms", "cost_usd", "tokens")
"""Figures of the calls themselves; the others are what people say of answers."""
_LABELS: Final[
    Mapping[str, tuple[str, experiments.statistics.Unit, experiments.statistics.Direction]]
] = {
    "error_rate": (
        "the share of failed calls",
        experiments.statistics.Unit.SHARE,
        experiments.statistics.Direction.DOWN,
    ),
    "latency_ms": (
        "the time to answer",
        experiments.statistics.Unit.MILLISECONDS,
        experiments.statistics.Direction.DOWN,
    ),
    "cost_usd": (
        "the cost of a call",
        experiments.statistics.Unit.DOLLARS,
        experiments.statistics.Direction.DOWN,
    ),
    "tokens": (
        "the tokens of a call",
        experiments.statistics.Unit.NUMBER,
        experiments.statistics.Direction.DOWN,
    ),
    "rating": (
        "the rating",
        experiments.statistics.Unit.NUMBER,
        experiments.statistics.Direction.UP,
    ),
    "positive_feedback": (
        "the share of positive feedback",
        experiments.statistics.Unit.SHARE,
        experiments.statistics.Direction.UP,
    ),
    "accuracy": (
        "the share of right answers",
        experiments.statistics.Unit.SHARE,
        experiments.statistics.Direction.UP,
    ),
    "resolved": (
        "the share of conversations resolved",
        experiments.statistics.Unit.SHARE,
        experiments.statistics.Direction.UP,
    ),
}


@dataclass(frozen=True, slots=True)
class Arm:
    """The sums of one arm."""

    name: str
    units: int = 0
    operations: int = 0
    failing: int = 0
    """Units that met a failed call."""
    sums: Mapping[str, experiments.statistics.Moments] = field(
        default_factory=dict[str, experiments.statistics.Moments]
    )
    """By metric; `total` over `covariate` is the mean."""
    sides: Mapping[str, experiments.statistics.Side] = field(
        default_factory=dict[str, experiments.statistics.Side]
    )
    """By metric, where the steps of a release were weighed; else they follow from the sums."""

    def of(self, metric: str) -> experiments.statistics.Moments:
        """Return the sums of one metric."""
        return self.sums.get(metric) or experiments.statistics.Moments(0, 0.0, 0.0)

    def side(self, metric: str) -> experiments.statistics.Side:
        """Return what a comparison of one metric knows of it."""
        if metric in self.sides:
            return self.sides[metric]
        moments, kind = self.of(metric), _kind(metric)
        mean = experiments.statistics.shown(moments, kind)
        found = experiments.statistics.estimate(moments, kind)
        return experiments.statistics.Side(moments.n, mean, found)

    def first(self, metric: str) -> experiments.statistics.Moments:
        """Return what the exact test of the first units counts: who met a failed call, or each one's own share."""
        if metric == "error_rate":
            return experiments.statistics.Moments(self.units, self.failing, self.failing)
        return self.of(metric).each


Pairs = Sequence[tuple[Arm, Arm]]
"""The live version and the candidate, in each step in which both had calls."""


def terms(
    pairs: Pairs, metric: str
) -> list[tuple[experiments.statistics.Term | None, experiments.statistics.Term | None]]:
    """Say what units add to a metric in each step, live and candidate."""
    parts, both = _strata(pairs, metric)
    made = (experiments.statistics.terms(each, parts, _kind(metric)) for each in both)
    return list(zip(*made, strict=True))


def across(
    pairs: Pairs, metric: str, spreads: tuple[tuple[int, float], tuple[int, float]]
) -> tuple[experiments.statistics.Side, experiments.statistics.Side]:
    """Return both sides of a comparison over all steps: `spreads` is what `terms` add up to, by unit."""
    parts, both = _strata(pairs, metric)
    live, candidate = (
        experiments.statistics.side(each, parts, _kind(metric), *spread)
        for each, spread in zip(both, spreads, strict=True)
    )
    return live, candidate


def _strata(
    pairs: Pairs, metric: str
) -> tuple[list[float], tuple[list[experiments.statistics.Moments], ...]]:
    both = [(live.of(metric), candidate.of(metric)) for live, candidate in pairs]
    parts = experiments.statistics.weights(both)
    return parts, ([each[0] for each in both], [each[1] for each in both])


def shown(arm: Arm) -> dict[str, Any]:
    """Tell the figures of an arm, as the API has them."""
    told: dict[str, Any] = {}
    for metric in sorted(arm.sums):
        side = arm.side(metric)
        if side.shown is None:
            continue
        ends = (None, None)
        if side.estimate is not None:
            ends = _range(side.shown, side.estimate, _kind(metric))
        told[metric] = {
            "n": int(arm.of(metric).covariate),
            "mean": side.shown,
            "low": ends[0],
            "high": ends[1],
        }
    return {
        "name": arm.name,
        "units": arm.units,
        "operations": arm.operations,
        "metrics": told,
    }


def _kind(metric: str) -> experiments.statistics.Kind:
    """Tell how a figure is reckoned: a share of calls is never certain, however few failed."""
    share = _LABELS[metric][1] is experiments.statistics.Unit.SHARE
    return experiments.statistics.Kind.RATE if share else experiments.statistics.Kind.RATIO


def _range(
    mean: float, found: experiments.statistics.Estimate, kind: experiments.statistics.Kind
) -> tuple[float, float]:
    reach = _WIDE * sqrt(found.variance)
    low, high = min(mean, found.mean - reach), max(mean, found.mean + reach)
    if kind is experiments.statistics.Kind.RATE:
        low, high = max(0.0, low), min(1.0, high)
    return low, high


def judge(
    guard: Guardrail,
    live: Arm,
    candidate: Arm,
    against: str = "the live version",
    *,
    steps: Pairs = (),
    of: int = 1,
    part: float = 1.0,
) -> Any:  # noqa: ANN401
    """Judge one guardrail; return what the API shows of it, with `state` waiting, fine or harmed.

    `steps` are the arms in each step, where there were several, and `of` how many there may be; `part` of the
    guardrail's alpha is spent.
    """
    label, unit, usual = _LABELS[guard.metric]
    direction = experiments.statistics.Direction(guard.direction) if guard.direction else usual
    pairs = steps or ((live, candidate),)
    harm = _harm(guard, (live, candidate), direction, (pairs, of), guard.alpha * part)
    metric = experiments.statistics.Metric(
        guard.metric, label, unit, direction, experiments.statistics.Role.GUARDRAIL
    )
    state = "harmed" if harm.broken else "fine" if harm.safe else "waiting"
    sign = 1 if direction is experiments.statistics.Direction.DOWN else -1
    ends = [None if each is None else sign * each for each in (harm.low, harm.high)]
    low, high = ends if sign == 1 else reversed(ends)
    return {
        "metric": guard.metric,
        "state": state,
        "margin": guard.margin,
        "direction": direction.value,
        "action": guard.action,
        "difference": None if harm.harm is None else sign * harm.harm,
        "low": low,
        "high": high,
        "words": experiments.statistics.harm_words(metric, harm, "the candidate", against),
    }


def of_step(
    guard: Guardrail, live: Arm, candidate: Arm, against: str, part: float
) -> dict[str, Any]:
    """Tell a guardrail of one step by itself: both figures with their intervals, and how it stands there."""
    told = judge(guard, live, candidate, against, part=part)
    kept = ("metric", "state", "difference", "low", "high", "words")
    both = {each.name: shown(each)["metrics"].get(guard.metric) for each in (live, candidate)}
    return {
        **{each: told[each] for each in kept},
        "live": both.get("live"),
        "candidate": both.get(candidate.name),
    }


def _harm(
    guard: Guardrail,
    both: tuple[Arm, Arm],
    direction: experiments.statistics.Direction,
    steps: tuple[Pairs, int],
    alpha: float,
) -> experiments.statistics.Harm:
    exact = _kind(guard.metric) is experiments.statistics.Kind.RATE
    if exact and min(each.first(guard.metric).n for each in both) < _FEWEST:
        pairs, of = steps
        first = [(one.first(guard.metric), two.first(guard.metric)) for one, two in pairs]
        return experiments.statistics.guardrail_of_strata(first, of, guard.margin, direction, alpha)
    live, candidate = (each.side(guard.metric) for each in both)
    return experiments.statistics.guardrail_between(
        live,
        candidate,
        guard.margin,
        direction,
        # The part that the exact test of the first units may spend is not spent again.
        alpha * (1 - experiments.statistics.EARLY if exact else 1.0),
        relative=guard.metric in planning.RELATIVE,
    )

"""What the arms of a release come to: means with intervals, and whether a guardrail is broken. Pure.

Units are users or conversations, and a unit's calls belong together, so figures over calls are ratios of
two sums for each unit (the delta method of `hone.experiments`). Failed calls are judged by the exact
test from the first unit on: a candidate that fails everybody must not wait for a hundred of them.
"""

from collections.abc import Mapping
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

    def of(self, metric: str) -> experiments.statistics.Moments:
        """Return the sums of one metric."""
        return self.sums.get(metric) or experiments.statistics.Moments(0, 0.0, 0.0)


def shown(arm: Arm) -> dict[str, Any]:
    """Tell the figures of an arm, as the API has them."""
    told: dict[str, Any] = {}
    for metric in sorted(arm.sums):
        moments = arm.of(metric)
        kind = _kind(metric)
        mean = experiments.statistics.shown(moments, kind)
        if mean is None:
            continue
        found = experiments.statistics.estimate(moments, kind)
        low, high = (None, None) if found is None else _range(mean, found, kind)
        told[metric] = {"n": int(moments.covariate), "mean": mean, "low": low, "high": high}
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


def judge(guard: Guardrail, live: Arm, candidate: Arm, against: str = "the live version") -> Any:  # noqa: ANN401
    """Judge one guardrail; return what the API shows of it, with `state` waiting, fine or harmed."""
    label, unit, usual = _LABELS[guard.metric]
    direction = experiments.statistics.Direction(guard.direction) if guard.direction else usual
    harm = _harm(guard, live, candidate, direction)
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


def _harm(
    guard: Guardrail, live: Arm, candidate: Arm, direction: experiments.statistics.Direction
) -> experiments.statistics.Harm:
    relative = guard.metric in planning.RELATIVE
    if guard.metric == "error_rate" and min(live.units, candidate.units) < _FEWEST:
        one, other = (
            experiments.statistics.Moments(each.units, each.failing, each.failing)
            for each in (live, candidate)
        )
        return experiments.statistics.guardrail(one, other, guard.margin, direction, guard.alpha)
    return experiments.statistics.guardrail(
        live.of(guard.metric),
        candidate.of(guard.metric),
        guard.margin,
        direction,
        # The part that the exact test of the first units may spend is not spent again.
        guard.alpha * (0.8 if guard.metric == "error_rate" else 1.0),
        kind=_kind(guard.metric),
        relative=relative,
    )

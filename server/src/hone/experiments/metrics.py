"""The measures that experiments know: which way is better, and what each is made of."""

from dataclasses import dataclass
from typing import Final

from hone.experiments.schemas.design import (
    Direction,
    ExperimentMetric,
    MetricKind,
)
from hone.experiments.statistics import Unit

MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Known:
    """A measure: for each unit, a sum over a count."""

    direction: Direction
    kind: MetricKind
    label: str
    """As in "the share of calls that failed"."""
    above: str
    """The columns of `split_units` that are added up; empty: what is said in feedback."""
    below: str = "operations"
    """What it is divided by; empty: how often it was said."""
    scale: float = 1.0
    unit: Unit = Unit.SHARE


KNOWN: Final[dict[str, Known]] = {
    "rating": Known("up", "mean", "the rating", "", "", unit=Unit.NUMBER),
    "positive_feedback": Known("up", "rate", "the share of feedback that is good", "", ""),
    "accuracy": Known("up", "rate", "the share of answers that were right", "", ""),
    "resolved": Known("up", "rate", "the share of conversations resolved", "", ""),
    "error_rate": Known("down", "rate", "the share of calls that failed", "errors + rescued"),
    "latency_ms": Known(
        "down",
        "mean",
        "the time to the whole answer",
        "latency_ms",
        "timed",
        unit=Unit.MILLISECONDS,
    ),
    "cost_usd": Known("down", "mean", "the cost of a call", "cost", scale=1e-12, unit=Unit.DOLLARS),
    "tokens": Known("down", "mean", "the tokens of a call", "tokens", unit=Unit.NUMBER),
    "handover": Known("down", "rate", "the share of calls after which a person was wanted", ""),
    "retry": Known("down", "rate", "the share of answers asked for again", ""),
    "rephrase": Known("down", "rate", "the share of questions put in other words", ""),
    "abandon": Known("down", "rate", "the share of answers left without another word", ""),
    "copy": Known("up", "rate", "the share of answers copied", ""),
}
"""`mean`: of what each unit has on average; `rate`: of all calls, with units as clusters."""
_WORDS: Final = {
    "satisfaction": "rating",
    "user_satisfaction": "rating",
    "positive_rate": "positive_feedback",
    "errors": "error_rate",
    "response_time": "latency_ms",
    "responseTime": "latency_ms",
    "latency": "latency_ms",
    "cost": "cost_usd",
    "resolution_rate": "resolved",
}
"""What the measures are called elsewhere."""


def named(key: str) -> str:
    """Return our word for a measure."""
    return _WORDS.get(key, key)


def of(key: str) -> Known:
    """Tell what a measure is made of; one that Hone does not know is what `metric` of feedback says."""
    return KNOWN.get(key) or Known("up", "mean", key.replace("_", " "), "", "", unit=Unit.NUMBER)


def settled(metric: ExperimentMetric) -> dict[str, object]:
    """Fill in what was left open."""
    known = of(metric.key)
    margin = metric.margin
    if margin is None and metric.role == "guardrail":
        margin = MARGIN
    return {
        "key": metric.key,
        "role": metric.role,
        "direction": metric.direction or known.direction,
        "kind": metric.kind or known.kind,
        "margin": margin,
    }

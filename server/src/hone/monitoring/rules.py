"""Which rules each kind of monitor can have, and what is taken where nothing is said: pure."""

from typing import Any, Final, get_args

from hone.monitoring.errors import RuleWrong
from hone.monitoring.schemas.monitors import MonitorMetric, MonitorRule, ObjectiveMetric

METRICS: Final = frozenset(get_args(MonitorMetric))
OBJECTIVES: Final = frozenset(get_args(ObjectiveMetric))
BELOW: Final = frozenset({"accuracy", "positive_feedback"})
"""Metrics of which less is worse."""
SAID: Final = frozenset({"accuracy", "positive_feedback"})
"""Metrics of what people say."""
SIGNS: Final = frozenset({"handover", "rephrase"})
"""Metrics of what calls tell without a word."""
LATENCIES: Final = {"latency_p50": 0.5, "latency_p95": 0.95, "latency_p99": 0.99}

_TARGETS: Final = {"errors": 0.999, "latency": 0.95, "availability": 0.9999}
_FIELDS: Final[dict[str, frozenset[str]]] = {
    "metric": frozenset({"metric", "comparison", "threshold", "window_minutes", "minimum", "by"}),
    "objective": frozenset({"metric", "target", "threshold", "days"}),
    "drift": frozenset({"reference_days", "minimum"}),
    "estimated_accuracy": frozenset({"threshold", "reference_days", "minimum"}),
    "error_patterns": frozenset({"minimum"}),
}
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "metric": {"window_minutes": 60, "minimum": 20},
    "objective": {"days": 30},
    "drift": {"reference_days": 7, "minimum": 200},
    "estimated_accuracy": {"threshold": 0.9, "reference_days": 30, "minimum": 100},
    "error_patterns": {"minimum": 5},
}


def settled(kind: str, given: MonitorRule) -> MonitorRule:
    """Fill in what was left out; raise `RuleWrong` where a rule does not fit its kind."""
    said = {name: value for name, value in given.model_dump().items() if value is not None}
    foreign = sorted(said.keys() - _FIELDS[kind])
    if foreign:
        known = ", ".join(sorted(_FIELDS[kind]))
        raise RuleWrong(
            f"A monitor of kind {kind} has no {foreign[0]!r} in its rule; it may have {known}.",
            param="rule",
        )
    whole = _DEFAULTS[kind] | said
    if kind == "metric":
        whole = _metric(whole)
    elif kind == "objective":
        whole = _objective(whole)
    return MonitorRule(**whole)


def _metric(whole: dict[str, Any]) -> dict[str, Any]:
    metric = whole.get("metric")
    if metric not in METRICS:
        raise RuleWrong(_one_of("metric", METRICS), param="rule.metric")
    if whole.get("threshold") is None:
        raise RuleWrong("Say at which `threshold` there is trouble.", param="rule.threshold")
    shares = metric not in LATENCIES and metric != "cost_per_request"
    if shares and not 0 < whole["threshold"] < 1:
        raise RuleWrong(
            f"The threshold of {metric} is a share between 0 and 1.", param="rule.threshold"
        )
    if whole["threshold"] <= 0:
        raise RuleWrong("A threshold is more than 0.", param="rule.threshold")
    worse = "below" if metric in BELOW else "above"
    if whole.setdefault("comparison", worse) != worse:
        raise RuleWrong(
            f"Of {metric}, it is what is {worse} the threshold that is trouble.",
            param="rule.comparison",
        )
    if metric in SAID | SIGNS and whole.get("by") == "route":
        raise RuleWrong(f"{metric} is known by model, not by route.", param="rule.by")
    return whole


def _objective(whole: dict[str, Any]) -> dict[str, Any]:
    metric = whole.get("metric")
    if metric not in OBJECTIVES:
        raise RuleWrong(_one_of("metric", OBJECTIVES), param="rule.metric")
    if metric == "cost":
        if "target" in whole:
            raise RuleWrong(
                "An objective of cost has a threshold in dollars and no target.",
                param="rule.target",
            )
        whole.setdefault("threshold", 0.1)
    elif metric == "latency":
        whole.setdefault("threshold", 2000.0)
    elif "threshold" in whole:
        raise RuleWrong(f"An objective of {metric} has no threshold.", param="rule.threshold")
    if metric != "cost":
        whole.setdefault("target", _TARGETS[str(metric)])
    if whole.get("threshold", 1) <= 0:
        raise RuleWrong("A threshold is more than 0.", param="rule.threshold")
    return whole


def _one_of(name: str, values: frozenset[str]) -> str:
    return f"Say which {name}: {', '.join(sorted(values))}."

"""Which measurement each kind of monitor has."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from hone.core.db import Session
from hone.monitoring.measuring import costs, drift, estimated, objectives, patterns, shares
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading

Measure = Callable[[Session, Place, Monitor, datetime], Awaitable[Sequence[Reading]]]

_SOON: Final = timedelta(seconds=5)
_HOURLY: Final = timedelta(hours=1)
_QUARTERLY: Final = timedelta(minutes=15)
_MEASURES: Final[dict[str, Measure]] = {
    "metric": shares.measure,
    "objective": objectives.measure,
    "drift": drift.measure,
    "estimated_accuracy": estimated.measure,
    "error_patterns": patterns.measure,
}
_EVERY: Final[dict[str, timedelta]] = {
    "drift": _HOURLY,
    "estimated_accuracy": _QUARTERLY,
    "error_patterns": timedelta(seconds=15),
}


def measure_of(monitor: Monitor) -> Measure:
    """Find how a monitor is measured."""
    if monitor.rule.get("metric") in {"cost", "cost_per_request"}:
        return costs.measure
    return _MEASURES[monitor.kind]


def every(monitor: Monitor) -> timedelta:
    """Tell how long it may be until the next measurement."""
    return _EVERY.get(monitor.kind, _SOON)

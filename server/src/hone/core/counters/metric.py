"""What a metric is, and the list of those that were declared.

Names follow the data model of Prometheus (prometheus.io/docs/concepts/data_model) and its naming
rules (prometheus.io/docs/practices/naming).
"""

import re
from itertools import pairwise
from typing import Literal

import msgspec

Kind = Literal["counter", "gauge", "histogram"]
Across = Literal["sum", "min", "max"]

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_SERIES_SUFFIXES = ("_bucket", "_sum", "_count")


class Metric(msgspec.Struct, frozen=True, array_like=True):
    """One metric: its name, what it tells, and the labels that every series of it has."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    """A histogram's upper bounds, rising; the last one, infinity, is implied."""
    across: Across = "sum"
    """How the values of a gauge in several processes become one."""


METRICS: dict[str, Metric] = {}
"""Every declared metric by name; the reference page is written from it."""


def declare(metric: Metric) -> Metric:
    """Add a metric to the list, so that it is documented and its labels are checked."""
    check(metric)
    if METRICS.setdefault(metric.name, metric) != metric:
        raise ValueError(f"{metric.name} is declared twice, and differently")
    return metric


def check(metric: Metric) -> None:
    """Refuse a metric that Prometheus would not read, or would read as another one."""
    if not _NAME.fullmatch(metric.name):
        raise ValueError(f"{metric.name!r} is not a metric name")
    if (metric.kind == "counter") != metric.name.endswith("_total"):
        raise ValueError(f"{metric.name}: counters end in _total, and only they do")
    if metric.name.endswith(_SERIES_SUFFIXES):
        raise ValueError(f"{metric.name}: this ending belongs to the series of a histogram")
    for label in metric.labels:
        if not _NAME.fullmatch(label) or label.startswith("__") or label == "le":
            raise ValueError(f"{metric.name}: {label!r} is not a label name")
    if len(set(metric.labels)) != len(metric.labels):
        raise ValueError(f"{metric.name}: a label is named twice")
    _check_bounds(metric)


def _check_bounds(metric: Metric) -> None:
    if (metric.kind == "histogram") != bool(metric.bounds):
        raise ValueError(f"{metric.name}: histograms have bounds, and only they do")
    if not all(low < high for low, high in pairwise((*metric.bounds, float("inf")))):
        raise ValueError(f"{metric.name}: bounds must rise and be finite")

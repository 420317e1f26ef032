"""The counts of all processes as one page, in Prometheus' text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from hone.core.counters.cells import read
from hone.core.counters.counters import Series
from hone.core.counters.metric import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_DECODER = msgspec.json.Decoder(Series)
_MERGE: dict[str, Callable[[float, float], float]] = {
    "sum": lambda one, other: one + other,
    "min": min,
    "max": max,
}

Values = tuple[str, ...]


class _Family:
    """One metric and the merged cells of each of its series."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self._merge = _MERGE[metric.across]
        self._series: dict[Values, list[float]] = {}

    def take(self, metric: Metric, values: Values, cells: list[float]) -> None:
        """Merge one process's cells; a file of another version may mean something else by them."""
        mine = self.metric
        if (metric.kind, metric.labels, metric.bounds) != (mine.kind, mine.labels, mine.bounds):
            return
        if any(math.isnan(cell) for cell in cells):
            return
        before = self._series.get(values)
        merged = cells if before is None else list(map(self._merge, before, cells))
        self._series[values] = merged

    def lines(self) -> Iterator[str]:
        """Write the family."""
        if not self._series:
            return
        name = self.metric.name
        yield f"# HELP {name} {_escape(self.metric.help)}"
        yield f"# TYPE {name} {self.metric.kind}"
        for values in sorted(self._series):
            labels = [
                f'{label}="{_escape_value(value)}"'
                for label, value in zip(self.metric.labels, values, strict=True)
            ]
            cells = self._series[values]
            if self.metric.kind == "histogram":
                yield from self._histogram(labels, cells)
            else:
                yield f"{name}{_braced(labels)} {_number(cells[0])}"

    def _histogram(self, labels: Sequence[str], cells: Sequence[float]) -> Iterator[str]:
        name = self.metric.name
        totals = list(accumulate(cells[:-1]))
        for bound, total in zip((*self.metric.bounds, math.inf), totals, strict=True):
            limit = f'le="{_number(bound)}"'
            yield f"{name}_bucket{_braced([*labels, limit])} {_number(total)}"
        yield f"{name}_sum{_braced(labels)} {_number(cells[-1])}"
        yield f"{name}_count{_braced(labels)} {_number(totals[-1])}"


Tells = Callable[[str, str], bool]
"""Whether a series may be told that has this label with this value."""


def _everything(_label: str, _value: str) -> bool:
    return True


def render(directory: Path, tells: Tells = _everything) -> str:
    """Sum the metrics of every process that counts in a directory, and write them as text."""
    families: dict[str, _Family] = {}
    for path in sorted(directory.glob("*.cells")):
        for key, cells in read(path):
            series = _DECODER.decode(key)
            if not all(map(tells, series.metric.labels, series.values)):
                continue
            family = families.get(series.metric.name)
            if family is None:
                family = families[series.metric.name] = _Family(series.metric)
            family.take(series.metric, series.values, cells)
    lines = [line for name in sorted(families) for line in families[name].lines()]
    return "".join(f"{line}\n" for line in lines)


def unlabelled(directory: Path, slot: str) -> dict[str, float]:
    """Read the numbers without labels that one process has counted."""
    found: dict[str, float] = {}
    for key, cells in read(directory / f"{slot}.cells"):
        series = _DECODER.decode(key)
        if not series.values and len(cells) == 1 and not math.isnan(cells[0]):
            found[series.metric.name] = cells[0]
    return found


def _braced(labels: Sequence[str]) -> str:
    return f"{{{','.join(labels)}}}" if labels else ""


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(value)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _escape_value(text: str) -> str:
    return _escape(text).replace('"', '\\"')

"""A process's own metrics: found once by name and labels, then counted in without looking up."""

import logging
import math
import mmap
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from hone.core.counters.cells import CellFile, as_doubles
from hone.core.counters.metric import METRICS, Across, Metric, check, declare

log = logging.getLogger(__name__)

FOLDED = declare(
    Metric(
        "hone_metrics_folded_total",
        "counter",
        "Look-ups of a metric whose label set was counted as `other`, for it had too many.",
        ("metric",),
    )
)
_LONGEST_VALUE = 200

Key = tuple[str, frozenset[tuple[str, str]]]
Made = TypeVar("Made")

NO_LABELS: Mapping[str, str] = {}


class Series(msgspec.Struct, frozen=True, array_like=True):
    """A metric and the values of its labels, as the file holds them."""

    metric: Metric
    values: tuple[str, ...]


class Cell:
    """One number. Only the thread that runs the event loop may write it: additions take no lock."""

    __slots__ = ("_at", "_cells")

    def __init__(self, cells: "memoryview[float]", at: int) -> None:
        self._cells = cells
        self._at = at

    def add(self, amount: float = 1.0) -> None:
        """Add to the number; a counter takes no negative amount."""
        self._cells[self._at] += amount

    def set(self, value: float) -> None:
        """Set a gauge."""
        self._cells[self._at] = value

    @property
    def value(self) -> float:
        """The number that this process has counted."""
        return self._cells[self._at]


class Histogram:
    """How often values fell into each range, and their sum; written like a `Cell`."""

    __slots__ = ("_at", "_bounds", "_cells", "_sum")

    def __init__(self, cells: "memoryview[float]", at: int, bounds: tuple[float, ...]) -> None:
        self._cells = cells
        self._at = at
        self._bounds = bounds
        self._sum = at + len(bounds) + 1

    def observe(self, value: float) -> None:
        """Count one value, such as a duration in seconds."""
        cells = self._cells
        cells[self._at + bisect_left(self._bounds, value)] += 1.0
        cells[self._sum] += value


class Counters:
    """The metrics of this process."""

    def __init__(self, directory: Path, slot: str, *, most_series: int = 1000) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._most_series = most_series
        self._file = CellFile(directory / f"{slot}.cells")
        self._places: dict[bytes, int] = {}
        self._metrics: dict[str, Metric] = {}
        self._series: Counter[str] = Counter()
        self._numbers: dict[Key, Cell] = {}
        self._histograms: dict[Key, Histogram] = {}
        for entry in self._file.entries:
            metric = msgspec.json.decode(entry.key, type=Series).metric
            self._places[entry.key] = entry.at
            self._series[metric.name] += 1
            if metric.kind == "gauge":
                # Nothing is known yet; a minimum must not take it for a zero.
                self._file.cells[entry.at] = math.nan

    def counter(self, name: str, about: str, labels: Mapping[str, str] = NO_LABELS) -> Cell:
        """Return the counter of this name and these labels."""
        return self.cell(Metric(name, "counter", about, tuple(labels)), labels)

    def gauge(
        self,
        name: str,
        about: str,
        labels: Mapping[str, str] = NO_LABELS,
        *,
        across: Across = "sum",
    ) -> Cell:
        """Return the gauge of this name and these labels."""
        return self.cell(Metric(name, "gauge", about, tuple(labels), across=across), labels)

    def histogram(
        self,
        name: str,
        about: str,
        labels: Mapping[str, str],
        bounds: tuple[float, ...],
    ) -> Histogram:
        """Return the histogram of this name and these labels."""
        return self.distribution(Metric(name, "histogram", about, tuple(labels), bounds), labels)

    def cell(self, metric: Metric, labels: Mapping[str, str] = NO_LABELS) -> Cell:
        """Return the counter or gauge of a metric with these labels."""
        return self._find(self._numbers, metric, labels, self._make_cell)

    def show(self, metric: Metric, values: Mapping[str, float]) -> None:
        """Set the numbers of a metric with one label, by its value; for what is counted from rows."""
        (label,) = metric.labels
        for value, number in values.items():
            self.cell(metric, {label: value}).set(number)

    def distribution(self, metric: Metric, labels: Mapping[str, str] = NO_LABELS) -> Histogram:
        """Return the histogram of a metric with these labels."""
        return self._find(self._histograms, metric, labels, self._make_histogram)

    def close(self) -> None:
        """Give the slot back; what was handed out can still be counted in."""
        self._file.close()

    def _find(
        self,
        made: dict[Key, Made],
        metric: Metric,
        labels: Mapping[str, str],
        make: Callable[[Metric, Mapping[str, str]], Made],
    ) -> Made:
        found = made.get((metric.name, frozenset(labels.items())))
        if found is not None:
            return found
        self._check(metric, labels)
        kept = self._bounded(metric, labels)
        key = (metric.name, frozenset(kept.items()))
        found = made.get(key)
        if found is None:
            found = made[key] = make(metric, kept)
        return found

    def _make_cell(self, metric: Metric, labels: Mapping[str, str]) -> Cell:
        if metric.kind == "histogram":
            raise ValueError(f"{metric.name} is a histogram")
        cell = Cell(*self._place(metric, labels, 1))
        if metric.kind == "gauge":
            cell.set(0.0 if metric.across == "sum" else math.nan)
        return cell

    def _make_histogram(self, metric: Metric, labels: Mapping[str, str]) -> Histogram:
        if metric.kind != "histogram":
            raise ValueError(f"{metric.name} is not a histogram")
        cells, at = self._place(metric, labels, len(metric.bounds) + 2)
        return Histogram(cells, at, metric.bounds)

    def _check(self, metric: Metric, labels: Mapping[str, str]) -> None:
        """Refuse labels, or a second meaning, that the metric was not declared with."""
        known = METRICS.get(metric.name) or self._metrics.get(metric.name)
        if known is None:
            check(metric)
            self._metrics[metric.name] = known = metric
        if set(labels) != set(known.labels):
            raise ValueError(f"{metric.name} has the labels {known.labels}, not {tuple(labels)}")
        if _meaning(metric) != _meaning(known):
            raise ValueError(f"{metric.name} is used with two meanings")

    def _bounded(self, metric: Metric, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the labels to count under: their values made short, or `other` for all of them."""
        kept = {label: _clean(value) for label, value in labels.items()}
        if _key(metric, kept) in self._places or self._series[metric.name] < self._most_series:
            return kept
        if metric.name != FOLDED.name:
            self.cell(FOLDED, {"metric": metric.name}).add(1.0)
        return dict.fromkeys(labels, "other")

    def _place(
        self, metric: Metric, labels: Mapping[str, str], cells: int
    ) -> "tuple[memoryview[float], int]":
        key = _key(metric, labels)
        at = self._places.get(key)
        if at is None:
            try:
                at = self._file.append(key, cells).at
            except OSError as error:
                log.warning("%s is counted in vain, its file cannot grow: %s", metric.name, error)
                return as_doubles(memoryview(mmap.mmap(-1, cells * 8))), 0
            self._places[key] = at
            self._series[metric.name] += 1
        return self._file.cells, at


def clear(directory: Path) -> None:
    """Forget the counts of all slots; only while no process counts there."""
    for path in directory.glob("*.cells"):
        path.unlink(missing_ok=True)


def _meaning(metric: Metric) -> tuple[str, tuple[float, ...], str]:
    return metric.kind, metric.bounds, metric.across


def _key(metric: Metric, labels: Mapping[str, str]) -> bytes:
    names = tuple(sorted(labels))
    stored = msgspec.structs.replace(metric, labels=names)
    return msgspec.json.encode(Series(stored, tuple(labels[name] for name in names)))


def _clean(value: str) -> str:
    """Make a label value short and encodable: it may come from a request."""
    return value[:_LONGEST_VALUE].encode("utf-8", "replace").decode()

"""What a model card says, read with care: a card is a file that a program wrote."""

import math
from collections.abc import Mapping
from typing import Any, Final, cast

PRIMARY: Final = {"intent": "macroF1", "entity": "spanF1", "response": "answerRecall"}
"""The figure that a task is judged by."""
_PARTS: Final = (
    "figures",
    "perClass",
    "slices",
    "calibration",
    "latency",
    "size",
    "labelNoise",
    "encoderTuning",
    "outOfScope",
    "environment",
    "template",
    "cost",
    "seed",
)


def number(value: object) -> float | None:
    """Read a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def text(value: object) -> str:
    """Read a text."""
    return value if isinstance(value, str) else ""


def inside(given: Mapping[str, Any], *path: str) -> Mapping[str, Any] | None:
    """Follow a path to an object."""
    found = given
    for each in path:
        below: object = found.get(each)
        if not isinstance(below, Mapping):
            return None
        found = cast("Mapping[str, Any]", below)
    return found


def within(given: Mapping[str, Any], *path: str) -> float | None:
    """Follow a path to a number."""
    found = inside(given, *path[:-1])
    return None if found is None else number(found.get(path[-1]))


def parts(card: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the evidence out of a card."""
    return {each: card.get(each) for each in _PARTS}


def test_figures(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was measured on the test examples."""
    return dict(inside(card, "figures", "test") or {})


def latency(card: Mapping[str, Any], quantile: str) -> float | None:
    """Return the `p50` or `p95` of one question at a time, in milliseconds."""
    return within(card, "latency", f"{quantile}Ms")


def calibration_error(card: Mapping[str, Any]) -> float | None:
    """Return how far sureness and rightness are apart on average, 0 to 1."""
    return within(card, "calibration", "error")


def majority(card: Mapping[str, Any]) -> float:
    """Return what the most frequent answer alone would reach on the test examples."""
    supports = list(_keyed(card.get("perClass"), "label", "support").values())
    return max(supports) / total if (total := sum(supports)) else 0.0


def f1_by_label(card: Mapping[str, Any]) -> dict[str, float]:
    """Return F1 by label."""
    return _keyed(card.get("perClass"), "label", "f1")


def slices(card: Mapping[str, Any]) -> dict[str, float]:
    """Return accuracy by slice, such as `source: user`."""
    found: dict[str, float] = {}
    for row in _rows(card.get("slices")):
        measured = number(row.get("accuracy"))
        if measured is not None:
            found[slice_name(row)] = measured
    return found


def slice_name(row: Mapping[str, Any]) -> str:
    """Name a slice by what it is a part of, and which part."""
    value = row.get("value")
    return text(row.get("slice")) if value is None else f"{text(row.get('slice'))}: {value}"


def _keyed(rows: object, key: str, value: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in _rows(rows):
        measured = number(row.get(value))
        if measured is not None:
            found[text(row.get(key))] = measured
    return found


def _rows(given: object) -> list[Mapping[str, Any]]:
    if not isinstance(given, list):
        return []
    every = cast("list[object]", given)
    return [cast("Mapping[str, Any]", each) for each in every if isinstance(each, Mapping)]

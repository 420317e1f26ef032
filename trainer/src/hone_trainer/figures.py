"""How good predictions of labels are: by class, by slice, and whether chances come true. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, SupportsFloat

import numpy as np
from numpy.typing import NDArray

BINS: Final = 10
LEAST: Final = 5
"""Examples that a slice has at least."""
PAIRS: Final = 20
LENGTHS: Final = ((4, "1-4 words"), (8, "5-8 words"), (16, "9-16 words"), (0, "17 words or more"))

Judged = tuple[str, str, float]
"""What was expected, what was said, and how sure of it."""


def rounded(value: SupportsFloat) -> float:
    """Return a figure as it is written: what is beyond six digits is noise."""
    return round(float(value), 6)


def overall(judged: Sequence[Judged]) -> dict[str, float]:
    """Return accuracy, macro F1 and calibration error."""
    classes = by_class(judged)
    right = sum(expected == said for expected, said, _ in judged)
    return {
        "accuracy": rounded(right / len(judged)) if judged else 0.0,
        "macroF1": rounded(np.mean([each["f1"] for each in classes])) if classes else 0.0,
        "calibrationError": calibration(judged)["error"],
        "examples": float(len(judged)),
    }


def by_class(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return precision, recall, F1 and support of each label that was expected or said."""
    expected = Counter(each[0] for each in judged)
    said = Counter(each[1] for each in judged)
    right = Counter(each[0] for each in judged if each[0] == each[1])
    found: list[dict[str, Any]] = []
    for label in sorted(set(expected) | set(said)):
        precision = right[label] / said[label] if said[label] else 0.0
        recall = right[label] / expected[label] if expected[label] else 0.0
        both = precision + recall
        found.append(
            {
                "label": label,
                "precision": rounded(precision),
                "recall": rounded(recall),
                "f1": rounded(2 * precision * recall / both) if both else 0.0,
                "support": expected[label],
            }
        )
    return found


def confused(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return the pairs of labels that are mistaken most often."""
    pairs = Counter((expected, said) for expected, said, _ in judged if expected != said)
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:PAIRS]
    return [{"expected": one, "said": other, "count": count} for (one, other), count in ordered]


def calibration(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return how far sureness and rightness are apart, and both by how sure it was."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for expected, said, sure in judged:
        bins[min(int(sure * BINS), BINS - 1)].append((sure, expected == said))
    error = 0.0
    found: list[dict[str, float]] = []
    for number, each in enumerate(bins):
        if not each:
            continue
        sure = float(np.mean([one[0] for one in each]))
        right = float(np.mean([one[1] for one in each]))
        error += abs(sure - right) * len(each) / len(judged)
        found.append(
            {
                "from": number / BINS,
                "confidence": rounded(sure),
                "accuracy": rounded(right),
                "examples": float(len(each)),
            }
        )
    return {"error": rounded(error), "bins": found}


def slices(judged: Sequence[Judged], names: Mapping[str, Sequence[str | None]]) -> list[Any]:
    """Return the figures of parts: by each name, the value that each example has there.

    A part of a few examples tells nothing, and a set may have as many as it has groups.
    """
    found: list[dict[str, Any]] = []
    for name, values in names.items():
        kinds = Counter(value for value in values if value is not None)
        for value, count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:PAIRS]:
            if count < LEAST:
                break
            part = [each for each, own in zip(judged, values, strict=True) if own == value]
            figures = overall(part)
            found.append({"slice": name, "value": value, "examples": count, **figures})
    return found


def length(text: str) -> str:
    """Name how long a text is."""
    words = len(text.split())
    return next(name for most, name in LENGTHS if words <= most or not most)


def latency(
    ask: Callable[[str], object], texts: Sequence[str], clock: Callable[[], float]
) -> dict[str, float]:
    """Measure how long one question at a time takes, in milliseconds."""
    took: list[float] = []
    for text in texts:
        began = clock()
        ask(text)
        took.append((clock() - began) * 1000)
    times: NDArray[np.float64] = np.array(took)
    return {
        "p50Ms": round(float(np.quantile(times, 0.5)), 3),
        "p95Ms": round(float(np.quantile(times, 0.95)), 3),
        "examples": float(len(took)),
    }

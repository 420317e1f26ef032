"""Challenger beside champion, both asked the same test examples: is it better, and not by chance?

The paired bootstrap draws examples, with what both said of them, with replacement; McNemar's exact test
looks at those that only one of the two got right. Seeded: the same two models and examples give the same
figures, latency aside.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from hone_trainer import figures
from hone_trainer.artifact import Model, Prediction
from hone_trainer.data import Example

RESAMPLES: Final = 2000
LEVEL: Final = 0.95
TIMED: Final = 200
"""Questions that latency is measured with."""
SHOWN: Final = 50
"""Slices and examples that are told."""

Floats = NDArray[np.float64]
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """What both models said of the same examples, as numbers."""

    right: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    """Challenger's, champion's: whether each example was answered as expected."""
    chances: tuple[Floats, Floats]
    counts: tuple[Counts, Counts]
    """For each example and class: expected, said, both. F1 is a function of their sums."""


def compare(
    challenger: Model, champion: Model, examples: Sequence[Example], *, seed: int = 7
) -> dict[str, Any]:
    """Compare two models of one task on test examples."""
    texts = [example.text for example in examples]
    new, old = challenger.predict(texts), champion.predict(texts)
    said = _said(challenger.task, examples, new, old)
    drawn = _drawn(len(examples), seed)
    metric = "spanF1" if challenger.task == "entity" else "macroF1"
    metrics = {"accuracy": _accuracy(said, drawn), metric: _f1(said, drawn, metric)}
    if challenger.task == "response":
        metrics = {"accuracy": metrics["accuracy"], "answerRecall": metrics["accuracy"]}
    return {
        "format": 1,
        "examples": len(examples),
        "seed": seed,
        "resamples": RESAMPLES,
        "metrics": metrics,
        "mcnemar": _mcnemar(said),
        "slices": _slices(said, examples, seed),
        "changed": _changed(examples, new, old, said),
        "calibration": {
            "challenger": _calibration(said, 0),
            "champion": _calibration(said, 1),
        },
        "latency": {
            "challenger": _latency(challenger, texts),
            "champion": _latency(champion, texts),
        },
        "size": {"challenger": _size(challenger), "champion": _size(champion)},
        "template": {"equal": _template(challenger) == _template(champion)},
        "labels": {
            "added": sorted(set(challenger.manifest.labels) - set(champion.manifest.labels)),
            "gone": sorted(set(champion.manifest.labels) - set(challenger.manifest.labels)),
        },
    }


def _said(
    task: str, examples: Sequence[Example], new: Sequence[Prediction], old: Sequence[Prediction]
) -> Said:
    wanted = [_wanted(task, example.output) for example in examples]
    answers = [[_answer(task, each) for each in of] for of in (new, old)]
    classes = sorted(
        {one for every in (wanted, *answers) for each in every for one in _kinds(each)}
    )
    place = {name: number for number, name in enumerate(classes)}
    return Said(
        (_right(wanted, answers[0]), _right(wanted, answers[1])),
        (_chances(new), _chances(old)),
        (_count(wanted, answers[0], place), _count(wanted, answers[1], place)),
    )


Answer = frozenset[tuple[str, Any]]
"""What there is to find in one example: its label, its answer, or the spans of its entities."""


def _wanted(task: str, output: Any) -> Answer:  # noqa: ANN401
    if task == "entity":
        return frozenset((each["label"], (each["start"], each["end"])) for each in output)
    return frozenset({(str(output), None)})


def _answer(task: str, said: Prediction) -> Answer:
    if task == "entity":
        return frozenset((each.label, (each.start, each.end)) for each in said.entities)
    told = said.text if task == "response" else said.label
    return frozenset() if told is None else frozenset({(told, None)})


def _kinds(answer: Answer) -> list[str]:
    return [kind for kind, _ in answer]


def _right(wanted: Sequence[Answer], said: Sequence[Answer]) -> NDArray[np.bool_]:
    return np.array([one == other for one, other in zip(wanted, said, strict=True)], dtype=bool)


def _chances(said: Sequence[Prediction]) -> Floats:
    return np.array([each.confidence for each in said], dtype=np.float64)


def _count(wanted: Sequence[Answer], said: Sequence[Answer], place: Mapping[str, int]) -> Counts:
    counts = np.zeros((len(wanted), 3, len(place)))
    for row, (one, other) in enumerate(zip(wanted, said, strict=True)):
        for column, found in enumerate((one, other, one & other)):
            for kind, number in Counter(_kinds(found)).items():
                counts[row, column, place[kind]] += number
    return counts


def _drawn(count: int, seed: int) -> NDArray[np.intp]:
    """Draw how often each example is in each sample: rows are samples."""
    return np.random.default_rng(seed).multinomial(
        count, np.full(count, 1 / max(count, 1)), RESAMPLES
    )


def _accuracy(said: Said, drawn: NDArray[np.intp]) -> dict[str, float]:
    new, old = (each.astype(np.float64) for each in said.right)
    samples = drawn @ (new - old) / max(len(new), 1)
    return _told(_mean(new), _mean(old), samples)


def _f1(said: Said, drawn: NDArray[np.intp], metric: str) -> dict[str, float]:
    kind = _micro if metric == "spanF1" else _macro
    whole = [kind(each.sum(axis=0)[None])[0] for each in said.counts]
    flat = [each.reshape(len(each), -1) for each in said.counts]
    shape = said.counts[0].shape[1:]
    samples = [kind((drawn @ each).reshape(-1, *shape)) for each in flat]
    return _told(whole[0], whole[1], samples[0] - samples[1])


def _macro(sums: Counts) -> Floats:
    """Return the mean F1 of the classes that are there, for each sample."""
    expected, found, both = sums[:, 0], sums[:, 1], sums[:, 2]
    there = (expected + found) > 0
    f1 = np.divide(2 * both, expected + found, out=np.zeros_like(both), where=there)
    return f1.sum(axis=1) / np.maximum(there.sum(axis=1), 1)


def _micro(sums: Counts) -> Floats:
    """Return F1 over all spans, for each sample."""
    whole = sums.sum(axis=2)
    pairs = whole[:, 0] + whole[:, 1]
    return np.divide(2 * whole[:, 2], pairs, out=np.zeros_like(pairs), where=pairs > 0)


def _told(new: float, old: float, samples: Floats) -> dict[str, float]:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(samples, [tail, 1 - tail]) if len(samples) else (0.0, 0.0)
    worse = float((samples <= 0).mean()) if len(samples) else 1.0
    return {
        "challenger": figures.rounded(new),
        "champion": figures.rounded(old),
        "difference": figures.rounded(new - old),
        "low": figures.rounded(low),
        "high": figures.rounded(high),
        "notBetter": figures.rounded(worse),
    }


def _mcnemar(said: Said) -> dict[str, float]:
    new, old = said.right
    gained, lost = int((new & ~old).sum()), int((old & ~new).sum())
    chance = binomtest(gained, gained + lost, 0.5).pvalue if gained + lost else 1.0
    return {
        "onlyChallenger": gained,
        "onlyChampion": lost,
        "pValue": figures.rounded(np.float64(chance)),
    }


def _slices(said: Said, examples: Sequence[Example], seed: int) -> list[dict[str, Any]]:
    """Compare accuracy in parts: by label, by length, by where examples came from."""
    names: dict[str, list[str | None]] = {
        "label": [str(e.output) if isinstance(e.output, str) else None for e in examples],
        "length": [figures.length(example.text) for example in examples],
        "source": [example.source for example in examples],
    }
    found: list[dict[str, Any]] = []
    for name, values in names.items():
        for value, count in Counter(value for value in values if value is not None).items():
            mask = np.array([each == value for each in values], dtype=bool)
            part = Said((said.right[0][mask], said.right[1][mask]), said.chances, said.counts)
            told = _accuracy(part, _drawn(count, seed))
            found.append({"slice": name, "value": value, "examples": count, **told})
    found.sort(key=lambda each: (each["difference"], each["slice"], each["value"]))
    return found[:SHOWN] if len(found) <= 2 * SHOWN else [*found[:SHOWN], *found[-SHOWN:]]


def _changed(
    examples: Sequence[Example],
    new: Sequence[Prediction],
    old: Sequence[Prediction],
    said: Said,
) -> list[dict[str, Any]]:
    """Name examples that only one of the two got right, those that were lost first."""
    rows = [
        {
            "id": example.id,
            "expected": example.output,
            "challenger": one.label or one.text,
            "champion": other.label or other.text,
            "gained": bool(said.right[0][number]),
        }
        for number, (example, one, other) in enumerate(zip(examples, new, old, strict=True))
        if said.right[0][number] != said.right[1][number]
    ]
    return sorted(rows, key=lambda each: (each["gained"], each["id"]))[:SHOWN]


def _calibration(said: Said, which: int) -> float:
    judged = [
        ("right", "right" if right else "wrong", float(sure))
        for right, sure in zip(said.right[which], said.chances[which], strict=True)
    ]
    return float(figures.calibration(judged)["error"])


def _latency(model: Model, texts: Sequence[str]) -> Any:  # noqa: ANN401
    return figures.latency(lambda text: model.predict([text]), texts[:TIMED], time.perf_counter)


def _size(model: Model) -> int:
    return sum(int(entry["size"]) for entry in model.manifest.files.values())


def _template(model: Model) -> Any:  # noqa: ANN401
    return model.manifest.settings.get("template")


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0

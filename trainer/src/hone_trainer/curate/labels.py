"""Labels that are probably wrong: what is said of each example by a model that did not learn from it (cleanlab)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hone_trainer import exact
from hone_trainer.calibration import temperature
from hone_trainer.classifier import softmax
from hone_trainer.curate import Finding
from hone_trainer.data import Example

Floats = NDArray[np.float32]
LEAST: Final = 3
"""Labels of fewer examples are not judged."""
PIECE: Final = 6_000
"""Examples that are judged together; more are judged in parts."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a label."""

    row: int
    label: int
    chance: float
    quality: float


def held_out(sparse: csr_matrix, classes: NDArray[np.intp]) -> Floats:
    """Return the chances of every label for every example, unseen."""
    width = int(classes.max()) + 1
    made = np.zeros((len(classes), width), dtype=np.float32)
    dice = np.random.default_rng(7)
    parts = -(-len(classes) // PIECE)
    for part in np.array_split(dice.permutation(len(classes)), parts):
        rows = np.sort(part)
        wanted = np.eye(width, dtype=np.float32)[classes[rows]]
        own = np.ones(len(rows), np.float32)
        known = exact.Examples(csr_matrix(sparse[rows]), None, wanted, own)
        said = exact.fit(known, exact.Recipe()).held_out
        made[rows] = softmax(said / np.float32(temperature(said, classes[rows])))
    return made


def doubts(chances: Floats, classes: NDArray[np.intp]) -> list[Doubt]:
    """Return what cleanlab doubts, worst first."""
    doubled = chances.astype(np.float64)
    doubled /= doubled.sum(axis=1, keepdims=True)
    rows = find_label_issues(classes, doubled, return_indices_ranked_by="self_confidence", n_jobs=1)
    quality = get_label_quality_scores(classes, doubled)
    best = chances.argmax(axis=1)
    return [
        Doubt(int(row), int(best[row]), float(chances[row, best[row]]), float(quality[row]))
        for row in rows
        if best[row] != classes[row]
    ]


def labels(examples: Sequence[Example], sparse: csr_matrix) -> list[Finding]:
    """Tell of examples that others like them contradict."""
    counts = Counter(example.label for example in examples)
    rows = [row for row, e in enumerate(examples) if counts[e.label] >= LEAST]
    names = sorted({examples[row].label for row in rows})
    if len(names) < 2:
        return []
    places = {name: place for place, name in enumerate(names)}
    classes = np.array([places[examples[row].label] for row in rows], dtype=np.intp)
    found = doubts(held_out(csr_matrix(sparse[rows]), classes), classes)
    made: list[Finding] = []
    for each in found:
        example, name = examples[rows[each.row]], names[each.label]
        reason = (
            f"Examples like it are {name!r} ({each.chance:.0%}); this one is {example.label!r}."
        )
        score = 1 - each.quality
        made.append(Finding("labels", [example.id], score, "relabel", reason, name))
    return made

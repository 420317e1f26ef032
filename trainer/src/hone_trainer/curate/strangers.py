"""Examples that nothing else is like."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hone_trainer.curate import Finding
from hone_trainer.data import Example

NEIGHBOURS: Final = 5
COMPARED: Final = 10_000
"""Examples that each is compared with at most."""
PART: Final = 500
SHARE: Final = 0.01
"""Of examples, at most; the strangest ones."""
STRANGE: Final = 0.5
"""A stranger is less than this share as near to its neighbours as the middle example is."""


def nearness(sparse: csr_matrix, neighbours: int = NEIGHBOURS) -> NDArray[np.float32]:
    """Return the mean likeness of each row to those nearest to it."""
    dice = np.random.default_rng(7)
    count = sparse.shape[0]
    chosen = np.sort(dice.permutation(count)[:COMPARED])
    others = csr_matrix(sparse[chosen].T)
    made = np.zeros(count, dtype=np.float32)
    most = min(neighbours + 1, len(chosen))
    for first in range(0, count, PART):
        rows = np.arange(first, min(first + PART, count))
        alike = np.asarray((sparse[rows] @ others).todense())
        alike[rows[:, None] == chosen[None, :]] = -1
        best = np.partition(alike, -most, axis=1)[:, -most:]
        made[rows] = np.sort(best, axis=1)[:, -neighbours:].mean(axis=1)
    return made


def outliers(examples: Sequence[Example], sparse: csr_matrix) -> list[Finding]:
    """Tell of examples that are far from all others."""
    near = nearness(sparse)
    middle = float(np.median(near))
    limit = min(float(np.quantile(near, SHARE)), STRANGE * middle)
    made: list[Finding] = []
    for row in np.flatnonzero(near <= limit).tolist():
        score = 1 - near[row] / middle if middle > 0 else 1.0
        reason = "No other example is like this one."
        made.append(Finding("outliers", [examples[row].id], float(score), "drop", reason))
    return sorted(made, key=lambda each: -each.score)

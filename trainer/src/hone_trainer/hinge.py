"""The way to learn a head of words alone: a support vector machine for each label (LIBLINEAR)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from hone_trainer.exact import Learned
from hone_trainer.heads import Floats, Head

COST: Final = 1.0
FOLDS: Final = 3
"""Of what is said of each example unseen."""


def fit(
    sparse: csr_matrix,
    classes: NDArray[np.intp],
    weights: Floats,
    seed: int,
    width: int,
    cost: float = COST,
) -> Learned:
    """Learn; a class below nothing is out of scope, and none of the labels."""
    words, bias = _solve(sparse, classes, weights, seed, width, cost)
    said = np.zeros((len(classes), width), np.float32)
    fold = _folds(classes, seed)
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part = csr_matrix(sparse[inside])
        own, shift = _solve(part, classes[inside], weights[inside], seed, width, cost)
        said[outside] = sparse[outside] @ own + shift
    return Learned(Head(words, bias), said, np.arange(len(classes)))


def _solve(
    sparse: csr_matrix,
    classes: NDArray[np.intp],
    weights: Floats,
    seed: int,
    width: int,
    cost: float,
) -> tuple[Floats, Floats]:
    machine = LinearSVC(C=cost, random_state=seed, max_iter=2000)
    machine.fit(sparse, classes, weights)
    found, shift = np.asarray(machine.coef_, np.float32), np.asarray(machine.intercept_, np.float32)
    seen = np.asarray(machine.classes_)
    if len(seen) == 2:
        found, shift = np.concatenate([-found, found]), np.concatenate([-shift, shift])
    words = np.zeros((sparse.shape[1], width), np.float32)
    # A label that a fold lacks is said of nothing.
    bias = np.full(width, -1.0, np.float32)
    known = seen >= 0
    words[:, seen[known]], bias[seen[known]] = found[known].T, shift[known]
    return words, bias


def _folds(classes: NDArray[np.intp], seed: int) -> NDArray[np.intp]:
    """Deal each class's examples to the folds."""
    dice = np.random.default_rng(seed)
    fold = np.zeros(len(classes), np.intp)
    for each in np.unique(classes):
        own = dice.permutation(np.flatnonzero(classes == each))
        fold[own] = (np.arange(len(own)) + dice.integers(FOLDS)) % FOLDS
    return fold

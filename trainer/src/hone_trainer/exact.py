"""The default way to learn a head: least squares with a kernel, solved exactly, in one step.

Every example is remembered and pulls texts like it to its label. One factorisation serves all labels, and
tells as well what would be said of an example had it not been learned from: that is what chances,
doubts and the search for wrong labels stand on, at little further cost.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs
from scipy.sparse import csc_matrix, csr_matrix

from hone_trainer.heads import Anchors, Floats, Head, nearness

PENALTY: Final = 1.0
COMMON: Final = 0.02
"""A feature of a larger share of texts than this is multiplied as a dense one."""
BLOCK: Final = 1000
"""Texts whose kernel is made at once."""
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn."""

    penalty: float = PENALTY
    pull: float = 8.0
    """How much embeddings count beside words."""
    reach: float = 2.0
    """How fast nearness falls off: so fast that a text is pulled by those that mean the same."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A head, and what it would say of some examples without having seen them."""

    head: Head
    held_out: Floats
    rows: Rows
    """Which examples these are."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What is learned from."""

    sparse: csr_matrix
    embeddings: Floats | None
    wanted: Floats
    """By example and label; nothing for examples that are out of scope, which come last."""
    weights: Floats

    @property
    def inside(self) -> int:
        """How many are in scope."""
        return int((self.wanted.sum(axis=1) > 0).sum())


def fit(known: Examples, recipe: Recipe, told: Rows | None = None) -> Learned:
    """Solve for the head; of these examples (None: of all) it is told what would be said of them unseen."""
    every = np.arange(len(known.weights))
    rows = every if told is None else told
    # What would be said of the last ones stands in the last corner of the factor, and so is cheap.
    order, first = np.concatenate([np.setdiff1d(every, rows), rows]), len(every) - len(rows)
    weights, wanted = known.weights[order], known.wanted[order]
    places = None if known.embeddings is None else known.embeddings[order]
    kernel = _kernel(csr_matrix(known.sparse[order]), places, recipe)
    kernel[np.diag_indices_from(kernel)] += np.float32(recipe.penalty) / weights
    bias = (weights @ wanted / weights.sum()).astype(np.float32)
    rest = np.asfortranarray(wanted - bias, dtype=np.float32)
    spotrf, spotrs = get_lapack_funcs(("potrf", "potrs"), (kernel,))
    # The transpose lies in memory as LAPACK wants it, so nothing is copied.
    factor, failed = spotrf(kernel.T, lower=0, overwrite_a=1, clean=0)
    if failed:
        raise ArithmeticError("The kernel is not positive; raise the penalty.")
    pulls, _ = spotrs(factor, rest, lower=0)
    held_out = wanted[first:] - pulls[first:] / _inverse_diagonal(factor, first)[:, None]
    back = np.argsort(order)
    pulls = np.ascontiguousarray(pulls[back])
    anchors = None
    if known.embeddings is not None:
        scaled = pulls * np.float32(recipe.pull)
        anchors = Anchors(known.embeddings, scaled, recipe.reach, known.inside)
    head = Head(np.ascontiguousarray(known.sparse.T @ pulls, dtype=np.float32), bias, anchors)
    return Learned(head, held_out, rows)


def some(known: Examples, count: int) -> Rows:
    """Choose so many examples in scope, of each label about as many, and all that are out of it."""
    inside = known.inside
    strange = np.arange(inside, len(known.weights))
    if inside <= count:
        return np.arange(len(known.weights))
    classes = known.wanted[:inside].argmax(axis=1)
    mixed = np.random.default_rng(0).permutation(inside)
    turn = np.zeros(inside, np.intp)
    for each in range(known.wanted.shape[1]):
        own = mixed[classes[mixed] == each]
        turn[own] = np.arange(len(own))
    chosen = mixed[np.argsort(turn[mixed], kind="stable")][:count]
    return np.concatenate([np.sort(chosen), strange])


def _kernel(sparse: csr_matrix, places: Floats | None, recipe: Recipe) -> Floats:
    """Return how much texts are alike, below the diagonal and on it; above it is nothing of use."""
    by_feature = csc_matrix(sparse)
    counts = np.diff(by_feature.indptr)
    common = counts > COMMON * sparse.shape[0]
    dense = np.asarray(by_feature[:, np.flatnonzero(common)].todense(), dtype=np.float32)
    rest = csr_matrix(by_feature[:, np.flatnonzero(~common & (counts > 1))])
    once = csr_matrix(by_feature[:, np.flatnonzero(counts == 1)])
    kernel = np.zeros((sparse.shape[0],) * 2, np.float32)

    def fill(first: int) -> None:
        last = min(first + BLOCK, len(kernel))
        part = kernel[first:last, :last]
        np.matmul(dense[first:last], dense[:last].T, out=part)
        product = csr_matrix(rest[first:last] @ rest[:last].T)
        rows = np.repeat(np.arange(last - first), np.diff(product.indptr))
        part[rows, product.indices] += product.data
        if places is not None:
            near = nearness(places[first:last] @ places[:last].T, recipe.reach)
            near *= np.float32(recipe.pull)
            part += near

    for first in range(0, len(kernel), BLOCK):
        fill(first)
    kernel[np.diag_indices_from(kernel)] += np.asarray(once.multiply(once).sum(axis=1)).ravel()
    return kernel


def _inverse_diagonal(factor: NDArray[np.float32], first: int) -> Floats:
    """Return the diagonal, from a place on, of the inverse of what was factored."""
    corner = np.asfortranarray(factor[first:, first:])
    (strtri,) = get_lapack_funcs(("trtri",), (corner,))
    inverse, _ = strtri(corner, lower=0, overwrite_c=1)
    return np.array(
        [np.dot(row[at:], row[at:]) for at, row in enumerate(np.ascontiguousarray(inverse))],
        dtype=np.float32,
    )

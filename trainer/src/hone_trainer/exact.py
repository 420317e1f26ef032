"""The default way to learn a head: least squares with a kernel, solved exactly, in one step.

Every example is remembered and pulls texts like it to its label. One factorisation serves all labels, and
tells as well what would be said of each example had it not been learned from: that is what chances,
doubts and the search for wrong labels stand on, at no further cost.
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
    """A head, and what it would say of each example without having seen it."""

    head: Head
    held_out: Floats


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


def gram(sparse: csr_matrix) -> Floats:
    """Multiply texts with each other."""
    by_feature = csc_matrix(sparse)
    counts = np.diff(by_feature.indptr)
    common = counts > COMMON * sparse.shape[0]
    dense = np.asarray(by_feature[:, np.flatnonzero(common)].todense(), dtype=np.float32)
    found = dense @ dense.T
    rest = csr_matrix(by_feature[:, np.flatnonzero(~common & (counts > 1))])
    product = csr_matrix(rest @ rest.T)
    rows = np.repeat(np.arange(sparse.shape[0]), np.diff(product.indptr))
    found[rows, product.indices] += product.data
    once = csr_matrix(by_feature[:, np.flatnonzero(counts == 1)])
    found[np.diag_indices_from(found)] += np.asarray(once.multiply(once).sum(axis=1)).ravel()
    return found


def fit(known: Examples, recipe: Recipe) -> Learned:
    """Solve for the head."""
    kernel = gram(known.sparse)
    places = known.embeddings
    if places is not None:
        kernel += np.float32(recipe.pull) * nearness(places @ places.T, recipe.reach)
    kernel[np.diag_indices_from(kernel)] += np.float32(recipe.penalty) / known.weights
    bias = (known.weights @ known.wanted / known.weights.sum()).astype(np.float32)
    rest = np.asfortranarray(known.wanted - bias, dtype=np.float32)
    spotrf, spotrs = get_lapack_funcs(("potrf", "potrs"), (kernel,))
    factor, failed = spotrf(kernel.T, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise ArithmeticError("The kernel is not positive; raise the penalty.")
    pulls, _ = spotrs(factor, rest, lower=1)
    anchors = None
    if places is not None:
        scaled = np.ascontiguousarray(pulls * np.float32(recipe.pull))
        anchors = Anchors(places, scaled, recipe.reach, known.inside)
    head = Head(np.ascontiguousarray(known.sparse.T @ pulls, dtype=np.float32), bias, anchors)
    return Learned(head, known.wanted - pulls / _inverse_diagonal(factor)[:, None])


def _inverse_diagonal(factor: NDArray[np.float32]) -> Floats:
    """Return the diagonal of the inverse of what was factored."""
    (strtri,) = get_lapack_funcs(("trtri",), (factor,))
    inverse, _ = strtri(factor, lower=1, overwrite_c=1)
    return np.array(
        [np.dot(column[at:], column[at:]) for at, column in enumerate(inverse.T)], dtype=np.float32
    )

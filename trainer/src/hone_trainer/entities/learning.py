"""Find the weights of a tagger: stochastic gradient (AdaGrad) of the likelihood of whole sequences.

Texts of one length make a batch, so that nothing is padded. Weights of features that a batch does not have are not
touched, which is nearly all of them. The mean of the weights over the later epochs is what is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hone_trainer.entities import crf
from hone_trainer.entities.tokens import allowed

Floats = NDArray[np.floating]
NEVER: Final = -1e4
"""The score of a tag that cannot follow."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn."""

    epochs: int = 12
    batch: int = 24
    rate: float = 0.12
    strength: float = 0.003
    """Penalty on squares of weights, for each batch that touches them."""
    dropped: float = 0.25
    """Share of the features of a batch that is hidden from it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Texts as numbers."""

    features: csr_matrix
    """By token; the tokens of a text lie together."""
    about: csr_matrix
    """By text."""
    starts: NDArray[np.intp]
    """Where the tokens of each text begin, and where the last ends."""

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Return how many tokens each text has."""
        return np.diff(self.starts)


class Weights:
    """Blocks of weights by (feature, tag), and the chain."""

    NAMES: Final = ("features", "about", "between", "first", "last")

    def __init__(self, blocks: dict[str, Floats]) -> None:
        """Take the blocks by name."""
        self.blocks = blocks

    @classmethod
    def zero(cls, features: int, about: int, tags: int) -> "Weights":
        """Return weights that know nothing."""
        rows = {"features": features, "about": about, "between": tags}
        blocks = {name: np.zeros((size, tags), dtype=np.float32) for name, size in rows.items()}
        blocks["first"] = np.zeros((1, tags), dtype=np.float32)
        blocks["last"] = np.zeros((1, tags), dtype=np.float32)
        return cls(blocks)

    def chain(self) -> crf.Chain:
        """Return the chain, in which what cannot follow is forbidden."""
        tags = self.blocks["between"].shape[1]
        may = allowed((tags - 1) // 4)
        between = np.where(may[:tags, :tags], self.blocks["between"], NEVER)
        first = np.where(may[tags, :tags], self.blocks["first"][0], NEVER)
        last = np.where(may[:tags, tags], self.blocks["last"][0], NEVER)
        return crf.Chain(*(part.astype(np.float64) for part in (between, first, last)))

    def scores(self, table: Table, texts: NDArray[np.intp]) -> Floats:
        """Score texts of one length, by (place, text, tag)."""
        size = int(table.sizes[texts[0]])
        rows = (table.starts[texts][None, :] + np.arange(size)[:, None]).ravel()
        found = table.features[rows] @ self.blocks["features"]
        found = found.reshape(size, len(texts), -1)
        return (found + table.about[texts] @ self.blocks["about"]).astype(np.float64)


def batches(sizes: NDArray[np.intp], most: int) -> list[NDArray[np.intp]]:
    """Put texts of one length together, in the order that they have; texts without tokens are left out."""
    made: list[NDArray[np.intp]] = []
    for size in np.unique(sizes):
        if size:
            same = np.flatnonzero(sizes == size)
            made.extend(np.array_split(same, -(-len(same) // most)))
    return made


class Learner:
    """What learns, epoch by epoch; all of its state is in `state`."""

    def __init__(
        self,
        table: Table,
        tags: NDArray[np.integer],
        weight: Floats,
        count: int,
        recipe: Recipe,
        seed: int,
    ) -> None:
        """Take texts, the tag of every token, and the weight of every text."""
        self._table, self._tags, self._weight, self._recipe = table, tags, weight, recipe
        self._seed = seed
        shape = (table.features.shape[1], table.about.shape[1], count)
        self.weights, self._mean = Weights.zero(*shape), Weights.zero(*shape)
        self._squares = {
            name: np.full_like(block, 1e-2) for name, block in self.weights.blocks.items()
        }
        self.epoch, self._meant = 0, 0

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that is needed to go on."""
        kept: dict[str, NDArray[Any]] = {"at": np.array([self.epoch, self._meant], dtype=np.int64)}
        for name in Weights.NAMES:
            kept[f"weights.{name}"] = self.weights.blocks[name]
            kept[f"mean.{name}"] = self._mean.blocks[name]
            kept[f"squares.{name}"] = self._squares[name]
        return kept

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go on from a state."""
        self.epoch, self._meant = (int(each) for each in kept["at"])
        for name in Weights.NAMES:
            self.weights.blocks[name] = np.array(kept[f"weights.{name}"])
            self._mean.blocks[name] = np.array(kept[f"mean.{name}"])
            self._squares[name] = np.array(kept[f"squares.{name}"])

    def best(self) -> Weights:
        """Return the mean over the later epochs, or what there is before them."""
        return self._mean if self._meant else self.weights

    def step(self) -> float:
        """Learn from every text once; return the mean loss of a token."""
        dice = np.random.default_rng([self._seed, self.epoch])
        order = dice.permutation(len(self._table.sizes))
        made = [order[rows] for rows in batches(self._table.sizes[order], self._recipe.batch)]
        loss = sum(self._batch(made[place], dice) for place in dice.permutation(len(made)))
        self.epoch += 1
        if 2 * self.epoch > self._recipe.epochs:
            self._meant += 1
            for name, block in self.weights.blocks.items():
                mean = self._mean.blocks[name]
                mean += (block - mean) / np.float32(self._meant)
        return loss / max(len(self._tags), 1)

    def _batch(self, texts: NDArray[np.intp], dice: np.random.Generator) -> float:
        table, weights = self._table, self.weights.blocks
        size, count = int(table.sizes[texts[0]]), len(texts)
        rows = (table.starts[texts][None, :] + np.arange(size)[:, None]).ravel()
        words, word_columns = self._hidden(table.features[rows], dice)
        topics, topic_columns = self._hidden(table.about[texts], dice)
        scores = (words @ weights["features"][word_columns]).reshape(size, count, -1)
        scores = scores + topics @ weights["about"][topic_columns]
        tags = self._tags[rows].reshape(size, count)
        chain = self.weights.chain()
        found = crf.chances(scores.astype(np.float64), chain)
        share = self._weight[texts]
        loss = float(((found.total - crf.value(scores, chain, tags)) * share).sum())
        rest = found.each
        np.subtract.at(rest, (np.arange(size)[:, None], np.arange(count)[None, :], tags), 1.0)
        rest = (rest * share[None, :, None]).astype(np.float32)
        flat = rest.reshape(size * count, -1)
        pairs = found.pairs
        np.subtract.at(pairs, (tags[:-1].ravel(), tags[1:].ravel()), 1.0)
        self._move("features", word_columns, words.T @ flat)
        self._move("about", topic_columns, topics.T @ rest.sum(axis=0))
        self._move("between", slice(None), pairs.astype(np.float32))
        self._move("first", slice(None), rest[0].sum(axis=0, keepdims=True))
        self._move("last", slice(None), rest[-1].sum(axis=0, keepdims=True))
        return loss

    def _hidden(
        self, block: csr_matrix, dice: np.random.Generator
    ) -> tuple[csr_matrix, NDArray[np.integer]]:
        """Keep the columns that the rows have, less those that are hidden this time."""
        columns, place = np.unique(block.indices, return_inverse=True)
        kept = dice.random(len(columns)) >= self._recipe.dropped
        data = block.data * kept[place] / np.float32(1 - self._recipe.dropped)
        return csr_matrix(
            (data, place, block.indptr), shape=(block.shape[0], len(columns))
        ), columns

    def _move(self, name: str, rows: NDArray[np.integer] | slice, slope: Floats) -> None:
        now = self.weights.blocks[name][rows]
        slope = slope + np.float32(self._recipe.strength) * now
        squares = self._squares[name][rows] + slope * slope
        self._squares[name][rows] = squares
        self.weights.blocks[name][rows] = now - np.float32(self._recipe.rate) * slope / np.sqrt(
            squares
        )

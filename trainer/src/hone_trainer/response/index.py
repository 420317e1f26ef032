"""Texts by their words or their characters, compared with a question one term at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.response.library import words

Floats = NDArray[np.floating]
Terms = Callable[[str], list[str]]
SATURATION: Final = 1.2
LENGTH: Final = 0.75
"""The two constants of BM25, as they are usual."""


class Index:
    """An inverted index: for each term the texts that have it, and with what weight."""

    def __init__(self, texts: Sequence[str], terms: Terms) -> None:
        """Read texts; how terms are weighed is up to the two kinds below."""
        self._terms = terms
        self._size = len(texts)
        counted = [Counter(terms(text)) for text in texts]
        rows: dict[str, list[int]] = {}
        often: dict[str, list[int]] = {}
        for row, counts in enumerate(counted):
            for term, count in counts.items():
                rows.setdefault(term, []).append(row)
                often.setdefault(term, []).append(count)
        self.rarity = {term: self._rarity(len(found)) for term, found in rows.items()}
        lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
        self._places = {term: np.array(found, dtype=np.intp) for term, found in rows.items()}
        self._weights = self._weigh(
            {term: np.array(found, dtype=np.float32) for term, found in often.items()}, lengths
        )

    def asked(self, text: str) -> dict[str, float]:
        """Return the terms of a question, each with its weight."""
        raise NotImplementedError

    def scores(self, text: str) -> Floats:
        """Compare every text with a question."""
        found = np.zeros(self._size, dtype=np.float32)
        for term, weight in self.asked(text).items():
            if term in self._places:
                found[self._places[term]] += np.float32(weight) * self._weights[term]
        return found

    def _rarity(self, count: int) -> float:
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))

    def _unknown(self) -> float:
        return self._rarity(0)

    def _weigh(self, often: dict[str, Floats], lengths: Floats) -> dict[str, Floats]:
        raise NotImplementedError


class Found(Index):
    """How much of what a question asks for a text has (BM25), from 0 to 1."""

    def asked(self, text: str) -> dict[str, float]:
        """Weigh each term by how rare it is, all of them by what the best text could have."""
        rare = {term: self.rarity.get(term, self._unknown()) for term in set(self._terms(text))}
        total = sum(rare.values()) * (SATURATION + 1)
        return {term: value / total for term, value in sorted(rare.items())}

    def _weigh(self, often: dict[str, Floats], lengths: Floats) -> dict[str, Floats]:
        mean = float(lengths.mean()) if len(lengths) else 1.0
        bent = SATURATION * (1 - LENGTH + LENGTH * lengths / max(mean, 1.0))
        return {
            term: count * (SATURATION + 1) / (count + bent[self._places[term]])
            for term, count in often.items()
        }


class Alike(Index):
    """How alike a question and a text are: the cosine of their terms, weighed by how rare each is."""

    def asked(self, text: str) -> dict[str, float]:
        """Weigh each term by how rare it is; together they have length one."""
        counts = Counter(self._terms(text))
        weights = {
            term: (1 + np.log(count)) * self.rarity.get(term, self._unknown())
            for term, count in sorted(counts.items())
        }
        length = float(np.sqrt(sum(value * value for value in weights.values())))
        return {term: value / length for term, value in weights.items()} if length else {}

    def _weigh(self, often: dict[str, Floats], lengths: Floats) -> dict[str, Floats]:
        weights = {
            term: ((1 + np.log(count)) * self.rarity[term]).astype(np.float32)
            for term, count in often.items()
        }
        squares = np.zeros(self._size, dtype=np.float32)
        for term, value in weights.items():
            squares[self._places[term]] += value * value
        scale = 1 / np.sqrt(np.maximum(squares, 1e-12))
        return {term: value * scale[self._places[term]] for term, value in weights.items()}


def stems(text: str) -> list[str]:
    """Return words and pairs of words, without the endings that English has most."""
    said = [_stem(word) for word in words(text)]
    return said + [f"{one} {other}" for one, other in pairwise(said)]


def single(text: str) -> list[str]:
    """Return words without their endings."""
    return [_stem(word) for word in words(text)]


def characters(text: str) -> list[str]:
    """Return the runs of three to five characters within words, which wrong spelling leaves nearly as they are."""
    found: list[str] = []
    for word in words(text):
        edged = f" {word} "
        for size in (3, 4, 5):
            found.extend(edged[at : at + size] for at in range(len(edged) - size + 1))
    return found


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word

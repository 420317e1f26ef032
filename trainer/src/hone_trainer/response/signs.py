"""What speaks for an entry as the answer to a question, in numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.encoder import Encoder
from hone_trainer.response.index import Alike, Floats, Found, characters, single, stems
from hone_trainer.response.library import Library

SIGNS: Final = (
    "words",
    "question words",
    "question characters",
    "votes",
    "title",
    "known",
    "question meaning",
    "text meaning",
)
POOL: Final = 10
"""Entries that each way of looking brings."""
NEAREST: Final = 10
"""Questions that vote for what they belong to."""
LONGEST: Final = 4000
"""Characters of a question that are read."""
Embed = Callable[[str], Floats]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Embeddings of an encoder, which has a row for each question and each entry."""

    embed: Embed
    questions: Floats
    entries: Floats


def unit(rows: Floats) -> Floats:
    """Scale embeddings to length one."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.maximum(length, 1e-12)


def meaning(encoder: Encoder) -> Embed:
    """Return what makes the embedding of a question."""
    return lambda text: unit(encoder.encode(text))


class Signs:
    """A library that is ready to be searched."""

    def __init__(self, library: Library, meanings: Meanings | None = None) -> None:
        """Index the library."""
        self.library = library
        self._owners = np.array(library.owners, dtype=np.intp)
        self._texts = Found([f"{e.title} {e.text}" for e in library.entries], single)
        self._titles = Found([e.title for e in library.entries], single)
        self._words = Alike(library.questions, stems)
        self._characters = Alike(library.questions, characters)
        self._counts = np.bincount(self._owners, minlength=len(library.entries))
        self._meanings = meanings

    def compare(
        self, text: str, apart: Sequence[int] = (), extra: Sequence[int] = ()
    ) -> tuple[NDArray[np.intp], Floats]:
        """Return the entries that may answer a question, and the signs of each.

        `apart` are questions of the library that must not be looked at, for they are this one; `extra` are
        entries that are to be among what is found.
        """
        size, text = len(self.library.entries), text[:LONGEST]
        asked, spelled = self._words.scores(text), self._characters.scores(text)
        meant = np.zeros(len(asked), dtype=np.float32)
        said = np.zeros(size, dtype=np.float32)
        if self._meanings is not None:
            own = self._meanings.embed(text)
            meant, said = self._meanings.questions @ own, self._meanings.entries @ own
        hidden = np.array(apart, dtype=np.intp)
        for scores in (asked, spelled, meant):
            scores[hidden] = 0
        counts = self._counts - np.bincount(self._owners[hidden], minlength=size)
        ways = [
            self._texts.scores(text),
            self._best(asked),
            self._best(spelled),
            self._votes(asked + spelled + meant),
            self._titles.scores(text),
            np.log1p(counts).astype(np.float32) / 5,
            self._best(meant),
            said,
        ]
        looked = [
            way for way, name in zip(ways, SIGNS, strict=True) if name not in ("known", "title")
        ]
        places = np.unique(
            np.concatenate([*(_top(way) for way in looked), np.array(extra, np.intp)])
        )
        return places, np.stack(ways, axis=1)[places]

    def _best(self, scores: Floats) -> Floats:
        """Return of each entry the best of its questions."""
        best = np.zeros(len(self.library.entries), dtype=np.float32)
        np.maximum.at(best, self._owners, scores)
        return best

    def _votes(self, scores: Floats) -> Floats:
        """Return of each entry the share of the nearest questions, by nearness, that belong to it."""
        near = _top(scores, NEAREST)
        found = np.zeros(len(self.library.entries), dtype=np.float32)
        np.add.at(found, self._owners[near], scores[near])
        total = found.sum()
        return found / total if total > 0 else found


def _top(scores: Floats, most: int = POOL) -> NDArray[np.intp]:
    """Return the places of the best scores above nothing; of equal ones the first."""
    order = np.argsort(-scores, kind="stable")[:most]
    return order[scores[order] > 0]

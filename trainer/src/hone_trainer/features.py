"""Words and characters as numbers: written once, the same where it is trained and where it is served."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Row = tuple[NDArray[np.int32], Floats]
WORD: Final = re.compile(r"\w+|[?!€$£¥%]")
LONGEST: Final = 4000
"""Characters that are looked at; what comes after says little that is new."""
LONGEST_WORD: Final = 40


def words(text: str) -> list[str]:
    """Return words and pairs of neighbours."""
    found = WORD.findall(text[:LONGEST].lower())
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def characters(text: str) -> list[str]:
    """Return the runs of two to five characters of each word, with its edges."""
    found: list[str] = []
    for word in text[:LONGEST].lower().split():
        edged = f" {word[:LONGEST_WORD]} "
        size = len(edged)
        for length in range(2, 6):
            if size <= length:
                found.append(edged)
                break
            found += [edged[at : at + length] for at in range(size - length + 1)]
    return found


READERS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "words": words,
    "characters": characters,
}


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of features: the grams that are known, what each tells, how much they count."""

    reader: str
    places: Mapping[str, int]
    idf: Floats
    scale: float

    def row(self, text: str) -> Row:
        """Return where a text is not zero, and what is there; its length is the scale."""
        counts = Counter(READERS[self.reader](text))
        places = self.places
        known = sorted((places[gram], count) for gram, count in counts.items() if gram in places)
        at = np.fromiter((each[0] for each in known), np.int32, len(known))
        values = np.fromiter((each[1] for each in known), np.float32, len(known))
        values = (1 + np.log(values)) * self.idf[at]
        length = np.sqrt(np.dot(values, values))
        return at, values * np.float32(self.scale / length) if len(known) else values


def learn(reader: str, texts: Sequence[str], scale: float, least: int = 1) -> Block:
    """Learn which grams there are, from those that `least` texts have."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(READERS[reader](text)))
    grams = sorted(gram for gram, count in seen.items() if count >= least)
    counts = np.array([seen[gram] for gram in grams], dtype=np.float64)
    idf = np.log((1 + len(texts)) / (1 + counts)) + 1
    places = {gram: place for place, gram in enumerate(grams)}
    return Block(reader, places, idf.astype(np.float32), scale)


@dataclass(frozen=True, slots=True)
class Featurizer:
    """Blocks side by side."""

    blocks: Sequence[Block]

    @property
    def width(self) -> int:
        """How many features there are."""
        return sum(len(block.places) for block in self.blocks)

    def row(self, text: str) -> Row:
        """Return a text's features."""
        first, places, values = 0, [], []
        for block in self.blocks:
            at, value = block.row(text)
            places.append(at + np.int32(first))
            values.append(value)
            first += len(block.places)
        return np.concatenate(places), np.concatenate(values)

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return the features of texts, one row each."""
        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(at) for at, _ in rows)])
        places = np.concatenate([at for at, _ in rows]) if rows else np.zeros(0, np.int32)
        values = np.concatenate([value for _, value in rows]) if rows else np.zeros(0, np.float32)
        return csr_matrix((values, places, ends), shape=(len(rows), self.width))

    def pack(self) -> tuple[list[dict[str, Any]], dict[str, Floats]]:
        """Return what JSON can hold of it, and the numbers."""
        facts = [
            {"reader": block.reader, "scale": block.scale, "grams": list(block.places)}
            for block in self.blocks
        ]
        return facts, {f"idf.{number}": block.idf for number, block in enumerate(self.blocks)}


def unpack(facts: Sequence[Mapping[str, Any]], numbers: Mapping[str, Floats]) -> Featurizer:
    """Make it from what `pack` returned."""
    return Featurizer(
        [
            Block(
                each["reader"],
                {gram: place for place, gram in enumerate(each["grams"])},
                numbers[f"idf.{number}"],
                each["scale"],
            )
            for number, each in enumerate(facts)
        ]
    )

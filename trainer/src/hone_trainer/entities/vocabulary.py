"""From texts to numbers: which descriptions have a column, and the lists of names that describe."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix

from hone_trainer.entities import gazetteers
from hone_trainer.entities.features import about, describe
from hone_trainer.entities.gazetteers import Gazetteers
from hone_trainer.entities.learning import Table
from hone_trainer.entities.tokens import Span, Tokens

TOPICAL: Final = 5
"""Texts that a word must be in to tell what a text is about."""
TOPICS: Final = 2.0
"""How much what a text is about counts beside what a token is."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What describes tokens and texts, each with its column."""

    features: Mapping[str, int]
    topics: Mapping[str, int]
    lists: Gazetteers
    """Names that training spans made."""
    given: Gazetteers
    """Names that somebody gave."""

    def table(
        self, texts: Sequence[Tokens], spans: Sequence[Sequence[Span]] | None = None
    ) -> Table:
        """Describe texts; `spans` are those of texts that are learned from."""
        tokens: list[list[int]] = []
        topics: list[list[int]] = []
        for number, text in enumerate(texts):
            own = gazetteers.learned(text.text, spans[number]) if spans else None
            described = describe(text, self.lists, self.given, own)
            tokens.extend(_places(said, self.features) for said in described)
            topics.append(_places(about(text.words), self.topics))
        starts = np.cumsum([0, *(len(text.places) for text in texts)])
        rows = _ones(topics, len(self.topics))
        counts = np.diff(rows.indptr)
        rows.data *= np.repeat(TOPICS / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
        return Table(_ones(tokens, len(self.features)), rows, starts)

    def pack(self) -> dict[str, Any]:
        """Return it as JSON can hold it; columns are places in the lists."""
        return {
            "features": list(self.features),
            "topics": list(self.topics),
            "lists": self.lists.names(),
            "given": self.given.names(),
        }


def unpack(body: Mapping[str, Any]) -> Vocabulary:
    """Read what was packed."""
    features = {name: column for column, name in enumerate(body["features"])}
    topics = {name: column for column, name in enumerate(body["topics"])}
    return Vocabulary(features, topics, Gazetteers(body["lists"]), Gazetteers(body["given"]))


def learn(
    texts: Sequence[Tokens],
    spans: Sequence[Sequence[Span]],
    given: Mapping[str, Iterable[str]],
    least: int,
) -> Vocabulary:
    """Give a column to what describes at least `least` tokens."""
    names: dict[str, list[str]] = {}
    for text, found in zip(texts, spans, strict=True):
        for span in found:
            names.setdefault(span.label, []).append(text.text[span.start : span.end])
    lists, own = Gazetteers(names), Gazetteers(given)
    features, topics = Counter[str](), Counter[str]()
    for text, found in zip(texts, spans, strict=True):
        for said in describe(text, lists, own, gazetteers.learned(text.text, found)):
            features.update(said)
        topics.update(about(text.words))
    return Vocabulary(_columns(features, least), _columns(topics, TOPICAL), lists, own)


def _places(said: Iterable[str], columns: Mapping[str, int]) -> list[int]:
    return [columns[each] for each in said if each in columns]


def _columns(counts: Counter[str], least: int) -> dict[str, int]:
    often = sorted(name for name, count in counts.items() if count >= least)
    return {name: column for column, name in enumerate(often)}


def _ones(parts: Sequence[Sequence[int]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, parts)])
    columns = np.fromiter((each for part in parts for each in part), np.int32, count=int(ends[-1]))
    ones = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((ones, columns, ends), shape=(len(parts), width))

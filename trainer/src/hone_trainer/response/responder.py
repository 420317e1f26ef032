"""What answers: it searches its library, and says nothing where it is not sure enough."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from hone_trainer import disk
from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.encoder import FILES, Encoder, opened
from hone_trainer.errors import ArtifactDamaged
from hone_trainer.response import doubt, library, ranking
from hone_trainer.response.index import Floats
from hone_trainer.response.library import Entry, Library
from hone_trainer.response.signs import SIGNS, Meanings, Signs, meaning

WORDS: Final = "library.json"
NUMBERS: Final = "weights.safetensors"


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of signs, weights of evidence, and the chance from which on an answer is given."""

    signs: Floats
    evidence: Floats
    limit: float

    @property
    def numbers(self) -> dict[str, Floats]:
        """Return it as arrays."""
        return {"signs": self.signs, "evidence": self.evidence, "limit": np.array([self.limit])}


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found for a question, best first, and how sure the first is."""

    entries: Sequence[Entry]
    scores: Floats
    chance: float


@dataclass(frozen=True, slots=True)
class Responder:
    """A library that is searched, and what was learned about searching it."""

    manifest: Manifest
    signs: Signs
    learned: Learned
    meanings: Meanings | None = None
    encoder: Encoder | None = None

    @property
    def task(self) -> str:
        """What it does."""
        return self.manifest.task

    def rank(self, text: str) -> Ranked:
        """Return what may answer a question."""
        places, signs = self.signs.compare(text)
        if not len(places):
            return Ranked([], np.zeros(0), 0.0)
        best, scores = ranking.order(signs, self.learned.signs)
        seen = doubt.evidence(scores, signs[best[0]])
        entries = [self.signs.library.entries[place] for place in places[best]]
        return Ranked(entries, scores, doubt.chance(self.learned.evidence, seen))

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Answer questions; `sources` are what the answer is from and what is near to it."""
        return [self._answer(self.rank(text)) for text in inputs]

    def _answer(self, ranked: Ranked) -> Prediction:
        settings: Mapping[str, Any] = self.manifest.settings
        near = zip(ranked.entries, ranked.scores, strict=True)
        sources = [entry.source(float(score)) for entry, score in near][: settings["sources"]]
        if not ranked.entries or ranked.chance < self.learned.limit:
            return Prediction(
                confidence=ranked.chance,
                in_scope=False,
                text=settings["unknownAnswer"],
                sources=sources,
            )
        best = ranked.entries[0]
        return Prediction(best.id, ranked.chance, text=best.text, sources=sources)

    def pack(self) -> dict[str, disk.Content]:
        """Write what it knows as files."""
        numbers = {name: np.ascontiguousarray(each) for name, each in self.learned.numbers.items()}
        files: dict[str, disk.Content] = {}
        if self.meanings is not None and self.encoder is not None:
            numbers["questions"] = self.meanings.questions
            numbers["entries"] = self.meanings.entries
            files = {path.name: path for path in self.encoder.files}
        words = json.dumps(
            self.signs.library.pack(), ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        return {WORDS: words.encode(), NUMBERS: save(numbers), **files}


def unpack(folder: Path, manifest: Manifest) -> Responder:
    """Read what was packed."""
    try:
        known = library.unpack(json.loads((folder / WORDS).read_bytes()))
        numbers = load((folder / NUMBERS).read_bytes())
        learned = Learned(numbers["signs"], numbers["evidence"], float(numbers["limit"][0]))
        encoder = opened(folder, manifest.files) if FILES[0] in manifest.files else None
        meanings = _meanings(known, encoder, numbers)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as wrong:
        raise ArtifactDamaged(f"{folder.name} holds no answers that can be read.") from wrong
    if len(learned.signs) != len(SIGNS) or len(learned.evidence) != len(SIGNS) + 3:
        raise ArtifactDamaged(f"{folder.name} holds weights of other signs.")
    return Responder(manifest, Signs(known, meanings), learned, meanings, encoder)


def _meanings(
    known: Library, encoder: Encoder | None, numbers: Mapping[str, Floats]
) -> Meanings | None:
    if encoder is None:
        return None
    questions, entries = numbers["questions"], numbers["entries"]
    if len(questions) != len(known.questions) or len(entries) != len(known.entries):
        raise ValueError("The embeddings are of other texts.")
    return Meanings(meaning(encoder), questions, entries)

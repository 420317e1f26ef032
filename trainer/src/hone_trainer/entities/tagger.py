"""A tagger that has learned: from texts to entities with their chances, and to files and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from hone_trainer import artifact
from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.entities import crf, vocabulary
from hone_trainer.entities.learning import Floats, Weights, batches
from hone_trainer.entities.tokens import Tokens, pieces, spans
from hone_trainer.entities.vocabulary import Vocabulary
from hone_trainer.errors import ArtifactDamaged

NUMBERS: Final = "weights.safetensors"
WORDS: Final = "vocabulary.json"
TOGETHER: Final = 64
"""Texts that are decided on at once."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """Weights, what they weigh, and what the tags mean."""

    manifest: Manifest
    vocabulary: Vocabulary
    weights: Weights

    @property
    def task(self) -> str:
        """What it does."""
        return self.manifest.task

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Find the entities of texts; an entity's confidence is the chance of exactly it, a text's that all are right."""
        cuts = [(number, piece) for number, text in enumerate(inputs) for piece in pieces(text)]
        table = self.vocabulary.table([piece for _, piece in cuts])
        chain = self.weights.chain()
        entities: list[list[artifact.Span]] = [[] for _ in inputs]
        sure = np.ones(len(inputs))
        for rows in batches(table.sizes, TOGETHER):
            scores = self.weights.scores(table, rows)
            tags = crf.decode(scores, chain)
            found = crf.chances(scores, chain)
            whole = np.exp(crf.value(scores, chain, tags) - found.total)
            each, pairs = found.along(tags)
            for column, row in enumerate(rows):
                number, piece = cuts[row]
                sure[number] *= whole[column]
                entities[number] += self._entities(
                    piece, tags[:, column], each[:, column], pairs[:, column]
                )
        return [
            Prediction(
                confidence=min(float(chance), 1.0),
                entities=sorted(said, key=lambda span: span.start),
            )
            for chance, said in zip(sure, entities, strict=True)
        ]

    def _entities(
        self, piece: Tokens, tags: NDArray[np.intp], each: Floats, pairs: Floats
    ) -> list[artifact.Span]:
        found: list[artifact.Span] = []
        for span, first, last in spans(piece, tags.tolist(), self.manifest.labels):
            chance = each[first]
            for place in range(first, last):
                chance *= pairs[place] / max(each[place], 1e-300)
            text = piece.text[span.start : span.end]
            sure = min(float(chance), 1.0)
            found.append(artifact.Span(span.label, span.start, span.end, text, sure))
        return found

    def pack(self) -> dict[str, bytes]:
        """Write what it learned as files."""
        blocks = {name: block.astype(np.float16) for name, block in self.weights.blocks.items()}
        words = json.dumps(self.vocabulary.pack(), ensure_ascii=False, separators=(",", ":"))
        return {NUMBERS: save(blocks), WORDS: words.encode()}


def unpack(folder: Path, manifest: Manifest) -> Tagger:
    """Read what was packed."""
    try:
        blocks = load((folder / NUMBERS).read_bytes())
        words = vocabulary.unpack(json.loads((folder / WORDS).read_bytes()))
        weights = Weights({name: blocks[name].astype(np.float32) for name in Weights.NAMES})
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as wrong:
        raise ArtifactDamaged(f"{folder.name} holds no tagger that can be read.") from wrong
    tags = 1 + 4 * len(manifest.labels)
    shape = {"features": len(words.features), "about": len(words.topics), "between": tags}
    if any(weights.blocks[name].shape != (rows, tags) for name, rows in shape.items()):
        raise ArtifactDamaged(f"{folder.name} holds weights of other tags or features.")
    return Tagger(manifest, words, weights)


def slim(weights: Weights, words: Vocabulary, least: float) -> tuple[Weights, Vocabulary]:
    """Leave out the features that no tag weighs by more than `least`."""
    blocks: dict[str, Floats] = dict(weights.blocks)
    kept = np.abs(blocks["features"]).max(axis=1) > least
    blocks["features"] = blocks["features"][kept]
    names = [name for name, stays in zip(words.features, kept, strict=True) if stays]
    features: Mapping[str, int] = {name: column for column, name in enumerate(names)}
    return Weights(blocks), Vocabulary(features, words.topics, words.lists, words.given)

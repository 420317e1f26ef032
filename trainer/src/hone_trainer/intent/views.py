"""Texts as a classifier sees them: words, characters, and what an encoder makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scipy.sparse import csr_matrix

from hone_trainer import features
from hone_trainer import lens as lenses
from hone_trainer.encoder import Encoder, weights
from hone_trainer.encoder.store import embed
from hone_trainer.features import Featurizer
from hone_trainer.heads import Floats
from hone_trainer.lens import Lens
from hone_trainer.run import Run

SCALES: Final = {"words": 1.0, "characters": 1.0}


@dataclass(frozen=True, slots=True)
class Views:
    """How texts are read, the same in training and serving."""

    featurizer: Featurizer
    encoder: Encoder | None
    lens: Lens | None

    def sparse(self, texts: Sequence[str]) -> csr_matrix:
        """Return words and characters."""
        return self.featurizer.rows(texts)


def learn(
    run: Run, texts: Sequence[str], encoder: Encoder | None, embeddings: Floats | None
) -> Views:
    """Learn how to read from the texts that are learned from."""
    run.event("stage", "Reading words and characters.", 0.3)
    blocks = [features.learn(reader, texts, scale) for reader, scale in SCALES.items()]
    lens = None if embeddings is None else lenses.grind(embeddings[: len(texts)])
    return Views(Featurizer(blocks), encoder, lens)


def encoder(run: Run) -> Encoder:
    """Return the encoder that the run asks for, as ONNX."""
    found = weights.found(run.params["encoder"])
    cache = run.cache
    cache.mkdir(parents=True, exist_ok=True)
    return Encoder(weights.exported(found, cache))


def embeddings(run: Run, found: Encoder, texts: Sequence[str]) -> Floats:
    """Encode texts; those that any run encoded before are not encoded again."""
    run.event("stage", "Encoding texts.", 0.02)

    def tell(done: int, of: int) -> None:
        run.pause()
        if of:
            run.event("progress", f"{done:,} of {of:,} texts are encoded.", 0.02 + 0.28 * done / of)

    return embed(found, texts, store(run.cache, found), tell)


def store(cache: Path, found: Encoder) -> Path:
    """Return where an encoder's embeddings are kept."""
    return cache / f"{found.folder.name.replace('encoder', 'embeddings')}.bin"

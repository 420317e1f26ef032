"""Texts as a classifier sees them: words, characters, and what an encoder makes of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hone_trainer import features
from hone_trainer.encoder import Encoder, weights
from hone_trainer.encoder.store import embed
from hone_trainer.features import Featurizer
from hone_trainer.heads import Floats
from hone_trainer.run import Run

SCALES: Final = {"words": 1.0, "characters": 1.0}


def read(run: Run, texts: Sequence[str]) -> Featurizer:
    """Learn how to read words and characters from the texts that are learned from."""
    run.event("stage", "Reading words and characters.", 0.02)
    return Featurizer([features.learn(reader, texts, scale) for reader, scale in SCALES.items()])


def encoder(run: Run) -> Encoder:
    """Return the encoder that the run asks for, as ONNX."""
    found = weights.found(run.params["encoder"])
    cache = run.cache
    cache.mkdir(parents=True, exist_ok=True)
    return Encoder(weights.exported(found, cache))


def embeddings(run: Run, found: Encoder, texts: Sequence[str]) -> Floats:
    """Encode texts; those that any run encoded before are not encoded again."""
    run.event("stage", "Encoding texts.", 0.05)

    def tell(done: int, of: int) -> None:
        run.pause()
        if of:
            run.event("progress", f"{done:,} of {of:,} texts are encoded.", 0.05 + 0.25 * done / of)

    return embed(found, texts, store(found), tell)


def store(found: Encoder) -> Path:
    """Return where an encoder's embeddings are kept: beside it."""
    return found.folder.with_name(f"{found.folder.name.replace('encoder', 'embeddings')}.bin")

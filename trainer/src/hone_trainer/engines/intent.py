"""Intents from the meaning of sentences and their words: an encoder and the features of `linear` in one head."""

from importlib import import_module
from pathlib import Path
from typing import Final

from hone_trainer import classifier
from hone_trainer.artifact import Manifest, Model
from hone_trainer.encoder import INSTALL, PACKAGE, opened
from hone_trainer.engines import Engine
from hone_trainer.intent.params import ALIASES, ENCODED_SEARCH, PARAMS
from hone_trainer.run import Run

ENGINE: Final = Engine(
    "intent",
    ("intent",),
    "Classifies short texts by their meaning and their words. The most accurate one, and good with ten "
    "examples of a label; needs an encoder, which is asked for a few milliseconds for each text.",
    PARAMS,
    (PACKAGE,),
    INSTALL,
    ALIASES,
    ENCODED_SEARCH,
    "macroF1",
)


def fit(run: Run) -> None:
    """Train a classifier, with libraries that what serves it does not load."""
    encoder = import_module("hone_trainer.intent.views").encoder(run)
    import_module("hone_trainer.intent.fit").train(run, ENGINE.name, encoder)


def load(folder: Path, manifest: Manifest) -> Model:
    """Read a classifier."""
    return classifier.unpack(folder, manifest, opened(folder, manifest.files))

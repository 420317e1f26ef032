"""Intents from words and characters, without an encoder: light, quick, and needs nothing else."""

from importlib import import_module
from pathlib import Path
from typing import Final

from hone_trainer import classifier
from hone_trainer.artifact import Manifest, Model
from hone_trainer.engines import Engine
from hone_trainer.intent.params import ALIASES, LINEAR_SEARCH, PARAMS
from hone_trainer.run import Run

ENGINE: Final = Engine(
    "linear",
    ("intent",),
    "Classifies short texts by their words and characters. Needs no encoder and trains in seconds; "
    "the light default.",
    PARAMS,
    aliases=ALIASES,
    search=LINEAR_SEARCH,
    objective="macroF1",
)


def fit(run: Run) -> None:
    """Train a classifier, with libraries that what serves it does not load."""
    import_module("hone_trainer.intent.fit").train(run, ENGINE.name, None)


def load(folder: Path, manifest: Manifest) -> Model:
    """Read a classifier."""
    return classifier.unpack(folder, manifest)

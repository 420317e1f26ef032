"""Entities by a conditional random field over words, forms and names: no encoder, minutes on one core."""

from pathlib import Path
from typing import Final

from hone_trainer.artifact import Manifest, Model
from hone_trainer.engines import Engine
from hone_trainer.entities import tagger
from hone_trainer.entities.fit import train
from hone_trainer.entities.params import ALIASES, PARAMS, SEARCH
from hone_trainer.run import Run

ENGINE: Final = Engine(
    "entity",
    ("entity",),
    "Finds names, dates, amounts and the like in texts, with their places. Takes lists of known names, needs no "
    "encoder, and decides on a text as a whole.",
    PARAMS,
    aliases=ALIASES,
    search=SEARCH,
    objective="f1",
)


def fit(run: Run) -> None:
    """Train a tagger."""
    train(run)


def load(folder: Path, manifest: Manifest) -> Model:
    """Read a tagger."""
    return tagger.unpack(folder, manifest)

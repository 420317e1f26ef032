"""Answers from what was approved and from an organization's pages, with sources, and silence where it is not sure."""

from pathlib import Path
from typing import Final

from hone_trainer.artifact import Manifest, Model
from hone_trainer.engines import Engine
from hone_trainer.response import responder
from hone_trainer.response.fit import train
from hone_trainer.response.params import PARAMS
from hone_trainer.run import Run

ENGINE: Final = Engine(
    "response",
    ("response",),
    "Answers questions with approved answers and passages of your pages, names its sources, and says that it does "
    "not know rather than more than a set share of wrong answers. It writes no text of its own.",
    PARAMS,
)


def fit(run: Run) -> None:
    """Learn to answer."""
    train(run)


def load(folder: Path, manifest: Manifest) -> Model:
    """Read what answers."""
    return responder.unpack(folder, manifest)

"""A language model of one's own that answers as it was shown: supervised fine-tuning of an adapter."""

from importlib import import_module
from pathlib import Path
from typing import Final

from hone_trainer.artifact import Manifest, Model
from hone_trainer.engines import Engine
from hone_trainer.run import Run
from hone_trainer.tuning.params import ALIASES, SEARCH, SFT

PACKAGES: Final = ("torch", "transformers", "peft", "trl")
INSTALL: Final = "scripts/setup tuning"
ENGINE: Final = Engine(
    "sft",
    ("sft",),
    "Tunes an adapter (LoRA) of a language model in a folder, so that it answers as in the conversations. Works on a "
    "processor, but is meant for a graphics card.",
    SFT,
    PACKAGES,
    INSTALL,
    ALIASES,
    SEARCH,
    "loss",
)


def fit(run: Run) -> None:
    """Tune an adapter."""
    import_module("hone_trainer.tuning.lora").train(run)


def load(folder: Path, manifest: Manifest) -> Model:
    """Read an adapter, and the model that it belongs to."""
    return import_module("hone_trainer.tuning.adapter").load(folder, manifest)

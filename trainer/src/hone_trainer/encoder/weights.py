"""Where an encoder comes from: the weights at a path or of the installed package, made an ONNX graph once."""

import fcntl
import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import load_file

from hone_trainer import disk
from hone_trainer.encoder import INSTALL, PACKAGE, TOKENS, graph
from hone_trainer.errors import Refused

FORMAT: Final = 2
"""Another way to make the graph makes another encoder: nothing that one embedded is mixed with the other's."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Where an encoder lies before it is an ONNX graph."""

    folder: Path

    @property
    def digest(self) -> str:
        """What tells this encoder, as it is used here, from others."""
        parts = [
            disk.digest(self.folder / name) for name in ("model.safetensors", "tokenizer.json")
        ]
        return sha256(json.dumps([FORMAT, *parts, TOKENS]).encode()).hexdigest()

    def read(self) -> tuple[dict[str, graph.Floats], graph.Shape]:
        """Return the numbers by their names, and what they do not say of themselves."""
        settings = json.loads((self.folder / "config.json").read_bytes())
        tensors = load_file(self.folder / "model.safetensors")
        floats = {name: each for name, each in tensors.items() if each.dtype == np.float32}
        return floats, graph.Shape(settings["num_attention_heads"], settings["layer_norm_eps"])

    def export(self) -> bytes:
        """Make the graph."""
        return graph.build(*self.read())


def found(path: str | None) -> Weights:
    """Find the weights at a path, else in the installed package, or say how to get them."""
    if path is not None:
        folder = Path(path)
    else:
        package = find_spec(PACKAGE)
        if package is None or package.origin is None:
            told = (
                f"No encoder is installed; install one with `{INSTALL}`, or use the engine linear."
            )
            raise Refused("ENCODER_MISSING", told, install=INSTALL)
        folder = Path(package.origin).parent / "model"
    lacking = [
        name
        for name in ("model.safetensors", "tokenizer.json", "config.json")
        if not (folder / name).is_file()
    ]
    if lacking:
        raise Refused("ENCODER_MISSING", f"{folder} lacks {', '.join(lacking)}.", lacking=lacking)
    return Weights(folder)


def exported(weights: Weights, cache: Path) -> Path:
    """Return the folder of an encoder as ONNX, made when it is not there yet."""
    place = cache / f"encoder-{weights.digest[:16]}"
    if place.is_dir():
        return place
    with place.with_suffix(".lock").open("w") as alone:
        # Of runs that begin together one makes it, and the others wait for that.
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not place.is_dir():
            tokenizer = weights.folder / "tokenizer.json"
            with disk.folder(place) as filling:
                disk.fill(filling, {"encoder.onnx": weights.export(), "tokenizer.json": tokenizer})
    return place

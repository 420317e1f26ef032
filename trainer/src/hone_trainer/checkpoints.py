"""What a run has so far, in a form that survives being killed at any point of writing it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from hone_trainer import disk

KEPT: Final = 2
DONE: Final = "DONE"
Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Numbers and facts as they were."""

    step: int
    tensors: Tensors
    facts: Mapping[str, Any]


class Checkpoints:
    """The checkpoints of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, checkpoint: Checkpoint) -> None:
        """Write one, then drop all but the newest."""
        place = self.folder / f"{checkpoint.step:06d}"
        packed = save({name: np.ascontiguousarray(t) for name, t in checkpoint.tensors.items()})
        facts = json.dumps(dict(checkpoint.facts), sort_keys=True).encode()
        self.folder.mkdir(exist_ok=True)
        with disk.folder(place) as filling:
            entries = disk.fill(filling, {"tensors.safetensors": packed, "facts.json": facts})
        sums = {name: entry["sha256"] for name, entry in entries.items()}
        disk.write(place / DONE, json.dumps(sums, sort_keys=True).encode())
        for old in self._steps()[:-KEPT]:
            shutil.rmtree(self.folder / f"{old:06d}")

    def newest(self) -> Checkpoint | None:
        """Return the newest one that is whole."""
        for step in reversed(self._steps()):
            place = self.folder / f"{step:06d}"
            if _whole(place):
                facts = json.loads((place / "facts.json").read_bytes())
                return Checkpoint(step, load_file(place / "tensors.safetensors"), facts)
        return None

    def _steps(self) -> list[int]:
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted(int(each.name) for each in found if each.name.isdecimal())


def _whole(place: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((place / DONE).read_bytes())
        return all(disk.digest(place / name) == value for name, value in sums.items())
    except (OSError, ValueError):
        return False

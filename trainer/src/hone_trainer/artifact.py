"""A trained model as a folder: `manifest.json`, and safetensors, ONNX and JSON beside it; never pickle."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

from hone_trainer import disk
from hone_trainer.errors import ArtifactDamaged

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Span:
    """An entity in a text, by characters."""

    label: str
    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one input."""

    label: str | None = None
    confidence: float = 0.0
    labels: Sequence[tuple[str, float]] = ()
    """The likeliest labels with their chances, best first."""
    in_scope: bool = True
    """False: the input is none of what the model learned."""
    entities: Sequence[Span] = ()
    text: str | None = None
    sources: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model is, and the files that it consists of."""

    task: str
    engine: str
    labels: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The engine's own."""
    files: Mapping[str, Mapping[str, int | str]] = field(
        default_factory=dict[str, Mapping[str, int | str]]
    )
    """Size and SHA-256 by name; filled when it is written."""

    def pack(self) -> bytes:
        """Write it as JSON."""
        body = {
            "format": FORMAT,
            "task": self.task,
            "engine": self.engine,
            "labels": list(self.labels),
            "settings": dict(self.settings),
            "files": {name: dict(entry) for name, entry in self.files.items()},
        }
        return (json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class Model(Protocol):
    """A model in memory, ready to be asked."""

    @property
    def manifest(self) -> Manifest:
        """What it is."""
        ...

    @property
    def task(self) -> str:
        """What it does."""
        ...

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Say something of each input."""
        ...


def write(folder: Path, manifest: Manifest, files: Mapping[str, disk.Content]) -> Manifest:
    """Write a model whole or not at all, and return its manifest with the files in it."""
    with disk.folder(folder) as place:
        entries = disk.fill(place, files)
        whole = Manifest(
            manifest.task, manifest.engine, manifest.labels, manifest.settings, entries
        )
        (place / MANIFEST).write_bytes(whole.pack())
    return whole


def read(folder: Path) -> Manifest:
    """Read the manifest and check every file that it names."""
    try:
        body = json.loads((folder / MANIFEST).read_bytes())
        if body["format"] != FORMAT:
            raise ArtifactDamaged(f"{folder.name} has format {body['format']}, not {FORMAT}.")
        manifest = Manifest(
            body["task"], body["engine"], tuple(body["labels"]), body["settings"], body["files"]
        )
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise ArtifactDamaged(f"{folder.name} has no manifest that can be read.") from wrong
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.resolve().parent != (folder / name).parent.resolve():
            raise ArtifactDamaged(f"{folder.name} lacks its file {name}.")
        if path.stat().st_size != entry["size"] or disk.digest(path) != entry["sha256"]:
            raise ArtifactDamaged(f"{folder.name}: {name} is not what the manifest says.")
    return manifest


class _Loader(Protocol):
    def load(self, folder: Path, manifest: Manifest) -> Model: ...


def load(folder: Path) -> Model:
    """Read a model, after checking every file of it, with the engine that made it."""
    manifest = read(folder)
    engines = import_module("hone_trainer.engines")
    engine = cast("_Loader", engines.engine(manifest.engine))
    return engine.load(folder, manifest)

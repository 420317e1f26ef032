"""A run as an engine sees it: what to learn from, where to say how it goes, when to stop."""

import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from hone_trainer import artifact, data, disk
from hone_trainer.artifact import Manifest, Model
from hone_trainer.checkpoints import Checkpoint, Checkpoints, Tensors
from hone_trainer.errors import Stopped
from hone_trainer.journal import Journal
from hone_trainer.spec import Spec


class Run:
    """One run in its folder."""

    def __init__(self, folder: Path, spec: Spec, params: Mapping[str, Any]) -> None:
        self.folder = folder
        self.spec = spec
        self.params = params
        self.examples = data.read(folder / spec.data)
        self.metrics = Journal(folder / "metrics.jsonl", ("step", "epoch", "split", "name"))
        self.events = Journal(folder / "events.jsonl", ("kind", "message"))
        self.checkpoints = Checkpoints(folder / "checkpoints")
        self.told = threading.Event()
        found = self.checkpoints.newest()
        self._kept: dict[str, Any] = dict(found.tensors) if found else {}
        self._facts: dict[str, Any] = dict(found.facts) if found else {}
        self._step = found.step if found else 0
        self.card: dict[str, Any] = {}
        if found:
            self.event("milestone", f"Going on from checkpoint {found.step}.")

    @property
    def seed(self) -> int:
        """What all chance comes from."""
        return self.spec.seed

    @property
    def cache(self) -> Path:
        """A folder for what several runs can use."""
        return Path(self.spec.cache) if self.spec.cache else self.folder / "cache"

    def metric(
        self, name: str, value: float, *, split: str, step: int = 0, epoch: float | None = None
    ) -> None:
        """Write one measured number."""
        self.metrics.write(step=step, epoch=epoch, split=split, name=name, value=float(value))

    def event(self, kind: str, message: str, done: float | None = None) -> None:
        """Write what happened: stage, progress, warning, milestone or checkpoint."""
        self.events.write(kind=kind, message=message, done=done)

    def stage(
        self, name: str, words: str, done: float, work: Callable[[], Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Do a part of the work, once: a run that goes on takes its result from the checkpoint.

        The work returns arrays, and facts that JSON can hold.
        """
        if name not in self._facts:
            self.pause()
            self.event("stage", words, done)
            self.keep(name, work())
        return self.kept(name) or {}

    def kept(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name."""
        if name not in self._facts:
            return None
        arrays = {
            key.removeprefix(f"{name}/"): value
            for key, value in self._kept.items()
            if key.startswith(f"{name}/")
        }
        return {**arrays, **self._facts[name]}

    def keep(self, name: str, found: Mapping[str, Any]) -> None:
        """Keep the state of a part in a checkpoint, in place of its state before."""
        arrays = {key: value for key, value in found.items() if hasattr(value, "dtype")}
        self._kept = {k: v for k, v in self._kept.items() if not k.startswith(f"{name}/")}
        self._kept.update({f"{name}/{key}": value for key, value in arrays.items()})
        self._facts[name] = {key: value for key, value in found.items() if key not in arrays}
        self._save()

    def pause(self) -> None:
        """End here, with a checkpoint, if the run was told to stop."""
        if self.told.is_set():
            self._save()
            raise Stopped

    def base(self) -> Model | None:
        """Return the model to start from."""
        folder = self.folder / (self.spec.base_model or "base")
        return artifact.load(folder) if (folder / artifact.MANIFEST).is_file() else None

    def finish(self, manifest: Manifest, files: Mapping[str, disk.Content]) -> Manifest:
        """Write the trained model."""
        return artifact.write(self.folder / "model", manifest, files)

    def conclude(self, card: Mapping[str, Any]) -> None:
        """Keep the evidence; it is written when everything else is, and ends the run."""
        self.card = dict(card)

    def listen(self) -> None:
        """Stop at the next point where a checkpoint can be made, when SIGTERM comes."""

        def stop(_: int, __: FrameType | None) -> None:
            self.told.set()

        signal.signal(signal.SIGTERM, stop)

    def close(self) -> None:
        """Close what is open."""
        self.metrics.close()
        self.events.close()

    def _save(self) -> None:
        self._step += 1
        tensors: Tensors = self._kept
        self.checkpoints.save(Checkpoint(self._step, tensors, self._facts))
        self.event("checkpoint", f"Checkpoint {self._step}.")

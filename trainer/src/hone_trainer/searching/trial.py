"""One trial: a run in a folder of its own below `trials/`, by a program of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hone.core.settings import environment
from hone_trainer import disk
from hone_trainer.run import Run
from hone_trainer.searching.space import placed

CARD, ERROR, METRICS = "model_card.json", "error.json", "metrics.jsonl"
LAST: Final = 2000
"""Characters that are kept of what a failed trial said last."""
_WATCHED: Final = frozenset({"heldOut", "validation"})


def folder_of(run: Run, number: int) -> Path:
    """Say where a trial works."""
    return run.folder / "trials" / f"{number:04d}"


@dataclass(slots=True)
class Child:
    """A trial at work."""

    number: int
    folder: Path
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)
    _read: int = 0

    @property
    def code(self) -> int | None:
        """Tell how it ended; None while it works."""
        return self.process.poll()

    def seconds(self) -> float:
        """Tell how long it has worked."""
        return round(time.monotonic() - self.began, 3)

    def stop(self) -> None:
        """Ask it to leave a checkpoint and end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def news(self, names: frozenset[str]) -> list[tuple[int, float]]:
        """Read what was measured since the last look: step and value, of examples held back."""
        try:
            with (self.folder / METRICS).open("rb") as file:
                file.seek(self._read)
                piece = file.read()
        except OSError:
            return []
        whole = piece.rfind(b"\n") + 1
        self._read += whole
        lines = [json.loads(line) for line in piece[:whole].splitlines()]
        return [
            (int(each["step"]), float(each["value"]))
            for each in lines
            if each["split"] in _WATCHED and each["name"] in names and each["epoch"] is not None
        ]


def begin(run: Run, number: int, found: Mapping[str, Any], threads: int) -> Child:
    """Start a trial, or go on with one that was begun before."""
    folder = folder_of(run, number)
    if not (folder / "spec.json").exists():
        _prepare(run, folder, found)
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # It ends with this process, and is counted with it: it stays in its group.
        process = subprocess.Popen(
            [sys.executable, "-m", "hone_trainer", str(folder / "spec.json"), str(os.getpid())],
            stdout=log,
            stderr=log,
            env=_environment(threads),
        )
    finally:
        os.close(log)
    return Child(number, folder, process)


def _environment(threads: int) -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return dict(environment()) | dict.fromkeys(names, str(threads))


def _prepare(run: Run, folder: Path, found: Mapping[str, Any]) -> None:
    """Give it the run's data and what it starts from, and parameters of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.link(run.folder / run.spec.data, folder / "data.jsonl")
    base = run.folder / (run.spec.base_model or "base")
    body = {
        "format": 1,
        "run": run.spec.run,
        "task": run.spec.task,
        "engine": run.spec.engine,
        "seed": run.spec.seed,
        "data": "data.jsonl",
        "params": placed(run.spec.params, found),
        "baseModel": str(base) if base.is_dir() else None,
        "cache": str(run.cache),
    }
    disk.write(folder / "spec.json", json.dumps(body, ensure_ascii=False).encode())


def card(folder: Path) -> dict[str, Any]:
    """Read what a trial says of its model."""
    return json.loads((folder / CARD).read_bytes())


def complaint(folder: Path, code: int) -> str:
    """Say why a trial failed."""
    try:
        return str(json.loads((folder / ERROR).read_bytes())["message"])[:LAST]
    except (OSError, ValueError, KeyError):
        return f"It ended with {code}."


def forget(folder: Path) -> None:
    """Leave of a trial what it said, and nothing of its weight."""
    for name in ("model", "checkpoints", "cache", "encoder-tuned"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "embeddings-tuned.bin").unlink(missing_ok=True)

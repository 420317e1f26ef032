"""What every executor does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take."""

    cpu: float
    gpus: tuple[int, ...]
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How a run is seen to be."""

    code: int | None
    """How it ended, as `subprocess` tells it: negative for a signal; None while it is at work."""
    cpu_seconds: float
    memory: int


class Process(Protocol):
    """A run that is at work."""

    async def seen(self, within: float) -> Seen:
        """Wait up to so many seconds for its end, and tell how it is."""
        ...

    async def stop(self, *, gently: bool) -> None:
        """Ask it to leave a checkpoint and end, or end it."""
        ...


class Executor(Protocol):
    """A place where runs are carried out."""

    async def start(self, folder: Path, limits: Limits) -> Process:
        """Start the trainer in a folder."""
        ...

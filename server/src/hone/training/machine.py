"""This machine: its name, and what it gives to training."""

import hashlib
import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hone.core.settings import Settings

_GIB: Final = 1 << 30
_SHARE: Final = 0.75
_CGROUP: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine with one data directory."""

    id: str
    cpu: float
    memory: int
    gpus: int


def look(settings: Settings) -> Machine:
    """Look what there is; what an operator says counts more."""
    said = settings.training
    folder = hashlib.sha256(str(settings.data_dir.absolute()).encode()).hexdigest()[:8]
    memory = round(said.memory_gb * _GIB) if said.memory_gb else round(_memory() * _SHARE)
    return Machine(
        id=f"{socket.gethostname()}:{folder}",
        cpu=said.cpu or float(len(os.sched_getaffinity(0))),
        memory=memory,
        gpus=_gpus() if said.gpus is None else said.gpus,
    )


def _memory() -> int:
    """Return the bytes of memory that this process could use at most."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in _CGROUP:
        try:
            told = file.read_text(encoding="ascii").strip()
        except OSError:
            continue
        if told.isdigit():
            whole = min(whole, int(told))
    return whole


def _gpus() -> int:
    """Count GPUs as their driver's tool does."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    try:
        told = subprocess.run([tool, "-L"], capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith(b"GPU ") for line in told.stdout.splitlines())

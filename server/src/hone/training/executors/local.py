"""The executor of one machine: a child in a process group of its own, that ends with us.

It has the lowest priority, as many threads as it was given cores, limits of the kernel, and nothing of
our environment. What it says goes into a file of its folder, so that nothing waits for us to read it.
"""

import asyncio
import contextlib
import os
import resource
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hone.core import interpreter
from hone.core.settings import Settings
from hone.training.executors.interface import Limits, Process, Seen
from hone.training.folder import SPEC
from hone.training.trail import FILES, LOG

_PID: Final = "pid"
_FILES_OPEN: Final = 1024
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Local:
    """This machine."""

    settings: Settings

    async def start(self, folder: Path, limits: Limits) -> Process:
        """Start the trainer in a folder, once whoever worked there before is gone."""
        python = interpreter.find(self.settings)
        await asyncio.to_thread(_end_former, folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(folder / FILES[LOG], flags, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            process = await interpreter.start(
                python,
                ["-m", "hone_trainer", str(folder / SPEC)],
                stdout=log,
                stderr=log,
                threads=max(round(limits.cpu), 1),
                extra={"CUDA_VISIBLE_DEVICES": ",".join(str(each) for each in limits.gpus)},
            )
        _limit(process.pid, limits)
        (folder / _PID).write_text(str(process.pid), encoding="ascii")
        return Child(process)


@dataclass(slots=True)
class Child:
    """The trainer at work."""

    process: asyncio.subprocess.Process
    _ended: asyncio.Task[int] | None = None
    _seen: Seen = field(default_factory=lambda: Seen(None, 0.0, 0))

    async def seen(self, within: float) -> Seen:
        """Wait up to so many seconds for its end, and tell how it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self.process.wait()
        code = self.process.returncode
        if code is None:
            cpu, memory = await asyncio.to_thread(_use, self.process.pid)
            # What has ended in the group is no longer counted by the kernel.
            self._seen = Seen(None, max(cpu, self._seen.cpu_seconds), memory)
            return self._seen
        self._seen = Seen(code, self._seen.cpu_seconds, 0)
        return self._seen

    async def stop(self, *, gently: bool) -> None:
        """Ask it to leave a checkpoint and end, or end it and all it started."""
        number = signal.SIGTERM if gently else signal.SIGKILL
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # Before it has a group of its own, it is alone.
            os.kill(self.process.pid, number)
            if not gently:
                os.killpg(self.process.pid, number)
        if not gently:
            await self.process.wait()


def _limit(pid: int, limits: Limits) -> None:
    """Hold it by the kernel, from its first breath on."""
    wanted = (
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _FILES_OPEN),
    )
    for kind, most in wanted:
        with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
            resource.prlimit(pid, kind, (most, most))


def _use(group: int) -> tuple[float, int]:
    """Sum up the seconds of CPU and the bytes of memory of a process group."""
    ticks = pages = 0
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name, in brackets, may hold anything.
            told = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(told[2]) == group:
            ticks += sum(int(each) for each in told[11:15])
            pages += int(told[21])
    return ticks / _TICKS, pages * _PAGE


def _end_former(folder: Path) -> None:
    """End a trainer that still works in a folder, because its worker hangs and lost the run."""
    try:
        pid = int((folder / _PID).read_text(encoding="ascii"))
        command = (_PROC / str(pid) / "cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if str(folder).encode() in command:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)

"""What an earlier PostgreSQL may have left: processes that still end, a file with its pid."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path


class StillRunning(Exception):
    """A PostgreSQL still uses this data directory."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        super().__init__(self.__doc__)


def await_end(data: Path, socket_folder: Path, within: float) -> None:
    """Wait until no process of an earlier server uses the data, and remove what it left.

    A server whose parent was killed is shutting down and gets the time. Backends without a server
    are of no more use and are killed; recovery then starts from the log as after any crash.
    PostgreSQL itself takes a `postmaster.pid` for alive when its pid now belongs to any process of
    the same user, as happens in a restarted container; so that file goes.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or sys.platform != "linux":
        return
    deadline = time.monotonic() + within
    while running := _processes_in(data):
        server = _recorded_pid(pid_file)
        if server not in running:
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        elif time.monotonic() >= deadline:
            raise StillRunning(server)
        time.sleep(0.02)
    pid_file.unlink(missing_ok=True)
    for left in socket_folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _recorded_pid(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def _processes_in(data: Path) -> set[int]:
    """Find PostgreSQL's processes on this data: each has it as its working directory."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            program = Path(os.readlink(entry / "exe")).name.removesuffix(" (deleted)")
            if program == "postgres" and os.readlink(entry / "cwd") == str(data):
                found.add(int(entry.name))
    return found

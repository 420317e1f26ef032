"""One running Hone per data directory."""

import contextlib
import fcntl
import logging
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from hone.core.errors import Conflict

log = logging.getLogger(__name__)


class AlreadyRunning(Conflict):
    """Another Hone uses this data directory."""

    code = "already_running"


def open_data_dir(data_dir: Path) -> None:
    """Create the data directory when it is missing; one that exists is left as it is.

    Started as root, others may pass through it, because PostgreSQL runs as another user, but not
    look into it. Otherwise it is private.
    """
    if not data_dir.is_dir():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)


class InstanceLock:
    """The lock on a data directory: who holds it may start processes there.

    It is a flock(2) lock, which belongs to the open file and not to one process. Every process of
    the instance inherits that open file on purpose: forked children by themselves, PostgreSQL
    because its start passes `fd` on. So the lock is free exactly when nothing of the old instance
    runs any more, even after a kill -9 of the supervisor, whose children need a moment to die.
    `release` closes this process's copy only, for the same reason.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "instance.lock"
        self._fd: int | None = None

    @property
    def fd(self) -> int:
        """Return the descriptor to pass on to programs that belong to this instance."""
        if self._fd is None:
            raise RuntimeError("The instance lock is not held.")
        return self._fd

    def acquire(self, within: float = 15.0) -> None:
        """Take the lock, and wait at most `within` seconds for another instance to end."""
        open_data_dir(self.path.parent)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + within
        waiting = False
        while not _locked(fd):
            holder = os.pread(fd, 20, 0).decode().strip() or "unknown"
            if time.monotonic() >= deadline:
                os.close(fd)
                raise AlreadyRunning(
                    f"Another Hone (pid {holder}) uses {self.path.parent}, or its processes are "
                    "still ending. Stop it, or choose another folder with --data-dir."
                )
            if not waiting:
                log.info("waiting for the instance of pid %s to end", holder)
                waiting = True
            time.sleep(0.05)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self._fd = fd

    def release(self) -> None:
        """Let go of the lock; children that still run keep it until they end."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        """Take the lock with the usual patience."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the lock."""
        self.release()


def is_ours(data_dir: Path) -> bool:
    """Tell whether this process holds the lock of a data directory, so that nothing else runs there."""
    try:
        return (data_dir / "instance.lock").read_text("ascii").strip() == str(os.getpid())
    except FileNotFoundError:
        return False


def _locked(fd: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

"""A hold on the spool: while a backup has it, the drain deletes nothing.

The hold is a lock (flock(2)) on a file beside the lanes, so a backup that is killed lets go.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_NAME = "hold.lock"
_READER = "drain.lock"


@contextmanager
def hold(directory: Path) -> Generator[None]:
    """Keep every segment of a spool directory until the end of the block."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unless_held(directory: Path) -> Generator[bool]:
    """Tell whether segments may be deleted; no hold can begin until the end of the block."""
    try:
        descriptor = os.open(directory / _NAME, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield True
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def only_reader(directory: Path) -> int | None:
    """Become the one reader of a spool directory; None while another is. The lock ends with us."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / _READER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor

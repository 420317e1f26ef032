"""A lane on disk as its writer sees it: the folder, the lock, and the files made ahead.

Files are preallocated under a spare's name. One becomes a segment, seen by readers, by a header
and a rename: neither needs space, so room that was preallocated can be used when the disk is full.
"""

import contextlib
import fcntl
import itertools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from hone.gateway.spool.frames import Key

LOCK: Final = "lane.lock"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


@dataclass(slots=True)
class File:
    """A preallocated file and its descriptor."""

    fd: int
    name: str
    size: int


def segment_name(sequence: int) -> str:
    """Name the file of a segment."""
    return f"{sequence:08d}.seg"


class Folder:
    """The writer's hold on one lane."""

    def __init__(self, directory: Path, lane: UUID, *, sync: bool) -> None:
        self._lane = lane
        self._sync = sync
        self._numbers = itertools.count(1)
        self.path = directory / lane.hex
        directory.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700)
        with contextlib.ExitStack() as undo:
            undo.callback(_remove_folder, self.path)
            self.fd = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            undo.callback(os.close, self.fd)
            self._lock = os.open(LOCK + ".new", _FLAGS, 0o600, dir_fd=self.fd)
            undo.callback(os.close, self._lock)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Readers never see the lock without its holder.
            os.rename(LOCK + ".new", LOCK, src_dir_fd=self.fd, dst_dir_fd=self.fd)
            if sync:
                _sync_folder(directory)
            undo.pop_all()

    def make(self, size: int) -> File:
        """Preallocate a file of `size` bytes; called from any thread."""
        name = f"spare-{next(self._numbers):08d}"
        fd = os.open(name, _FLAGS | os.O_EXCL, 0o600, dir_fd=self.fd)
        file = File(fd, name, size)
        try:
            os.posix_fallocate(fd, 0, size)
        except OSError:
            self.discard(file)
            raise
        return file

    def activate(self, file: File, sequence: int) -> Key:
        """Turn a spare into the segment with this number."""
        key = Key.of(self._lane, sequence)
        os.pwrite(file.fd, key.header, 0)
        name = segment_name(sequence)
        os.rename(file.name, name, src_dir_fd=self.fd, dst_dir_fd=self.fd)
        file.name = name
        return key

    def discard(self, file: File) -> None:
        """Give back a spare that is not needed."""
        os.close(file.fd)
        with contextlib.suppress(OSError):
            os.unlink(file.name, dir_fd=self.fd)

    def close(self) -> None:
        """Let go of the lane."""
        os.close(self._lock)
        os.close(self.fd)


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _remove_folder(path: Path) -> None:
    with contextlib.suppress(OSError):
        for name in (LOCK, LOCK + ".new"):
            (path / name).unlink(missing_ok=True)
        path.rmdir()

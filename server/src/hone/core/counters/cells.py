"""The file that one process counts in, and how every other reads it.

Layout, in the machine's byte order, each part aligned to 8 bytes:

    head     magic (8 bytes), number of bytes in use, head included (8)
    entry    length of its key, number of its cells, CRC-32 of its key, unused (4 bytes each)
             the key, padded
             the cells, one double each

The file only grows, and an entry is complete before the number of bytes in use covers it. So a
process may be killed anywhere, and a reader never waits. A reader on a processor that reorders
stores may see the number before the entry; the checksum tells.

A cell is one aligned 8-byte double. CPython's memoryview stores and loads it by a memcpy of
constant size, which compilers turn into a single instruction, and x86-64 and arm64 never split an
aligned 8-byte access. So readers see the value before or after an addition, never half of each.
"""

import fcntl
import mmap
import os
import struct
import sys
import weakref
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hone.core.errors import Conflict

_MAGIC = b"HONECEL1"
_HEAD = 16
_ENTRY = struct.Struct("=IIII")
_FIRST_SIZE = 64 << 10


class SlotTaken(Conflict):
    """Another process counts in this slot."""

    code = "metrics_slot_taken"


class Entry(NamedTuple):
    """A key and the place of its cells, counted in doubles from the start of the file."""

    key: bytes
    at: int
    cells: int


class CellFile:
    """A process's own file; it has one writer, so it needs no lock but the one against a second."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.close = weakref.finalize(self, _release, self._fd)
        self._claim(path)
        self._reserve(_FIRST_SIZE)
        self._map()
        if bytes(self._bytes[:8]) != _MAGIC:
            self._used[1] = _HEAD
            self._bytes[:8] = _MAGIC
        self.entries = list(_scan(self._bytes))
        # What follows a damaged entry is given up: after a power cut a page may be lost.
        self._used[1] = _end(self.entries[-1]) if self.entries else _HEAD

    def append(self, key: bytes, cells: int) -> Entry:
        """Add an entry whose cells are zero."""
        start = int(self._used[1])
        entry = Entry(key, (start + _ENTRY.size + _padded(len(key))) // 8, cells)
        end = _end(entry)
        if end > len(self._bytes):
            size = len(self._bytes)
            while size < end:
                size *= 2
            self._reserve(size)
            self._map()
        # The space may hold what an entry left that was given up.
        self._bytes[start:end] = bytes(end - start)
        _ENTRY.pack_into(self._bytes, start, len(key), cells, zlib.crc32(key), 0)
        self._bytes[start + _ENTRY.size : start + _ENTRY.size + len(key)] = key
        self._used[1] = end
        return entry

    @property
    def cells(self) -> "memoryview[float]":
        """The file as doubles; what was handed out before the file grew shows the same memory."""
        return self._doubles

    def _claim(self, path: Path) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.close()
            raise SlotTaken(f"Another process counts in {path.stem}.") from error

    def _reserve(self, size: int) -> None:
        # Zeros are written, not skipped over: a full disk must be an error here, and not a SIGBUS
        # at the first addition to a page that has no room.
        have = os.fstat(self._fd).st_size
        while have < size:
            have += os.pwrite(self._fd, bytes(size - have), have)

    def _map(self) -> None:
        size = os.fstat(self._fd).st_size & ~7
        memory = mmap.mmap(self._fd, size)
        self._bytes = memoryview(memory)
        self._used = self._bytes.cast("Q")
        self._doubles = as_doubles(self._bytes)


def read(path: Path) -> list[tuple[bytes, list[float]]]:
    """Read each key and its cells out of a file that its process may be writing."""
    try:
        with path.open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    except (FileNotFoundError, ValueError):
        # Gone, or so new that it is empty.
        return []
    content = memoryview(memory)[: len(memory) & ~7]
    if bytes(content[:8]) != _MAGIC:
        return []
    doubles = as_doubles(content)
    return [
        (entry.key, list(doubles[entry.at : entry.at + entry.cells])) for entry in _scan(content)
    ]


def _scan(content: memoryview) -> Iterator[Entry]:
    at = _HEAD
    used = min(int.from_bytes(content[8:_HEAD], sys.byteorder), len(content))
    while at + _ENTRY.size <= used:
        length, cells, checksum, _ = _ENTRY.unpack_from(content, at)
        key = bytes(content[at + _ENTRY.size : at + _ENTRY.size + length])
        entry = Entry(key, (at + _ENTRY.size + _padded(length)) // 8, cells)
        if zlib.crc32(key) != checksum or not length or _end(entry) > used:
            return
        yield entry
        at = _end(entry)


def _release(fd: int) -> None:
    # Closing would not unlock: each mapping holds a duplicate of the descriptor.
    fcntl.flock(fd, fcntl.LOCK_UN)
    os.close(fd)


def as_doubles(content: memoryview) -> "memoryview[float]":
    """View memory as cells."""
    return content.cast("d")


def _end(entry: Entry) -> int:
    return (entry.at + entry.cells) * 8


def _padded(length: int) -> int:
    return (length + 7) & ~7

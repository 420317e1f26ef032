"""One segment, open for reading.

It is read with `pread`, not mapped: a file that somebody cut short gives fewer bytes instead of a
SIGBUS, and asking an idle lane costs one system call for twelve bytes.
"""

import os
from pathlib import Path
from typing import Final
from uuid import UUID

from hone.gateway.spool import frames
from hone.gateway.spool.frames import HEAD, HEADER, Entry, Key, Stop

_CHUNK: Final = 64 << 10


class SegmentReader:
    """A segment's file and the key of its frames."""

    def __init__(self, path: Path, lane: UUID, sequence: int) -> None:
        self.sequence = sequence
        self.key = Key.of(lane, sequence)
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._fd).st_size

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def header(self) -> bytes:
        """Read the header as it is."""
        return self._bytes(HEADER, 0)

    def fill(self, offset: int, limit: int, entries: list[Entry]) -> tuple[int, Stop]:
        """Append the frames of about a chunk, at most up to `limit` entries in all.

        Returns the offset after them and why it stopped there, `LIMIT` where more may follow.
        """
        if offset + HEAD > self._size:
            return offset, Stop.SEGMENT_END
        wanted = HEAD
        while True:
            chunk = self._bytes(wanted, offset)
            after, stop, needed = frames.scan(chunk, offset, self.key, limit, entries)
            if stop is not Stop.SHORT:
                return after, stop
            if after > offset:
                return after, Stop.LIMIT
            if offset + needed > self._size or len(chunk) < wanted:
                return offset, Stop.BROKEN
            wanted = max(needed, _CHUNK)

    def next_frame(self, offset: int, *, whole: bool) -> int | None:
        """Find the first frame behind something unreadable: in all the rest, or only near it."""
        rest = self._bytes(self._size - offset if whole else _CHUNK, offset)
        return frames.next_frame(rest, offset, self.key)

    def raw(self, offset: int, until: int | None) -> bytes:
        """Read what lies between two offsets, without zeros at its end."""
        return self._bytes((self._size if until is None else until) - offset, offset).rstrip(b"\0")

    def _bytes(self, size: int, offset: int) -> bytes:
        return os.pread(self._fd, size, offset)

"""The reader of the spool: what the drain sees of every lane, its writer alive or dead.

Nothing that lies in a lane makes a reader raise: it tells what is damaged and goes on behind it.
Only a disk that does not answer (`OSError`) is raised: what cannot be read today is not skipped.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.gateway.record import Frame
from hone.gateway.spool import frames
from hone.gateway.spool.errors import LaneInUse
from hone.gateway.spool.frames import HEADER, START, Damaged, Entry, Position, Stop
from hone.gateway.spool.reading import SegmentReader
from hone.gateway.spool.segments import LOCK, segment_name

READ_BYTES: Final = 8 << 20
"""`Lane.read` returns about as many bytes of frames at most."""
_STALE_SECONDS: Final = 3600
_LANE = re.compile(r"[0-9a-f]{32}")
_SEGMENT = re.compile(r"(\d{8,})\.seg")


class Lane:
    """One lane, read by one thread; positions are kept by the caller."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = UUID(path.name)
        self.obstacle: str | None = None
        """Why this lane is not read on (a newer program wrote it); None in the ordinary case."""
        self._lock: int | None = None
        self._dead = False
        self._ended = False
        self._segment: SegmentReader | None = None
        self._following = ""
        self._last: Position | None = None

    def alive(self) -> bool:
        """Tell whether the writer still holds its lock."""
        if self._dead:
            return False
        try:
            if self._lock is None:
                self._lock = os.open(self.path / LOCK, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            self._dead = True
            return False
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._dead = True
        return False

    def read(self, position: Position = START, limit: int = 1000) -> tuple[list[Entry], Position]:
        """Read what comes after `position`: at most `limit` entries, and where to go on.

        An empty list means that there is nothing more at present. A frame that is being written
        stays unread until it is whole; one that a killed writer left unfinished is the end.
        """
        entries: list[Entry] = []
        size = 0
        going = True
        while going and len(entries) < limit and size < READ_BYTES:
            before = position
            position, going = self._step(position, limit, entries)
            size += max(0, position.offset - before.offset)
        return entries, position

    def finished(self, position: Position) -> bool:
        """Tell whether nothing comes after `position`, now and for ever."""
        dead = not self.alive()
        entries, _ = self.read(position, 1)
        return not entries and (dead or self._ended) and self.obstacle is None

    def replay(self, until: Position | None = None) -> Iterator[tuple[Position, Frame]]:
        """Read again, from the first segment that is kept, the frames up to a position.

        For a drain that starts: it goes on at its own position, but must know what is still open.
        """
        kept = self.segments()
        position = Position(kept[0], 0) if kept else START
        while True:
            entries, position = self.read(position)
            for after, frame in entries:
                if until is not None and after > until:
                    return
                if not isinstance(frame, Damaged):
                    yield after, frame
            if not entries:
                return

    def segments(self) -> list[int]:
        """List the numbers of the segments that are kept, oldest first."""
        found = (_SEGMENT.fullmatch(name) for name in _names(self.path))
        return sorted(int(match[1]) for match in found if match)

    def forget_before(self, segment: int) -> None:
        """Delete the segments before this one.

        Only for segments in which every opened operation is settled, and only after
        what was read from them is committed elsewhere.
        """
        for number in self.segments():
            if number < segment:
                (self.path / segment_name(number)).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete a lane without a writer; interrupted at any point, it can be done again.

        The lock goes last, so that what is left stays a lane whose writer is dead, and the segments
        go oldest first, so that a position stays at the end of what is left.
        """
        if self.alive() and not self._ended:
            raise LaneInUse
        self.forget_before(1 << 63)
        for name in [*sorted(_names(self.path) - {LOCK}), LOCK]:
            (self.path / name).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self.path.rmdir()
        self._dead = True
        self.close()

    def close(self) -> None:
        """Close what is open for reading."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _step(self, position: Position, limit: int, entries: list[Entry]) -> tuple[Position, bool]:
        """Read on in one segment; say where that led and whether to go on from there."""
        if position == self._last:
            return position, False
        segment = self._open(position.segment)
        if segment is None:
            return self._missing(position, entries)
        if position.offset < HEADER:
            return self._begin(segment, entries)
        offset, stop = segment.fill(position.offset, limit, entries)
        position = Position(segment.sequence, offset)
        if stop is Stop.LIMIT:
            return position, True
        if stop is Stop.SEGMENT_END:
            return Position(segment.sequence + 1, 0), True
        if stop is Stop.LANE_END:
            self._ended = True
            return position, False
        return self._gap(segment, position, stop, entries)

    def _open(self, sequence: int) -> SegmentReader | None:
        if self._segment is not None:
            if self._segment.sequence == sequence:
                return self._segment
            self._segment.close()
            self._segment = None
        with contextlib.suppress(FileNotFoundError):
            self._segment = SegmentReader(self.path / segment_name(sequence), self.id, sequence)
            self._following = str(self.path / segment_name(sequence + 1))
        return self._segment

    def _begin(self, segment: SegmentReader, entries: list[Entry]) -> tuple[Position, bool]:
        start, after = Position(segment.sequence, 0), Position(segment.sequence, HEADER)
        header = segment.header()
        if header != segment.key.header:
            version = frames.foreign_version(segment.key, header)
            # Frames of ours behind it: then not the format is another, the header is damaged.
            ours = version is not None and segment.next_frame(HEADER - 1, whole=True) is not None
            if version is not None and not ours:
                self.obstacle = f"segment {segment.sequence} has format version {version}"
                return start, False
            entries.append((after, Damaged(start, "the header of the segment is wrong", header)))
        return after, True

    def _missing(self, position: Position, entries: list[Entry]) -> tuple[Position, bool]:
        """Wait for the next segment, or go over one that somebody took away."""
        dead = not self.alive()
        later = [number for number in self.segments() if number >= position.segment]
        if later and later[0] == position.segment:
            return position, True
        if later:
            after = Position(later[0], 0)
            entries.append((after, Damaged(position, "a segment is missing", b"")))
            return after, True
        if dead:
            self._last = position
        return position, False

    def _gap(
        self, segment: SegmentReader, position: Position, stop: Stop, entries: list[Entry]
    ) -> tuple[Position, bool]:
        """Decide what it means that no frame follows: nothing yet, the end, or damage."""
        complete = not self.alive()
        if not complete and not os.path.exists(self._following):
            if stop is Stop.EMPTY:
                return position, False
            resume = segment.next_frame(position.offset, whole=False)
            if resume is None:
                return position, False
        else:
            resume = segment.next_frame(position.offset, whole=True)
        # It may have been written since it was looked at; everything before a later frame was.
        offset, stop = segment.fill(position.offset, 1, [])
        if offset != position.offset or stop not in {Stop.EMPTY, Stop.BROKEN}:
            return position, True
        return self._damage(segment, position, resume, entries)

    def _damage(
        self,
        segment: SegmentReader,
        position: Position,
        resume: int | None,
        entries: list[Entry],
    ) -> tuple[Position, bool]:
        if resume is not None:
            after = Position(segment.sequence, resume)
        else:
            later = [number for number in self.segments() if number > segment.sequence]
            if not later:
                self._last = position if self._dead else None
                return position, False
            after = Position(later[0], 0)
        raw = segment.raw(position.offset, resume)
        entries.append((after, Damaged(position, "no frame can be read here", raw)))
        return after, True


class Lanes:
    """All lanes under one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lanes: dict[str, Lane] = {}

    def list(self) -> list[Lane]:
        """List the lanes there are, oldest first; a lane is the same object every time."""
        names = {name for name in _names(self._directory) if _LANE.fullmatch(name)}
        for name in self._lanes.keys() - names:
            self._lanes.pop(name).close()
        for name in sorted(names - self._lanes.keys()):
            path = self._directory / name
            if (path / LOCK).exists():
                self._lanes[name] = Lane(path)
            else:
                _sweep(path)
        return [self._lanes[name] for name in sorted(self._lanes)]

    def size(self) -> int:
        """Add up the disk space that all lanes take, with what is preallocated."""
        total = 0
        for folder in _names(self._directory):
            for name in _names(self._directory / folder):
                with contextlib.suppress(OSError):
                    total += os.stat(self._directory / folder / name).st_blocks * 512
        return total

    def close(self) -> None:
        """Close all lanes."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()


def _names(directory: Path) -> set[str]:
    try:
        return set(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return set()


def _sweep(path: Path) -> None:
    """Delete what a writer left that was killed before its lane began, or a removal before its end.

    Only an empty folder goes, but for the lock nobody came to hold.
    """
    age = clock.now() - ids.created_at(UUID(path.name))
    if age.total_seconds() > _STALE_SECONDS:
        with contextlib.suppress(OSError):
            (path / (LOCK + ".new")).unlink(missing_ok=True)
            path.rmdir()

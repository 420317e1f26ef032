"""Frames altered where they lie: each keeps its length, so every other frame keeps its place.

Only for frames that nobody reads any more for what they say: those that the drain has behind it. A
writer may append to the same segment meanwhile, for it never goes back.
"""

import os
from collections.abc import Callable
from pathlib import Path

from hone.gateway.record import Frame
from hone.gateway.spool import frames
from hone.gateway.spool.frames import HEAD, HEADER, Damaged, Entry, Position, Stop
from hone.gateway.spool.lanes import Lane
from hone.gateway.spool.reading import SegmentReader
from hone.gateway.spool.segments import segment_name

Change = Callable[[Frame], Frame | None]
"""Returns what a frame becomes, of the same length; None: it stays."""


def redact(lane: Lane, until: Position, change: Change) -> int:
    """Alter the frames of a lane up to a position and return how many; may be done again."""
    done = 0
    for sequence in lane.segments():
        if sequence <= until.segment:
            done += _redact(lane, sequence, until, change)
    return done


def _redact(lane: Lane, sequence: int, until: Position, change: Change) -> int:
    path = lane.path / segment_name(sequence)
    try:
        segment = SegmentReader(path, lane.id, sequence)
    except FileNotFoundError:
        return 0
    try:
        altered = [
            (after, made)
            for after, frame in _frames(segment, until)
            if (made := change(frame)) is not None
        ]
        return _write(path, segment, altered) if altered else 0
    finally:
        segment.close()


def _frames(segment: SegmentReader, until: Position) -> list[tuple[Position, Frame]]:
    found: list[tuple[Position, Frame]] = []
    offset = HEADER
    while True:
        entries: list[Entry] = []
        offset, stop = segment.fill(offset, 1000, entries)
        for after, frame in entries:
            if after > until:
                return found
            if not isinstance(frame, Damaged):
                found.append((after, frame))
        if stop is Stop.BROKEN:
            resumed = segment.next_frame(offset, whole=True)
            if resumed is None:
                return found
            offset = resumed
        elif stop is not Stop.LIMIT:
            return found


def _write(path: Path, segment: SegmentReader, altered: list[tuple[Position, Frame]]) -> int:
    done = 0
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        for after, frame in altered:
            payload = frames.encode(frame)
            offset = after.offset - HEAD - len(payload)
            length = os.pread(descriptor, 4, offset)
            # A frame of another version may be longer than ours; it goes with its segment.
            if offset >= HEADER and int.from_bytes(length, "little") == len(payload):
                os.pwrite(descriptor, frames.head(payload, offset, segment.key) + payload, offset)
                done += 1
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
    return done

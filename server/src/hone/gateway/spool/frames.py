"""The format of a segment: how frames lie in it, and how they are found again.

A segment is a preallocated file: a header of 32 bytes (magic, format version, sequence number,
lane id), then frames without gaps, then zeros. All numbers are little-endian.

    frame := length u32 · check u32 · mark u32 · payload (msgpack of a `hone.gateway.record.Frame`)

A length of zero is the end of what is written; two lengths that no payload can have mean "go on in
the next segment" and "the writer ended here". The check is CRC-32 as zlib computes it (ITU-T V.42;
0.5 us for 1.3 KB, and CRC-32C is not in the standard library) over the payload, started from the
CRC of the header exclusive-or the frame's offset. So a frame that was copied to another place, or
that somebody hid inside a payload, is not one. The mark is the same in the whole segment and, by the
lane's random id, known to nobody who only sends content; after damage it is what is searched for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from struct import Struct
from typing import Final, NamedTuple
from uuid import UUID
from zlib import crc32

import msgspec

from hone.gateway.record import Frame

VERSION: Final = 1
HEADER: Final = 32
HEAD: Final = 12
LANE_END: Final = 0xFFFFFFFE
SEGMENT_END: Final = 0xFFFFFFFF

_MAGIC: Final = b"HONESPL\n"
_HEADER = Struct("<8sII16s")
_HEAD = Struct("<III")
_LENGTH = Struct("<I")

encode: Callable[[Frame], bytes] = msgspec.msgpack.Encoder().encode
"""Writes the payload of a frame."""
_decode = msgspec.msgpack.Decoder(Frame).decode
_pack = _HEAD.pack
_unpack = _HEAD.unpack_from


class Position(NamedTuple):
    """A place in a lane; offset 0 is before the segment's header."""

    segment: int
    offset: int


START: Final = Position(1, 0)


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something in a lane that is not a frame and cannot be read as one."""

    position: Position
    reason: str
    raw: bytes


Entry = tuple[Position, Frame | Damaged]
"""A frame, or what is left of one, with the position after it."""


class Stop(Enum):
    """Why a scan did not go on."""

    LIMIT = auto()
    SHORT = auto()
    """The chunk ends within a frame."""
    EMPTY = auto()
    BROKEN = auto()
    SEGMENT_END = auto()
    LANE_END = auto()


_ENDS = {LANE_END: Stop.LANE_END, SEGMENT_END: Stop.SEGMENT_END}


@dataclass(frozen=True, slots=True)
class Key:
    """What ties frames to one segment of one lane."""

    sequence: int
    header: bytes
    seed: int
    mark: int

    @classmethod
    def of(cls, lane: UUID, sequence: int) -> "Key":
        """Derive the key of a segment; reader and writer come to the same one."""
        header = _HEADER.pack(_MAGIC, VERSION, sequence, lane.bytes)
        seed = crc32(header)
        return cls(sequence, header, seed, seed | 1)


def foreign_version(key: Key, header: bytes) -> int | None:
    """Read the format version of a header that differs from ours in nothing else."""
    if len(header) != HEADER or header[:8] != _MAGIC or header[12:] != key.header[12:]:
        return None
    version = _LENGTH.unpack_from(header, 8)[0]
    return None if version == VERSION else version


def head(payload: bytes, offset: int, key: Key) -> bytes:
    """Write what stands before `payload` at this offset."""
    return _pack(len(payload), crc32(payload, key.seed ^ offset), key.mark)


def end(kind: int, offset: int, key: Key) -> bytes:
    """Write the marker that ends a segment or a lane."""
    return _pack(kind, crc32(_LENGTH.pack(kind), key.seed ^ offset), key.mark)


def scan(
    chunk: bytes, base: int, key: Key, limit: int, entries: list[Entry]
) -> tuple[int, Stop, int]:
    """Append the frames of a chunk to `entries`, at most up to `limit` of them in all.

    `base` is the chunk's offset in its segment. Returns the offset after the last frame, why the
    scan stopped there, and how many bytes the next frame needs.
    """
    view = memoryview(chunk)
    size, at, seed, mark, sequence = len(chunk), 0, key.seed, key.mark, key.sequence
    while len(entries) < limit:
        body = at + HEAD
        if body > size:
            return base + at, Stop.SHORT, HEAD
        length, check, found = _unpack(chunk, at)
        if length == 0 or found != mark or length >= LANE_END:
            return base + at, _stop(length, check, found, base + at, key), HEAD
        after = body + length
        if after > size:
            return base + at, Stop.SHORT, HEAD + length
        payload = view[body:after]
        if crc32(payload, seed ^ (base + at)) != check:
            return base + at, Stop.BROKEN, HEAD
        entries.append((Position(sequence, base + after), _value(payload, base + at, key)))
        at = after
    return base + at, Stop.LIMIT, HEAD


def _stop(length: int, check: int, mark: int, offset: int, key: Key) -> Stop:
    if length == 0:
        return Stop.EMPTY
    if (length, check, mark) == _HEAD.unpack(end(length, offset, key)):
        return _ENDS.get(length, Stop.BROKEN)
    return Stop.BROKEN


def _value(payload: memoryview, offset: int, key: Key) -> Frame | Damaged:
    try:
        return _decode(payload)
    except (msgspec.MsgspecError, ValueError) as error:
        position = Position(key.sequence, offset)
        return Damaged(position, f"the payload cannot be decoded: {error}", bytes(payload))


def next_frame(chunk: bytes, base: int, key: Key) -> int | None:
    """Find the offset of the first whole frame or end marker after the chunk's first byte."""
    mark = _LENGTH.pack(key.mark)
    at = chunk.find(mark, HEAD - 3)
    while at >= 0:
        start = at - (HEAD - 4)
        found: list[Entry] = []
        length = _LENGTH.unpack_from(chunk, start)[0]
        stop_at = start + HEAD + (length if length < LANE_END else 0)
        _, stop, _ = scan(chunk[start:stop_at], base + start, key, 1, found)
        if found or stop in _ENDS.values():
            return base + start
        at = chunk.find(mark, at + 1)
    return None

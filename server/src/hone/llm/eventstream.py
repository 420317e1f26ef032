"""Amazon's event stream (Smithy 2.0, "Amazon Event Stream Specification"), read as it arrives.

A message is: total length (4), length of the headers (4), CRC-32 of these (4), headers, payload,
CRC-32 of all before (4). Nothing of a message is believed before its checksums are right.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

from hone.llm.errors import Malformed

LONGEST: Final = 8 << 20
"""A provider that announces a longer message is not believed."""

_PRELUDE: Final = struct.Struct(">III")
_CHECKSUM: Final = struct.Struct(">I")
_SHORT: Final = struct.Struct(">H")
_LEAST: Final = _PRELUDE.size + _CHECKSUM.size
_FIXED: Final = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of the values whose type has one size: truths, numbers, a time, a UUID."""
_SHORT_HEADERS: Final = 256
_BYTES: Final = 6
_STRING: Final = 7


class Message(NamedTuple):
    """One message whose checksums are right."""

    headers: Mapping[str, str]
    """Those that are strings; the others mean nothing to us."""
    payload: bytes


class Decoder:
    """Cuts a stream of bytes into messages, wherever the chunks end."""

    __slots__ = ("_held", "_limit")

    def __init__(self, limit: int = LONGEST) -> None:
        self._limit = limit
        self._held = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Message]:
        """Give the messages that this chunk completes; raise `Malformed` at what is none."""
        held = self._held
        held += chunk
        at = 0
        while len(held) - at >= _PRELUDE.size:
            total, headers = _prelude(bytes(held[at : at + _PRELUDE.size]), self._limit)
            if len(held) - at < total:
                break
            yield _message(bytes(held[at : at + total]), headers)
            at += total
        if at:
            del held[:at]


def _prelude(raw: bytes, limit: int) -> tuple[int, int]:
    """Read how long a message and its headers are."""
    total, headers, checksum = _PRELUDE.unpack(raw)
    if crc32(raw[:8]) != checksum or not _LEAST <= total <= limit or headers > total - _LEAST:
        raise Malformed
    return total, headers


def _message(raw: bytes, length: int) -> Message:
    if crc32(raw[: -_CHECKSUM.size]) != _CHECKSUM.unpack_from(raw, len(raw) - _CHECKSUM.size)[0]:
        raise Malformed
    end = _PRELUDE.size + length
    read = _known_headers if length <= _SHORT_HEADERS else _headers
    return Message(read(raw[_PRELUDE.size : end]), raw[end : -_CHECKSUM.size])


@lru_cache(maxsize=64)
def _known_headers(raw: bytes) -> Mapping[str, str]:
    """Read headers that come again and again: those of one kind of event are always the same."""
    return _headers(raw)


def _headers(raw: bytes) -> Mapping[str, str]:
    found: dict[str, str] = {}
    at = 0
    try:
        while at < len(raw):
            name, kind, at = _name(raw, at)
            size = _FIXED.get(kind)
            if size is None:
                size, at = _sized(raw, kind, at)
            if at + size > len(raw):
                raise Malformed
            if kind == _STRING:
                found[name] = raw[at : at + size].decode()
            at += size
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise Malformed from error
    return found


def _name(raw: bytes, at: int) -> tuple[str, int, int]:
    """Read a header's name and the type of its value; return also where the value begins."""
    end = at + 1 + raw[at]
    return raw[at + 1 : end].decode(), raw[end], end + 1


def _sized(raw: bytes, kind: int, at: int) -> tuple[int, int]:
    """Read the size that stands before a value."""
    if kind not in {_BYTES, _STRING}:
        raise Malformed
    return _SHORT.unpack_from(raw, at)[0], at + _SHORT.size

"""The bytes of a file as they lie in the storage: in parts, each compressed and sealed.

A part is sealed together with its file and its place in it, so that none can be left out at the
beginning, put elsewhere or exchanged without being noticed.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import zstandard

from hone.core.keyring import Key

PART: Final = 4 << 20
"""Bytes of a file in one part."""
_compress = zstandard.ZstdCompressor(level=3).compress


def seal(key: Key, file_id: UUID, number: int, plain: bytes) -> bytes:
    """Make one part."""
    return key.seal(_compress(plain), _context(file_id, number))


def unseal(key: Key, file_id: UUID, number: int, sealed: bytes) -> bytes:
    """Read one part; raise `crypto.Unreadable` where it is not what was stored there."""
    packed = key.unseal(sealed, _context(file_id, number))
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=PART)


def seal_answer(key: Key, batch_id: UUID, line: int, plain: bytes) -> bytes:
    """Seal the answer of one line of a batch under the key of its input file."""
    return key.seal(_compress(plain), _context(batch_id, line))


def unseal_answer(key: Key, batch_id: UUID, line: int, sealed: bytes) -> bytes:
    """Read the answer of one line."""
    packed = key.unseal(sealed, _context(batch_id, line))
    return zstandard.ZstdDecompressor().decompress(packed)


def _context(owner: UUID, number: int) -> bytes:
    return owner.bytes + number.to_bytes(8, "big")


class Cutter:
    """Cuts what comes into parts of one size."""

    def __init__(self, size: int = PART) -> None:
        self._size = size
        self._held = bytearray()

    def take(self, data: bytes) -> Iterator[bytes]:
        """Add bytes and return the parts that are full."""
        self._held += data
        while len(self._held) >= self._size:
            yield bytes(self._held[: self._size])
            del self._held[: self._size]

    def rest(self) -> bytes:
        """Return what is left, the last part."""
        left = bytes(self._held)
        self._held.clear()
        return left


class Lines:
    """Puts lines together from pieces that end anywhere."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, data: bytes) -> list[bytes]:
        """Add bytes and return the lines that are whole."""
        *whole, self._held = (self._held + data).split(b"\n")
        return whole

    def rest(self) -> list[bytes]:
        """Return what stands behind the last line end, if anything."""
        left, self._held = self._held, b""
        return [left] if left else []

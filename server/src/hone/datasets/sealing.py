"""What examples say and versions hold, as it lies sealed in the database and in the storage."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec
import zstandard

from hone.core import crypto, ids
from hone.core.db import Session
from hone.core.keyring import SECRET, Key, Keyring
from hone.datasets.fingerprints import Fingerprinter
from hone.datasets.models import Dataset, Example, Version

PART: Final = 4 << 20
"""Bytes of a version in one part."""
MOST_HISTORY: Final = 20
_LONG: Final = 512
"""Bytes from which on compressing pays."""
_PLAIN, _PACKED = b"\x00", b"\x01"


class Before(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an example was before somebody decided about it."""

    at: float
    by: str
    status: str
    output: Any = None
    reason: str | None = None
    input: Any = None
    reviewer: str | None = None
    reviewed_at: float | None = None


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of an example."""

    input: Any
    output: Any
    reasons: list[tuple[str, float]] = []
    """Why its quality is not 1."""
    reason: str | None = None
    """What the reviewer gave as theirs."""
    history: list[Before] = []


_read_said: Final = msgspec.msgpack.Decoder(Said).decode


@dataclass(frozen=True, slots=True)
class Box:
    """The key of a dataset, and what is made with it."""

    key: Key
    prints: Fingerprinter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prints", Fingerprinter(self.key))

    def seal(self, example_id: UUID, said: Said) -> bytes:
        """Seal an example."""
        plain = msgspec.msgpack.encode(said)
        packed = (
            _PLAIN + plain
            if len(plain) < _LONG
            else _PACKED + zstandard.ZstdCompressor(level=3).compress(plain)
        )
        return self.key.seal(packed, example_id.bytes)

    def open(self, row: Example) -> Said:
        """Read an example."""
        packed = self.key.unseal(row.sealed, row.id.bytes)
        plain = packed[1:]
        if packed[:1] == _PACKED:
            plain = zstandard.ZstdDecompressor().decompress(plain)
        return _read_said(plain)


async def new_box(
    session: Session, keyring: Keyring, organization_id: UUID, dataset_id: UUID
) -> tuple[Box, bytes]:
    """Make the key of a new dataset, and seal it for its row."""
    key, sealed = await new_key(session, keyring, organization_id, dataset_id)
    return Box(key), sealed


async def box_of(session: Session, keyring: Keyring, dataset: Dataset) -> Box:
    """Open the key of a dataset."""
    return Box(
        await _opened(session, keyring, dataset.organization_id, dataset.id, dataset.sealed_key)
    )


async def new_key(
    session: Session, keyring: Keyring, organization_id: UUID, owner_id: UUID
) -> tuple[Key, bytes]:
    """Make a key for a row, and seal it under the organization's."""
    key = Key(ids.new(), crypto.new_secret())
    held = await keyring.ensure(session, organization_id, SECRET)
    return key, held.seal(key.id.bytes + key.secret, owner_id.bytes)


async def key_of_version(session: Session, keyring: Keyring, version: Version) -> Key:
    """Open the key of a version's bytes."""
    assert version.sealed_key is not None
    return await _opened(session, keyring, version.organization_id, version.id, version.sealed_key)


async def _opened(
    session: Session, keyring: Keyring, organization_id: UUID, owner_id: UUID, sealed: bytes
) -> Key:
    held = await keyring.ensure(session, organization_id, SECRET)
    plain = held.unseal(sealed, owner_id.bytes)
    return Key(UUID(bytes=plain[:16]), plain[16:])


def seal_part(key: Key, version_id: UUID, number: int, plain: bytes) -> bytes:
    """Seal a part of a version together with its place."""
    packed = zstandard.ZstdCompressor(level=3).compress(plain)
    return key.seal(packed, version_id.bytes + number.to_bytes(8, "big"))


def open_part(key: Key, version_id: UUID, number: int, sealed: bytes) -> bytes:
    """Read a part of a version."""
    packed = key.unseal(sealed, version_id.bytes + number.to_bytes(8, "big"))
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=PART)


class Parts:
    """Cuts what comes into parts of one size."""

    def __init__(self) -> None:
        self._held = bytearray()

    def take(self, data: bytes) -> Iterator[bytes]:
        """Add bytes and return the parts that are full."""
        self._held += data
        while len(self._held) >= PART:
            yield bytes(self._held[:PART])
            del self._held[:PART]

    def rest(self) -> bytes:
        """Return the last part."""
        left = bytes(self._held)
        self._held.clear()
        return left

"""Files in the storage: written part by part, read part by part, never in the clear on a disk.

Where a part will lie is noted before it is stored, so whatever is killed leaves nothing behind that
nobody knows of: a file that was never finished is deleted a day later, with what there is of it.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from hone.batches import repository, sealing
from hone.batches.errors import ContentsWithheld, FileTooLarge
from hone.batches.models import File
from hone.batches.sealing import Cutter, Lines
from hone.core import clock, crypto, ids
from hone.core.blobs import BlobMissing, Blobs, digest_of
from hone.core.db import Database, Session
from hone.core.keyring import SECRET, Key, Keyring

_READ_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie."""

    database: Database
    ring: Keyring
    blobs: Blobs
    most: int
    """Bytes of the largest file."""


@dataclass(slots=True)
class Draft:
    """A file that is being written."""

    place: Place
    row: File
    key: Key
    size: int = 0
    _parts: int = 0
    _cutter: Cutter = field(default_factory=Cutter)

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        if self.size > self.place.most:
            raise FileTooLarge(f"A file has at most {self.place.most} bytes.")
        for part in self._cutter.take(data):
            await self._store(part)

    async def finish(self) -> None:
        """Store what is left; the file is whole when `complete` was told so."""
        rest = self._cutter.rest()
        if rest:
            await self._store(rest)

    async def _store(self, plain: bytes) -> None:
        row, place = self.row, self.place
        sealed = sealing.seal(self.key, row.id, self._parts, plain)
        self._parts += 1
        async with place.database.transaction(row.organization_id) as session:
            await repository.add_part(session, row.organization_id, row.id, digest_of(sealed))
        await place.blobs.put(row.organization_id, sealed)


async def begin(
    place: Place,
    organization_id: UUID,
    owner: str,
    purpose: str,
    filename: str,
    expires_at: datetime | None = None,
) -> Draft:
    """Begin a file that nobody sees before it is complete."""
    key = Key(ids.new(), crypto.new_secret())
    file_id = ids.new()
    async with place.database.transaction(organization_id) as session:
        held = await place.ring.ensure(session, organization_id, SECRET)
        row = File(
            id=file_id,
            organization_id=organization_id,
            owner=owner,
            filename=filename,
            purpose=purpose,
            sealed_key=held.seal(key.id.bytes + key.secret, file_id.bytes),
            parts=[],
            complete=False,
            created_at=clock.now(),
            expires_at=expires_at,
        )
        session.add(row)
    return Draft(place, row, key)


async def complete(session: Session, draft: Draft, **changes: object) -> None:
    """Make a file that was written one that is there."""
    row = draft.row
    await repository.change_file(
        session, row.organization_id, row.id, complete=True, size=draft.size, **changes
    )


async def open_key(session: Session, ring: Keyring, row: File) -> Key:
    """Open the key of a file's bytes."""
    held = await ring.ensure(session, row.organization_id, SECRET)
    plain = held.unseal(row.sealed_key, row.id.bytes)
    return Key(UUID(bytes=plain[:16]), plain[16:])


async def read(place: Place, row: File, key: Key) -> AsyncIterator[bytes]:
    """Read a file, part by part."""
    for number, digest in enumerate(row.parts):
        try:
            sealed = await place.blobs.get(row.organization_id, digest)
        except BlobMissing as error:
            raise ContentsWithheld from error
        yield sealing.unseal(key, row.id, number, sealed)


async def lines(place: Place, row: File, key: Key) -> AsyncIterator[tuple[int, bytes]]:
    """Read a file line by line, with their numbers, from 1; lines without anything are left out."""
    cutter, number = Lines(), 0
    async for part in read(place, row, key):
        for line in cutter.take(part):
            number += 1
            if line.strip():
                yield number, line
    for line in cutter.rest():
        if line.strip():
            yield number + 1, line


async def holding(place: Place, organization_id: UUID, word: str) -> Sequence[UUID]:
    """Find the files in which a text stands as a value of its own; all are read."""
    found: list[UUID] = []
    after: UUID | None = None
    needles = _written(word)
    while True:
        async with place.database.transaction(organization_id) as session:
            rows = await repository.files_after(session, organization_id, after, _READ_AT_ONCE)
            keys = [await open_key(session, place.ring, row) for row in rows]
        for row, key in zip(rows, keys, strict=True):
            if await _holds(place, row, key, needles):
                found.append(row.id)
        if len(rows) < _READ_AT_ONCE:
            return found
        after = rows[-1].id


def _written(word: str) -> list[bytes]:
    """Write a text as a value in JSON: as it is, and held to ASCII."""
    plain = json.dumps(word, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return list({plain, json.dumps(word).encode()})


async def _holds(place: Place, row: File, key: Key, needles: Sequence[bytes]) -> bool:
    before = b""
    longest = max(len(each) for each in needles)
    try:
        async for part in read(place, row, key):
            seen = before + part
            if any(needle in seen for needle in needles):
                return True
            before = seen[-longest:]
    except ContentsWithheld:
        return False
    return False

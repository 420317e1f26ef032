"""Files: datasets, models, artifacts, in a folder or in any object store (obstore).

A blob is addressed by the SHA-256 of its bytes, below its organization, so that putting it twice is
putting it once and a wrong byte is noticed.
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from hone.core.errors import AppError, NotFound, StorageFull
from hone.core.settings import Settings

_NO_ROOM: Final = ("(os error 28)", "(os error 122)")
"""No space left on the device, and a quota that is used up, as the library tells them."""


class BlobMissing(NotFound):
    """This file is not in the storage."""

    code = "blob_missing"


class BlobDamaged(AppError):
    """This file is not what was stored: its checksum differs."""

    code = "blob_damaged"


@dataclass(frozen=True, slots=True)
class Blobs:
    """The storage of one installation."""

    store: ObjectStore

    @classmethod
    def open(cls, settings: Settings) -> "Blobs":
        """Open the configured storage; without one, a folder in the data directory."""
        if settings.storage.url is not None:
            return cls(from_url(settings.storage.url))
        folder = settings.data_dir / "blobs"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(from_url(folder.absolute().as_uri()))

    async def put(self, organization_id: UUID, data: bytes) -> str:
        """Store bytes and return their address."""
        digest = digest_of(data)
        await self.write(path_of(organization_id, digest), data)
        return digest

    async def get(self, organization_id: UUID, digest: str) -> bytes:
        """Return the bytes at an address; raise `BlobMissing` or `BlobDamaged`."""
        data = await self.read(path_of(organization_id, digest))
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobDamaged
        return data

    async def read(self, path: str) -> bytes:
        """Return the bytes at a path of the storage."""
        try:
            found = await obstore.get_async(self.store, path)
        except FileNotFoundError as error:
            raise BlobMissing from error
        return bytes(await found.bytes_async())

    async def write(self, path: str, data: bytes) -> None:
        """Put bytes at a path of the storage; raise `StorageFull` where there is no room."""
        try:
            await obstore.put_async(self.store, path, data)
        except (BaseError, OSError) as error:
            if any(said in str(error) for said in _NO_ROOM):
                raise StorageFull from error
            raise

    async def paths(self) -> AsyncIterator[str]:
        """List everything that is stored."""
        async for page in obstore.list(self.store):  # pyright: ignore[reportUnknownMemberType]
            for entry in page:
                yield entry["path"]

    async def remove(self, organization_id: UUID, digest: str) -> None:
        """Remove the bytes at an address; nothing happens when there are none."""
        with contextlib.suppress(FileNotFoundError):
            await obstore.delete_async(self.store, path_of(organization_id, digest))


def digest_of(data: bytes) -> str:
    """Say under which address bytes are stored."""
    return hashlib.sha256(data).hexdigest()


def path_of(organization_id: UUID, digest: str) -> str:
    """Say where a blob lies."""
    return f"{organization_id.hex}/{digest[:2]}/{digest}"

"""Data keys: what seals contents, secrets and personal facts, each wrapped by the master key.

A content key serves one organization for one month, a secret key one organization, a person key
one person. Losing the row is losing what it sealed: that is how erasure works. The master key
wraps data keys and nothing else, so `rotate` re-wraps rows and touches no data. A master key that
lies in a file may be rotated while servers run: they read the file again when it was replaced.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from hone.core import crypto, ids
from hone.core.db import Base, Session
from hone.core.errors import AppError
from hone.core.settings import Settings

SECRET = "secret"  # noqa: S105 - a purpose, not a password
CONTENT = "content"
PERSON = "person"


class MasterKeyInvalid(AppError):
    """The master key must be 32 bytes in base64, as `hone keys generate` prints it."""

    code = "master_key_invalid"


class MasterKeyMissing(AppError):
    """The master key that wrapped this data key is not configured."""

    code = "master_key_missing"


class KeyRow(Base):
    """A data key as the database holds it: wrapped."""

    __tablename__ = "data_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    purpose: Mapped[str]
    scope: Mapped[str]
    master_key: Mapped[str]
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True, slots=True)
class Key:
    """A data key, ready to use."""

    id: UUID
    secret: bytes = field(repr=False)

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt and authenticate."""
        return crypto.seal(self.id, self.secret, plain, context)

    def unseal(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt; raise `crypto.Unreadable` if this key did not seal it."""
        return crypto.unseal(self.secret, sealed, context)


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key above all keys; its id is the start of its hash."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Name the key without telling it."""
        return hashlib.sha256(b"hone master key" + self.secret).hexdigest()[:16]

    @classmethod
    def read(cls, text: str) -> "MasterKey":
        """Read base64."""
        try:
            secret = base64.b64decode(text.strip(), validate=True)
        except binascii.Error as error:
            raise MasterKeyInvalid from error
        if len(secret) != crypto.KEY_BYTES:
            raise MasterKeyInvalid
        return cls(secret)

    @classmethod
    def generate(cls) -> "MasterKey":
        """Make a new one."""
        return cls(crypto.new_secret())

    def write(self) -> str:
        """Write base64."""
        return base64.b64encode(self.secret).decode()


@dataclass(slots=True)
class Keyring:
    """Master keys by id: the first wraps, every one unwraps."""

    active: MasterKey
    previous: tuple[MasterKey, ...] = ()
    file: Path | None = None
    """Where these keys were read; followed when `hone keys rotate` replaces it."""
    _read: tuple[int, int] = field(default=(0, 0), repr=False, compare=False)

    @classmethod
    def open(cls, path: Path) -> "Keyring":
        """Read the keys of a file, the active one first."""
        keys, seen = _contents(path)
        return cls(keys[0], keys[1:], path, seen)

    @property
    def masters(self) -> tuple[MasterKey, ...]:
        """Return every master key, the active one first."""
        self._follow()
        return (self.active, *self.previous)

    def wrap(self, secret: bytes, key_id: UUID) -> tuple[str, bytes]:
        """Wrap a data key; return the master key's id and the wrapped key, for the database."""
        master = self.masters[0]
        return master.id, crypto.seal(key_id, master.secret, secret, key_id.bytes)

    def unwrap(self, row: KeyRow) -> Key:
        """Unwrap a data key of the database."""
        for master in self.masters:
            if master.id == row.master_key:
                return Key(row.id, crypto.unseal(master.secret, row.wrapped, row.id.bytes))
        raise MasterKeyMissing(
            f"Data key {row.id} is wrapped by master key {row.master_key}, which is not configured."
        )

    def _follow(self) -> None:
        """Read the file again if it was replaced; one that is gone changes nothing."""
        if self.file is None:
            return
        with contextlib.suppress(FileNotFoundError):
            if _seen(self.file.stat()) != self._read:
                (self.active, *before), self._read = _contents(self.file)
                self.previous = tuple(before)

    async def ensure(
        self, session: Session, organization_id: UUID, purpose: str, scope: str = ""
    ) -> Key:
        """Return an organization's key for a purpose and scope; make it when there is none."""
        found = await self.find(session, organization_id, purpose, scope)
        if found is not None:
            return found
        key_id = ids.new()
        master_key, wrapped = self.wrap(crypto.new_secret(), key_id)
        await session.execute(
            insert(KeyRow)
            .values(
                id=key_id,
                organization_id=organization_id,
                purpose=purpose,
                scope=scope,
                master_key=master_key,
                wrapped=wrapped,
            )
            .on_conflict_do_nothing()
        )
        made = await self.find(session, organization_id, purpose, scope)
        assert made is not None
        return made

    async def find(
        self, session: Session, organization_id: UUID, purpose: str, scope: str = ""
    ) -> Key | None:
        """Return an organization's key for a purpose and scope, if there is one."""
        query = select(KeyRow).where(
            KeyRow.organization_id == organization_id,
            KeyRow.purpose == purpose,
            KeyRow.scope == scope,
        )
        row = await session.scalar(query)
        return None if row is None else self.unwrap(row)

    async def by_id(self, session: Session, organization_id: UUID, key_id: UUID) -> Key | None:
        """Return an organization's key by its id; None once it was destroyed."""
        query = select(KeyRow).where(KeyRow.organization_id == organization_id, KeyRow.id == key_id)
        row = await session.scalar(query)
        return None if row is None else self.unwrap(row)


async def masters_in_use(session: Session) -> set[str]:
    """Name the master keys that wrapped the data keys of all organizations; ask as the owner."""
    return set(await session.scalars(select(KeyRow.master_key).distinct()))


def load(settings: Settings) -> Keyring:
    """Read the keyring from the settings, or from the data directory, made at first start."""
    configured = settings.security.master_key
    if configured is not None:
        before = settings.security.previous_master_key
        previous = (MasterKey.read(before.get_secret_value()),) if before else ()
        return Keyring(MasterKey.read(configured.get_secret_value()), previous)
    path = key_file(settings.data_dir)
    if not path.exists():
        _create(path)
    return Keyring.open(path)


def is_given(settings: Settings) -> bool:
    """Tell whether there is a master key, so that `load` would not make one."""
    return settings.security.master_key is not None or key_file(settings.data_dir).exists()


def key_file(data_dir: Path) -> Path:
    """Tell where the master key lies when the environment does not give it."""
    return data_dir / "master.key"


def save(path: Path, keys: tuple[MasterKey, ...]) -> None:
    """Write master keys so that a crash leaves the old file or the new one; mode 0600."""
    _draft(path, keys).replace(path)
    _sync_folder(path.parent)


def _create(path: Path) -> None:
    """Make the first master key; of several processes that try, one does."""
    draft = _draft(path, (MasterKey.generate(),))
    try:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _draft(path: Path, keys: tuple[MasterKey, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes it readable by us alone, under a name that nobody else has.
    descriptor, name = tempfile.mkstemp(".draft", "master.", path.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key.write()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _contents(path: Path) -> tuple[tuple[MasterKey, ...], tuple[int, int]]:
    """Read the keys of a file, and what tells whether it was replaced since."""
    with path.open(encoding="ascii") as file:
        seen = _seen(os.fstat(file.fileno()))
        keys = tuple(MasterKey.read(line) for line in file.read().split())
    if not keys:
        raise MasterKeyInvalid(f"{path} is empty.")
    return keys, seen


def _seen(status: os.stat_result) -> tuple[int, int]:
    return status.st_ino, status.st_mtime_ns

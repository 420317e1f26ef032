"""Data keys: what seals contents, secrets and personal facts, each wrapped by the master key.

A content key serves one organization for one month, a secret key one organization, a person key
one person. Losing the row is losing what it sealed: that is how erasure works. The master key
wraps data keys and nothing else, so `rotate` re-wraps rows and touches no data.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
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


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys by id: the first wraps, every one unwraps."""

    active: MasterKey
    previous: tuple[MasterKey, ...] = ()

    def wrap(self, secret: bytes, key_id: UUID) -> bytes:
        """Wrap a data key for the database."""
        return crypto.seal(key_id, self.active.secret, secret, key_id.bytes)

    def unwrap(self, row: KeyRow) -> Key:
        """Unwrap a data key of the database."""
        for master in (self.active, *self.previous):
            if master.id == row.master_key:
                return Key(row.id, crypto.unseal(master.secret, row.wrapped, row.id.bytes))
        raise MasterKeyMissing(
            f"Data key {row.id} is wrapped by master key {row.master_key}, which is not configured."
        )

    async def ensure(
        self, session: Session, organization_id: UUID, purpose: str, scope: str = ""
    ) -> Key:
        """Return an organization's key for a purpose and scope; make it when there is none."""
        found = await self.find(session, organization_id, purpose, scope)
        if found is not None:
            return found
        key_id, secret = ids.new(), crypto.new_secret()
        await session.execute(
            insert(KeyRow)
            .values(
                id=key_id,
                organization_id=organization_id,
                purpose=purpose,
                scope=scope,
                master_key=self.active.id,
                wrapped=self.wrap(secret, key_id),
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


def load(settings: Settings) -> Keyring:
    """Read the keyring from the settings, or from the data directory, made at first start."""
    configured = settings.security.master_key
    if configured is not None:
        before = settings.security.previous_master_key
        previous = (MasterKey.read(before.get_secret_value()),) if before else ()
        return Keyring(MasterKey.read(configured.get_secret_value()), previous)
    path = key_file(settings.data_dir)
    if not path.exists():
        save(path, (MasterKey.generate(),))
    keys = [MasterKey.read(line) for line in path.read_text("ascii").split() if line]
    if not keys:
        raise MasterKeyInvalid(f"{path} is empty.")
    return Keyring(keys[0], tuple(keys[1:]))


def key_file(data_dir: Path) -> Path:
    """Tell where the master key lies when the environment does not give it."""
    return data_dir / "master.key"


def save(path: Path, keys: tuple[MasterKey, ...]) -> None:
    """Write master keys so that a crash leaves the old file or the new one; mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key.write()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

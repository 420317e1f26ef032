"""Whom an erasure is about, and how that is kept while it runs."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

import msgspec

from hone.core import ids
from hone.core.keyring import Key

Kind = Literal["person", "user"]


@dataclass(frozen=True, slots=True)
class Target:
    """A person of the organization by id, or an end user as the gateway's clients name them."""

    kind: Kind
    name: str
    """The person's id (`person_…`), or the end user's."""

    @property
    def person_id(self) -> UUID | None:
        """Return the person's id; None for an end user."""
        return ids.parse("person", self.name) if self.kind == "person" else None

    def digest(self, key: Key) -> bytes:
        """Tell the same target again, for who has the key; nobody else can try names against it."""
        said = msgspec.json.encode([self.kind, self.name])
        return hmac.digest(hashlib.sha256(b"erasure" + key.secret).digest(), said, "sha256")

    def seal(self, key: Key, erasure_id: UUID) -> bytes:
        """Seal it under a key of the organization."""
        return key.seal(msgspec.json.encode([self.kind, self.name]), erasure_id.bytes)


def unsealed(key: Key, erasure_id: UUID, sealed: bytes) -> Target:
    """Read what `seal` sealed."""
    kind, name = msgspec.json.decode(key.unseal(sealed, erasure_id.bytes), type=tuple[str, str])
    return Target(cast("Kind", kind), name)

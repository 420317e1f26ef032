"""Comments and corrections: sealed under the organization's key of the month, opened to be shown."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from hone.core import crypto
from hone.core.db import Session
from hone.core.keyring import Key, Keyring, MasterKeyMissing
from hone.feedback.models import Feedback
from hone.feedback.told import Words

NOT_ALLOWED = "Reading contents needs the permission 'contents:read'."
NOT_KEPT = "This organization keeps no contents."
ERASED = "The key that sealed this was destroyed."

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Words).decode


class Opened(NamedTuple):
    """The words of a piece of feedback, or why there are none."""

    words: Words
    withheld: str | None


def seal(key: Key, organization_id: UUID, digest: bytes, words: Words) -> bytes:
    """Seal words for the one row that they are of."""
    return key.seal(_encode(words), organization_id.bytes + digest)


async def opened(
    session: Session, keyring: Keyring, organization_id: UUID, rows: Sequence[Feedback]
) -> dict[UUID, Opened]:
    """Open the words of some feedback."""
    keys: dict[UUID, Key | None] = {}
    for key_id in {row.key_id for row in rows if row.key_id is not None}:
        try:
            keys[key_id] = await keyring.by_id(session, organization_id, key_id)
        except (MasterKeyMissing, crypto.Unreadable):
            keys[key_id] = None
    return {row.id: _open(row, keys) for row in rows}


def _open(row: Feedback, keys: Mapping[UUID, Key | None]) -> Opened:
    if row.sealed is None or row.key_id is None:
        lost = row.commented or (row.corrected and row.expected is None)
        return Opened(Words(), NOT_KEPT if lost else None)
    key = keys.get(row.key_id)
    if key is None:
        return Opened(Words(), ERASED)
    try:
        return Opened(_decode(key.unseal(row.sealed, row.organization_id.bytes + row.digest)), None)
    except (crypto.Unreadable, msgspec.DecodeError):
        return Opened(Words(), ERASED)

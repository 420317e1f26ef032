"""What was asked and answered, packed and sealed for one operation.

msgpack of the two bodies as they were on the wire, zstd (RFC 8878) at level 1, then sealed under the
organization's key of the month in which the operation began. The context binds it to the
organization and the operation, so it opens nowhere else.
"""

from typing import Literal
from uuid import UUID

import msgspec
import zstandard

from hone.core import crypto, ids
from hone.gateway.snapshot import ContentMode, DataKey, Organization

LARGEST = 128 << 20
"""No content unpacks to more."""

Kind = Literal["json", "sse"]


class Content(msgspec.Struct, array_like=True, frozen=True):
    """The two bodies, byte for byte; new fields go to the end and have a default."""

    request: bytes
    answer: bytes
    """Empty where nothing was delivered."""
    kind: Kind
    """How the answer is written."""


class ContentUnreadable(Exception):
    """This content was not packed by us."""


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Content).decode
_compress = zstandard.ZstdCompressor(level=1).compress


def key_for(organization: Organization, operation_id: bytes) -> DataKey | None:
    """Choose the key that seals an operation; None where its content is not kept."""
    if organization.content is ContentMode.NONE:
        return None
    return organization.data_keys.get(ids.month(int.from_bytes(operation_id[:6], "big")))


def context(organization_id: UUID, operation_id: UUID) -> bytes:
    """Say where a content belongs."""
    return organization_id.bytes + operation_id.bytes


def pack(content: Content, key: DataKey, context: bytes) -> bytes:
    """Pack, compress and seal for its context."""
    return crypto.seal(key.id, key.secret, _compress(_pack(content)), context)


def unpack(sealed: bytes, secret: bytes, context: bytes) -> Content:
    """Open what `pack` made; raise `crypto.Unreadable` for another key or another operation."""
    plain = crypto.unseal(secret, sealed, context)
    try:
        packed = zstandard.ZstdDecompressor().decompress(plain, max_output_size=LARGEST)
        return _unpack(packed)
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise ContentUnreadable from error

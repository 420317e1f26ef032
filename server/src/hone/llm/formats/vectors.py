"""OpenAI's embeddings (API reference, "Embeddings"), read from clients and written for them.

What a client asks of a vendor that has another API for it goes through here; the vectors
themselves are looked at only where they must be packed.
"""

import base64
import struct
from collections.abc import Sequence
from typing import Final

import msgspec

from hone.llm.errors import Malformed, Unsupported
from hone.llm.formats.base import Body, Raw, Reply, typed
from hone.llm.types import Usage

_NULL: Final = b"null"
_OURS: Final = frozenset({"metadata", "user"})
"""Read by the gateway, or of no meaning to another vendor."""


class _Request(msgspec.Struct, gc=False):
    input: str | list[str | int | list[int]]
    model: str = ""
    dimensions: int | None = None
    encoding_format: str | None = None


class VectorsRequest(msgspec.Struct, frozen=True, gc=False):
    """Texts to be turned into vectors."""

    texts: tuple[str, ...]
    dimensions: int | None = None
    dropped: tuple[str, ...] = ()
    """Parameters that no other vendor has."""


_decode = msgspec.json.Decoder(_Request).decode
_numbers = msgspec.json.Decoder(list[float]).decode
_encode = msgspec.json.Encoder().encode
_KNOWN: Final = frozenset(_Request.__struct_fields__)


def read(body: Body) -> VectorsRequest:
    """Read a request; raise `Unsupported` for texts that are already cut into OpenAI's tokens."""
    asked = typed(_decode, body)
    given = [asked.input] if isinstance(asked.input, str) else asked.input
    texts = tuple(each for each in given if isinstance(each, str))
    if len(texts) != len(given):
        raise Unsupported("'input': this provider takes texts, not tokens.", param="input")
    others = body.keys() - _KNOWN - _OURS
    dropped = tuple(sorted(name for name in others if bytes(body[name]) != _NULL))
    return VectorsRequest(texts, asked.dimensions, dropped)


def write(vectors: Sequence[Raw], asked: Body, used: Usage | None) -> Reply:
    """Write the vectors, each a list of numbers in JSON; where no usage is told it is guessed."""
    packed = bytes(asked.get("encoding_format", b"")) == b'"base64"'
    usage = used or Usage((len(bytes(asked["input"])) + 3) // 4, estimated=True)
    body = {
        "object": "list",
        "data": [
            {
                "object": "embedding",
                "index": index,
                "embedding": _packed(vector) if packed else Raw(vector),
            }
            for index, vector in enumerate(vectors)
        ],
        "model": asked["model"],
        "usage": {"prompt_tokens": usage.input_tokens, "total_tokens": usage.input_tokens},
    }
    return Reply(usage, None, 0, _encode(body))


def _packed(vector: Raw) -> str:
    """Write a vector as base64 of 32-bit floats, the lowest byte first."""
    try:
        numbers = _numbers(vector)
        return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
    except (msgspec.MsgspecError, struct.error, OverflowError) as error:
        raise Malformed from error

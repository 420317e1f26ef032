"""Lists of models, as vendors give them."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from hone.llm.errors import Malformed

T = TypeVar("T")


class _Known(msgspec.Struct, gc=False):
    id: str


class _Data(msgspec.Struct, gc=False):
    data: list[_Known]


class _Named(msgspec.Struct, gc=False):
    name: str


class _Models(msgspec.Struct, gc=False):
    models: list[_Named]


_data = msgspec.json.Decoder(_Data).decode
_models = msgspec.json.Decoder(_Models).decode


def by_id(body: bytes) -> list[str]:
    """Read a list as OpenAI gives it, and Anthropic."""
    return [each.id for each in _read(_data, body).data]


def by_name(body: bytes) -> list[str]:
    """Read a list as Google gives it, and Ollama."""
    return [each.name for each in _read(_models, body).models]


def _read(decode: Callable[[bytes], T], body: bytes) -> T:
    try:
        return decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed from error

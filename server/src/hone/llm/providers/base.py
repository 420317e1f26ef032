"""What a provider is: pure functions between OpenAI's shapes and a vendor's. No sockets here."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from hone.llm.errors import ProviderError
from hone.llm.types import Call, Endpoint, Target, Usage

Body = Mapping[str, msgspec.Raw]
"""A client's request, its top level decoded and nothing else."""

Header = Callable[[bytes], bytes | None]
"""Looks a header of an answer up."""


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What a whole answer says."""

    usage: Usage | None
    finish_reason: str | None
    size: int
    """Bytes of UTF-8 that the model wrote."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """What one event of a stream says."""

    size: int = 0
    """Bytes of UTF-8 that the model wrote; 0 where the event only opens or closes something."""
    finished: tuple[str, ...] = ()
    """Finish reasons, one for each choice that this event ends."""
    usage: Usage | None = None
    bare: bool = False
    """The event tells usage and nothing else."""
    done: bool = False
    """Nothing follows."""
    error: ProviderError | None = None


class Provider(Protocol):
    """Translates between OpenAI's API and one vendor's."""

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Say what to send."""
        ...

    def reply(self, endpoint: Endpoint, body: bytes) -> Reply:
        """Read an answer; raise a `ProviderError` for one that is none."""
        ...

    def piece(self, data: bytes) -> Piece:
        """Read the data of one event of a stream."""
        ...

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        ...

"""What a provider is: pure functions between what clients send and a vendor's API. No sockets here."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hone.llm.errors import ProviderError
from hone.llm.formats.base import Body, Reply, Stream
from hone.llm.types import Call, Endpoint, Target

Header = Callable[[bytes], bytes | None]
"""Looks a header of an answer up."""


class Listing(NamedTuple):
    """How to ask a vendor which models it has."""

    url: str
    headers: tuple[tuple[str, str], ...]
    path: str = "/models"
    """What of the address stands below the base URL, without its query."""
    version: str = "/v1"
    """How the base URL ends, where it is right."""
    body: bytes = b""
    """Makes it a POST, to a vendor that lists no models here: what refuses it tells of the credential."""


class Provider(Protocol):
    """Translates between the endpoints of `/v1` and one vendor's API."""

    @property
    def base_url(self) -> str:
        """Where the vendor is; empty where only the operator knows."""
        ...

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Say what to send; raise `Unsupported` for what the vendor cannot be asked."""
        ...

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Read the answer to what was asked; raise a `ProviderError` for one that is none."""
        ...

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Begin to read a stream."""
        ...

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        ...

    def listing(self, base_url: str, credential: str) -> Listing:
        """Say where the models are listed."""
        ...

    def models(self, body: bytes) -> list[str]:
        """Read the names of the models; raise `Malformed` for what is no list of them."""
        ...


class Forwarder(Protocol):
    """A provider to which any request of its own API can be forwarded."""

    def headers(self, credential: str) -> tuple[tuple[str, str], ...]:
        """Write who calls."""
        ...

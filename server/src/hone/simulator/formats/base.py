"""What a format is: it reads requests, writes answers and words errors, and knows nothing else."""

from array import array
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from hone.simulator.answers import Answer
from hone.simulator.asks import Ask, EmbeddingAsk, Message
from hone.simulator.errors import Headers, Refused, wrong_key
from hone.simulator.memory import Shelf
from hone.simulator.scripts import Allowance

JSON = (b"content-type", b"application/json")
EVENTS: Headers = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
)
encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer that can be asked for again."""

    body: bytes
    messages: Sequence[Message]
    """The conversation so far, the answer included."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Who is let in; where there are no keys at all, everybody."""

    api: Set[str] = frozenset()
    signing: Mapping[str, str] = field(default_factory=dict[str, str])
    """Secrets by access key, for signed requests."""


class Inbound(msgspec.Struct, gc=False):
    """A request as it came."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes
    request_id: str
    shelf: Shelf[Stored]
    name: str = ""
    """What the path names: a model, or a stored answer."""

    def header(self, name: bytes) -> str | None:
        """Return a header."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def bearer(self) -> str | None:
        """Return the key of an `Authorization: Bearer` header."""
        scheme, _, key = (self.header(b"authorization") or "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else None


class Details(msgspec.Struct, gc=False):
    """What a writer knows beside the answer."""

    request_id: str
    created: float
    """Seconds since 1970."""
    model: str
    seed: int
    inbound: Inbound
    ask: Ask
    prompt_tokens: int
    cached_tokens: int
    written_tokens: int
    written_hour_tokens: int

    @property
    def bare_id(self) -> str:
        """The request's id, for the ids that are made from it."""
        return self.request_id.removeprefix("req_")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a vendor words it."""

    status: int
    name: str
    """The error's code or type, for the ledger."""
    message: str
    body: bytes
    headers: Headers = (JSON,)


class Writer(Protocol):
    """Writes one answer, whole or in pieces."""

    @property
    def head(self) -> Headers:
        """The headers of a stream."""
        ...

    def whole(self, answer: Answer, /) -> bytes:
        """Write an answer that is not streamed."""
        ...

    def opening(self, answer: Answer, /) -> bytes:
        """Write what comes before the first token."""
        ...

    def piece(self, answer: Answer, text: str, /) -> bytes:
        """Write one token."""
        ...

    def ending(self, answer: Answer, /) -> bytes:
        """Write what comes after the last token."""
        ...

    def done(self, answer: Answer, /) -> bytes:
        """Write the mark that the stream is whole."""
        ...

    def broken(self, answer: Answer, /) -> bytes:
        """Write a chunk that cannot be understood."""
        ...

    def error(self, problem: Problem, /) -> bytes:
        """Write an error in the middle of a stream."""
        ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the endpoints of a vendor have in common."""

    admit: Callable[[Inbound, Keys], None]
    """Refuse a caller without one of the accepted keys."""
    problem: Callable[[Refused, str, Inbound | None], Problem]
    """Word an error, given the request's id and, where it was read, the request."""
    headers: Callable[[str, int, Allowance | None], Headers]
    """Return what every answer carries, given the request's id and the milliseconds it took."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An endpoint that answers a conversation."""

    read: Callable[[Inbound], Ask]
    writer: Callable[[Details], Writer]


@dataclass(frozen=True, slots=True)
class Embedding:
    """An endpoint that turns texts into vectors."""

    read: Callable[[Inbound], EmbeddingAsk]
    write: Callable[[EmbeddingAsk, "Sequence[array[float]]"], bytes]
    headers: Callable[[EmbeddingAsk], Headers] = lambda _ask: ()
    """Return what this answer carries beside what every one does."""


@dataclass(frozen=True, slots=True)
class Measure:
    """An endpoint that looks at a conversation and bills nothing."""

    read: Callable[[Inbound], Ask]
    write: Callable[[Ask, str], object]
    """Return the answer, given the request's id."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An endpoint that asks no model."""

    find: Callable[[Inbound, Sequence[str]], object]
    """Return the answer, given the names of the models."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address; `{name}` in it stands for a model or a stored answer."""

    address: str
    name: str
    """Its name in the ledger."""
    dialect: Dialect
    does: Generation | Embedding | Measure | Lookup
    method: str = "POST"
    when: tuple[bytes, ...] = ()
    """Headers of which one must be there, which tell this vendor from another at the address."""


def check_key(key: str | None, keys: Keys) -> None:
    """Refuse a key that is not accepted."""
    if keys.api and key not in keys.api:
        raise wrong_key(key)


def by_bearer(inbound: Inbound, keys: Keys) -> None:
    """Refuse a caller whose bearer token is not accepted."""
    check_key(inbound.bearer(), keys)

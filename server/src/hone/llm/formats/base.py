"""What a format is: functions between its JSON and the neutral form. No sockets here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from hone.llm.errors import ProviderError, Rejected
from hone.llm.neutral import Answer, Delta, Request, Sampling
from hone.llm.types import Usage

T = TypeVar("T")
Raw = msgspec.Raw
_encode = msgspec.json.Encoder().encode
_object = msgspec.json.Decoder(dict[str, Raw]).decode

ALL_SAMPLING = frozenset(Sampling.__struct_fields__)

GEMINIS = "google:"
"""Stands before the signature of a thought of Gemini's: no other vendor takes it, nor Gemini theirs."""

Body = Mapping[str, Raw]
"""A client's request, its top level decoded and nothing else."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """What a trained model said, as far as the log keeps it in the open."""

    version: str
    label: str | None = None
    confidence: float | None = None


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What a whole answer says, and what the client gets of it."""

    usage: Usage | None
    finish_reason: str | None
    size: int
    """Bytes of UTF-8 that the model wrote; it need not be counted where there is `usage`."""
    body: bytes
    told: Told | None = None


class Piece(msgspec.Struct, frozen=True, gc=False):
    """What one event of a stream says."""

    size: int = 0
    """Bytes of UTF-8 that the model wrote; 0 where the event only opens or closes something."""
    finished: tuple[str, ...] = ()
    """Finish reasons, one for each choice that this event ends."""
    usage: Usage | None = None
    begun: Usage | None = None
    """What is known of the prompt before the model has written all of its answer."""
    bare: bool = False
    """The event tells usage and nothing else."""
    done: bool = False
    """Nothing follows."""
    error: ProviderError | None = None


class Event(NamedTuple):
    """One event on its way to the client."""

    raw: bytes
    """What the client gets; empty where there is nothing for it."""
    piece: Piece | None = None
    """None for comments between events."""
    data: bytes = b""
    """The JSON in it."""


class Stream(Protocol):
    """Turns what a provider sends into events for the client; one for each attempt."""

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes; what is none is an error at its place."""
        ...

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        ...

    def close(self) -> list[Event]:
        """End a complete answer whose vendor has not said that nothing follows."""
        ...


class Reader(Protocol):
    """Reads a vendor's stream; one for each attempt."""

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says; after what stood before it, raise a `ProviderError` that it tells of."""
        ...


class Writer(Protocol):
    """Writes a client's stream; one for each attempt."""

    def write(self, delta: Delta) -> Iterable[Event]:
        """Write one more piece of the answer."""
        ...


@dataclass(frozen=True, slots=True)
class ClientFormat:
    """What a client speaks."""

    read: Callable[[Body], Request]
    """Reads a request; raises `Rejected` or `Unsupported`."""
    write: Callable[[Answer, Body], bytes]
    """Writes an answer to the request that is given with it."""
    writer: Callable[[Body], Writer]


@dataclass(frozen=True, slots=True)
class ProviderFormat:
    """What a vendor speaks; where its requests go and how they are signed is the vendor's."""

    write: Callable[[Request], dict[str, object]]
    """Writes a request without the name of the model; raises `Unsupported`."""
    read: Callable[[bytes], Answer]
    """Reads an answer; raises a `ProviderError` for one that is none."""
    reader: Callable[[], Reader]
    draws: frozenset[str] = ALL_SAMPLING
    """The fields of `Sampling` that the vendor has."""
    serial: bool = True
    """The vendor can be told to ask for one tool at a time."""


def typed(decode: Callable[[bytes], T], body: Body) -> T:
    """Read a request into its shape; raise `Rejected` with the path to what does not fit."""
    try:
        return decode(_encode(body))
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        param = path.strip("`").removeprefix("$.").removeprefix("$")
        raise Rejected(f"'{param}': {reason}.", param=param, code="invalid_request") from error


def told(value: object) -> bool:
    """Tell whether a value is worth writing: not None and not empty."""
    return value is not None and value != () and value != ""


def json_object(text: str) -> Raw:
    """Return the arguments of a call as JSON, whatever the model made of them."""
    try:
        return Raw(_encode(_object(text.encode("utf-8", "replace")))) if text else Raw(b"{}")
    except (msgspec.MsgspecError, RecursionError):
        return Raw(_encode({"arguments": text}))

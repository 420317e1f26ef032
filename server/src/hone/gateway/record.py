"""What the gateway has to tell about one call: plain values, written to the spool.

The order of the fields is the format (msgpack arrays). New fields go to the end and have a
default, so that a newer drain reads an older spool; `VERSION` changes only when that is not enough.
Times are Unix seconds, durations milliseconds, money pico-dollars (1e-12 USD).
"""

from enum import IntEnum

import msgspec

VERSION = 1


class Status(IntEnum):
    """How an operation ended."""

    SUCCESS = 0
    ERROR = 1
    CANCELLED = 2
    """The client went away before the answer was complete."""
    INTERRUPTED = 3
    """The process died; what the provider did is not known."""


class Attempt(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One try at one target: the unit that is billed."""

    model: str
    provider: str
    upstream: str
    model_id: bytes
    price_id: bytes | None
    status: int
    """HTTP status of the provider; 0 when none came."""
    error: str | None
    """A code such as `upstream_timeout`; None for success."""
    started_ms: float
    """Milliseconds after the operation's start."""
    duration_ms: float
    ttft_ms: float | None
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    estimated: bool
    cost: int
    written_tokens: int = 0


class Opened(msgspec.Struct, array_like=True, frozen=True, gc=False, tag=0):
    """Written before an attempt starts: all that is known if the process dies during it."""

    id: bytes
    organization_id: bytes
    key_id: bytes | None
    """None for a person who is signed in."""
    number: int
    """Which attempt this is, from 1."""
    endpoint: str
    route: str
    route_id: bytes | None
    model: str
    provider: str
    upstream: str
    model_id: bytes
    price_id: bytes | None
    input_price: int
    output_price: int
    estimated_input_tokens: int
    stream: bool
    user: str | None
    conversation: str | None
    metadata: bytes | None
    """A JSON object."""
    limits: list[bytes] = []
    """The ids of the limits that hold the call."""


class Settled(msgspec.Struct, array_like=True, frozen=True, gc=False, tag=1):
    """Written once, when the outcome is known and before the client has all of the answer."""

    id: bytes
    organization_id: bytes
    key_id: bytes | None
    """None for a person who is signed in."""
    endpoint: str
    route: str
    route_id: bytes | None
    status: int
    """A `Status`."""
    http_status: int
    """What the client was answered."""
    error: str | None
    finish_reason: str | None
    stream: bool
    user: str | None
    conversation: str | None
    metadata: bytes | None
    latency_ms: float
    ttft_ms: float | None
    overhead_ms: float
    candidates: list[tuple[str, float]]
    """Every target that was available, with its chance to be tried first (they sum to 1)."""
    attempts: list[Attempt]
    content_key: bytes | None
    content: bytes | None
    """Request and answer, sealed; None when the organization keeps none."""
    limits: list[bytes] = []
    """The ids of the limits that held the call."""


Frame = Opened | Settled

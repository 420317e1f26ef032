"""What the gateway has to tell about one call: plain values, written to the spool.

The order of the fields is the format (msgpack arrays). New fields go to the end and have a
default, so that a newer drain reads an older spool; `VERSION` changes only when that is not enough.
Times are Unix seconds, durations milliseconds, money pico-dollars (1e-12 USD).
"""

from enum import IntEnum

import msgspec

from hone.llm.types import Target, Usage

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
    written_hour_tokens: int = 0
    """Of those written, the ones that are to stay for an hour."""
    said: str | None = None
    """What the provider said of its failure, short and without anybody's words (`complaints`)."""


def tried(
    target: Target,
    status: int,
    error: str | None,
    times: tuple[float, float, float | None],
    usage: Usage,
    cost: int,
    said: str | None,
) -> Attempt:
    """Write one try down; `times` are when it started, how long it took, and its first token."""
    return Attempt(
        target.model,
        target.provider,
        target.upstream,
        target.model_bytes,
        target.price.id_bytes if target.price else None,
        status,
        error,
        *times,
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_tokens,
        usage.reasoning_tokens,
        usage.estimated,
        cost,
        usage.written_tokens,
        usage.written_hour_tokens,
        said,
    )


class Reason(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Why a target was asked first, where targets are compared by quality, cost and speed."""

    model: bytes | None
    """The routing model that predicted quality; None: it is what the operator says."""
    trust: float | None
    """How far the prompt is like those that were learned from, 1 to 0."""
    weighed: list[tuple[str, float, float]]
    """The best targets with the quality that was expected and the score that came of it."""


class Exposure(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Which arm of which split a call met."""

    split: bytes
    arm: str
    chance: float
    """The arm's share of the units that took part."""
    unit: int | None = None
    """What stays in one arm, as 64 bits; None: the call named nothing, and is a unit of its own."""
    rescued: bool = False
    """Nothing of the arm was available, and what had answered without a split did."""


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
    batch: bytes | None = None
    """The batch whose line this is."""
    exposure: Exposure | None = None
    """What it met; None where no split was."""


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
    reason: Reason | None = None
    """Why this target was the first; None where no policy compared them."""
    batch: bytes | None = None
    """The batch whose line this was."""
    confidence: float | None = None
    """How sure a trained model was."""
    exposure: Exposure | None = None
    """What it met; None where no split was."""


Frame = Opened | Settled

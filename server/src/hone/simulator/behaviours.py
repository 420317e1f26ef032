"""What a model can be told to do: one record, read from JSON or from the model's name.

JSON (camelCase) goes to `PUT /simulator/behaviours/{model}`. The same settings fit behind a model's
name, so that a test needs no set-up:

    name    = model [ "#" setting *( "," setting ) ]
    setting = key "=" value                 each key once; the model has no "#" in it
    value   = number | word | number "/" number

    JSON             key        meaning
    headMs           head       milliseconds until the response head
    ttftMs           ttft       milliseconds until the first token, which is never before the head
    perTokenMs       pace       milliseconds between tokens
    outputTokens     tokens     length of the answer in tokens, before the caller's own limit
    cachedTokens     cached     prompt tokens reported as read from the prompt cache
    reasoningTokens  reasoning  tokens thought before the first visible one
    contextTokens    context    the model's context limit
    echo             echo       1: the answer is the last user message
    burst            burst      chunks written at once (default 1; 0: all of them)
    status           status     answer with this error status (400 to 599)
    code             code       the error's code, instead of the usual one
    retryAfter       retry      seconds, sent as Retry-After
    fault            fault      see below
    afterTokens      after      where in the answer the fault happens; absent: before the head
    stallMs          stall      how long a stall lasts (default: as long as silence)
    times            times      only the next so many requests, then as if it had not been set
    rate             rate       requests/seconds, such as 3/60; what exceeds it is refused with 429

    fault            with afterTokens                          without
    stall            waits after so many tokens, then goes on  waits before the head, then answers
    cut              drops the connection after so many        drops it without an answer
    malformed        one broken chunk after so many            the first chunk is broken
    no_done          ends after so many, with no finish        ends whole, but without [DONE]
    content_filter   finish_reason content_filter              400 content_filter
    context_length   (not allowed)                             400 context_length_exceeded
    silence          (not allowed)                             accepts and never answers

An answer that is not streamed has one body: `stall` waits before it, `cut` drops the connection in
the middle of it, `malformed` breaks its JSON, `no_done` changes nothing. `status` with
`afterTokens` sends an error event in the middle of a stream; an answer that is not streamed is
refused as a whole. A fault that needs more tokens than there are happens after the last one.

Settings in a name come on top of the model's preset (below) and win over its script; a script
replaces the preset. Embeddings know ttftMs, status, rate, times, silence, and stall and cut before
the head.

Examples: `sim-echo`, `any-model#ttft=200,fault=cut,after=40`, `gpt-4o#status=503,retry=2,times=1`.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=3_600_000)]


class Fault(StrEnum):
    """What goes wrong."""

    STALL = "stall"
    CUT = "cut"
    MALFORMED = "malformed"
    NO_DONE = "no_done"
    SILENCE = "silence"
    CONTEXT_LENGTH = "context_length"
    CONTENT_FILTER = "content_filter"


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """So many requests in each window of so many seconds."""

    requests: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    per_seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)]


class Behaviour(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """One model's script; the table above says what each setting means."""

    head_ms: Milliseconds = 0
    ttft_ms: Milliseconds = 0
    per_token_ms: Milliseconds = 0
    output_tokens: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    cached_tokens: Count = 0
    reasoning_tokens: Count = 0
    context_tokens: Count | None = None
    echo: bool = False
    burst: Count = 1
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] | None = None
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    retry_after: Annotated[float, msgspec.Meta(ge=0, le=86_400)] | None = None
    fault: Fault | None = None
    after_tokens: Count | None = None
    stall_ms: Milliseconds | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] | None = None
    rate: Limit | None = None

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other."""
        for wrong, message in (
            (self.status and self.fault, "Give either status or fault."),
            (self.code and not self.status, "code needs a status."),
            (self.retry_after is not None and not self.status, "retryAfter needs a status."),
            (self.stall_ms is not None and self.fault != Fault.STALL, "stallMs needs fault stall."),
            (
                self.after_tokens is not None and not (self.status or self.fault),
                "afterTokens needs a fault or a status.",
            ),
            (
                self.after_tokens is not None
                and self.fault in {Fault.SILENCE, Fault.CONTEXT_LENGTH},
                "This fault happens before the answer; leave afterTokens out.",
            ),
        ):
            if wrong:
                raise ValueError(message)


DEFAULT = Behaviour()

PRESETS: dict[str, Behaviour] = {
    "sim-chat": DEFAULT,
    "sim-echo": Behaviour(echo=True),
    "sim-fast": Behaviour(output_tokens=16, burst=0),
    "sim-slow": Behaviour(ttft_ms=600, per_token_ms=25),
    "sim-think": Behaviour(ttft_ms=300, per_token_ms=5, reasoning_tokens=64),
}
"""Models that need no script; any other name behaves like `sim-chat`."""

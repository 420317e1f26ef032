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
    callTool         call       1: the first tool is called where the caller lets the model choose
    prefill          prefill    0: refuse a conversation whose last message is the model's own
    burst            burst      chunks written at once (default 1; 0: all of them)
    status           status     answer with this error status (400 to 599)
    code             code       the error's code, instead of the usual one
    retryAfter       retry      seconds, sent as Retry-After
    fault            fault      see below
    afterTokens      after      where in the answer the fault happens; absent: before the head
    stallMs          stall      how long a stall lasts (default: as long as silence)
    times            times      only the next so many requests, then as if it had not been set
    rate             rate       requests/seconds, such as 3/60; what exceeds it is refused with 429
    flap             flap       failing/well seconds in turn, such as 5/10, from the first request on;
                                status and fault hold only while it fails

    fault            with afterTokens                          without
    stall            waits after so many tokens, then goes on  waits before the head, then answers
    cut              closes the connection after so many       closes it without an answer
    reset            the same with a TCP reset                 the same with a TCP reset
    malformed        one broken chunk after so many            the first chunk is broken
    no_done          ends after so many, with no finish        ends whole, but without the end marker
    content_filter   ends as the vendor's filter does          refuses the prompt
    context_length   (not allowed)                             refuses the prompt as too long
    silence          (not allowed)                             accepts and never answers

All of it holds in every vendor's format, and every error has the vendor's shape. The end marker of
a stream is `[DONE]`, `message_stop`, `response.completed`, the chunk with a `finishReason`,
`messageStop`, or the line with `done`.

An answer that is not streamed has one body: `stall` waits before it, `cut` and `reset` drop the
connection in the middle of it, `malformed` breaks its JSON, `no_done` changes nothing. `status` with
`afterTokens` sends an error event in the middle of a stream; an answer that is not streamed is
refused as a whole. A fault that needs more tokens than there are happens after the last one.

A model whose last message is its own goes on from there: where it is the beginning of the answer to
what came before, the answer is the rest.

Settings in a name come on top of the model's preset (below) and win over its script; a script
replaces the preset. Embeddings, counts of tokens and moderations know ttftMs, status, rate, times,
flap, silence, and stall, cut and reset before the head.

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
    RESET = "reset"
    MALFORMED = "malformed"
    NO_DONE = "no_done"
    SILENCE = "silence"
    CONTEXT_LENGTH = "context_length"
    CONTENT_FILTER = "content_filter"


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """So many requests in each window of so many seconds."""

    requests: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    per_seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)]


class Flap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """So many seconds of failure, then so many without, and again."""

    fail_seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)]
    well_seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)]


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
    call_tool: bool = False
    prefill: bool = True
    burst: Count = 1
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] | None = None
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    retry_after: Annotated[float, msgspec.Meta(ge=0, le=86_400)] | None = None
    fault: Fault | None = None
    after_tokens: Count | None = None
    stall_ms: Milliseconds | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] | None = None
    rate: Limit | None = None
    flap: Flap | None = None

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other."""
        for wrong, message in (
            (self.status and self.fault, "Give either status or fault."),
            (self.code and not self.status, "code needs a status."),
            (self.retry_after is not None and not self.status, "retryAfter needs a status."),
            (self.flap and not (self.status or self.fault), "flap needs a fault or a status."),
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

    def well(self) -> "Behaviour":
        """Return the same without what fails."""
        return msgspec.structs.replace(
            self,
            status=None,
            code=None,
            retry_after=None,
            fault=None,
            after_tokens=None,
            stall_ms=None,
            flap=None,
        )


DEFAULT = Behaviour()

PRESETS: dict[str, Behaviour] = {
    "sim-chat": DEFAULT,
    "sim-echo": Behaviour(echo=True),
    "sim-fast": Behaviour(output_tokens=16, burst=0),
    "sim-slow": Behaviour(ttft_ms=600, per_token_ms=25),
    "sim-think": Behaviour(ttft_ms=300, per_token_ms=5, reasoning_tokens=64),
}
"""Models that need no script; any other name behaves like `sim-chat`."""

"""What came of a line, as a line of the output or of the error file, and what it took."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from hone.gateway import Answer

_encode = msgspec.json.Encoder().encode
EXPIRED: Final = (
    "batch_expired",
    "This request was not made before the completion window of the batch ended.",
)
CANCELLED: Final = ("batch_cancelled", "This request was not made before the batch was cancelled.")


class _Details(msgspec.Struct, gc=False):
    cached_tokens: int | None = 0
    reasoning_tokens: int | None = 0


class _Usage(msgspec.Struct, gc=False):
    """Usage as any of the endpoints tells it."""

    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    input_tokens: int | None = 0
    output_tokens: int | None = 0
    prompt_tokens_details: _Details | None = None
    completion_tokens_details: _Details | None = None
    input_tokens_details: _Details | None = None
    output_tokens_details: _Details | None = None


class _Body(msgspec.Struct, gc=False):
    usage: _Usage | None = None


_body = msgspec.json.Decoder(_Body).decode


@dataclass(frozen=True, slots=True)
class Took:
    """What a line took."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost: int = 0
    """In pico-dollars."""


def line_id(batch_id: UUID, number: int) -> str:
    """Name a line for whoever reads an output file."""
    return f"batch_req_{batch_id.hex}_{number}"


def answered(batch_id: UUID, number: int, custom_id: str, answer: Answer) -> bytes:
    """Write what was answered, whether it succeeded or not."""
    request_id = (answer.header(b"x-request-id") or b"").decode("latin-1")
    return _encode(
        {
            "id": line_id(batch_id, number),
            "custom_id": custom_id,
            "response": {
                "status_code": answer.status,
                "request_id": request_id,
                "body": msgspec.Raw(_flat(answer.body)),
            },
            "error": None,
        }
    )


def unasked(batch_id: UUID, number: int, custom_id: str, why: tuple[str, str]) -> bytes:
    """Write why a line was never made."""
    error = {"code": why[0], "message": why[1]}
    told = {"id": line_id(batch_id, number), "custom_id": custom_id}
    return _encode({**told, "response": None, "error": error})


def took(answer: Answer) -> Took:
    """Read what an answer took."""
    cost = answer.header(b"x-hone-cost-usd") or b"0"
    pico = int(Decimal(cost.decode("ascii")).scaleb(12))
    try:
        usage = _body(answer.body).usage or _Usage()
    except msgspec.DecodeError:
        return Took(cost=pico)
    into = usage.prompt_tokens_details or usage.input_tokens_details or _Details()
    out = usage.completion_tokens_details or usage.output_tokens_details or _Details()
    return Took(
        usage.prompt_tokens or usage.input_tokens or 0,
        into.cached_tokens or 0,
        usage.completion_tokens or usage.output_tokens or 0,
        out.reasoning_tokens or 0,
        pico,
    )


def _flat(body: bytes) -> bytes:
    """Write JSON on one line; what is none, as a text."""
    try:
        return msgspec.json.format(body, indent=-1)
    except msgspec.DecodeError:
        return _encode(body.decode("utf-8", "replace"))

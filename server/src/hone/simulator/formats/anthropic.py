"""Anthropic's messages on the wire, whole and as named events; its errors and models.

https://docs.anthropic.com/en/api/messages, …/messages-streaming and …/errors
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from hone.core import clock
from hone.simulator.answers import Answer
from hone.simulator.asks import Ask, Json
from hone.simulator.errors import Headers, Reason, Refused, retry_after
from hone.simulator.formats.anthropic_requests import read, read_counted
from hone.simulator.formats.base import (
    EVENTS,
    JSON,
    Details,
    Dialect,
    Endpoint,
    Generation,
    Inbound,
    Keys,
    Lookup,
    Measure,
    Problem,
    check_key,
    encode,
)
from hone.simulator.scripts import Allowance

VERSION = b"anthropic-version"
SIGNS = (VERSION, b"x-api-key")
"""Headers by which a caller of Anthropic is known."""

KINDS: Mapping[int, str] = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The type of each status; others are `invalid_request_error` or `api_error`."""

SENTENCES: Mapping[Reason | int, str] = {
    400: "The request could not be understood.",
    401: "invalid x-api-key",
    403: "Your API key does not have permission to use the specified resource.",
    404: "model: not found",
    429: "This request would exceed your organization's rate limit. Please try again later.",
    500: "Internal server error",
    503: "Service temporarily unavailable",
    529: "Overloaded",
    Reason.RATE: "This request would exceed your organization's rate limit of {limit} requests. "
    "Please try again in {wait}.",
    Reason.NO_KEY: "x-api-key header is required",
    Reason.WRONG_KEY: "invalid x-api-key",
    Reason.TOO_LONG: "prompt is too long: {tokens} tokens > {limit} maximum",
    Reason.TOO_LARGE: "Request exceeds the maximum size",
    Reason.FILTERED: "Output blocked by content filtering policy",
    Reason.ADDRESS: "Not Found",
    Reason.METHOD: "Method Not Allowed",
    Reason.NOT_JSON: "The request body is not valid JSON.",
}

STOPS: Mapping[str, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}


class Usage(msgspec.Struct, gc=False):
    """Tokens of one answer."""

    input_tokens: int
    cache_creation_input_tokens: int
    cache_read_input_tokens: int
    cache_creation: dict[str, int]
    output_tokens: int
    service_tier: str = "standard"


class MessageWriter:
    """Writes one message."""

    head = EVENTS

    def __init__(self, details: Details) -> None:
        self._details = details
        self._index = 0

    def whole(self, answer: Answer) -> bytes:
        """Write a message that is not streamed."""
        message = self._message(self._content(answer), self._usage(answer.token_count))
        message["stop_reason"] = _stop_reason(answer)
        message["stop_sequence"] = answer.stop
        return encode(message)

    def opening(self, answer: Answer) -> bytes:
        """Write that the message begins, what was thought, and the beginning of what is said."""
        events = [_event("message_start", message=self._message([], self._usage(1)))]
        if answer.reasoning_tokens and self._details.ask.thinks:
            events += self._thought(answer)
            self._index = 1
        call = answer.tool_call
        if call is not None:
            block: Json = {"type": "tool_use", "id": f"toolu_{call.id}", "name": call.name}
            block["input"] = {}
            events.append(self._block("content_block_start", content_block=block))
        elif answer.pieces:
            block: Json = {"type": "text", "text": ""}
            events.append(self._block("content_block_start", content_block=block))
        events.append(b'event: ping\ndata: {"type":"ping"}\n\n')
        return b"".join(events)

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token."""
        delta = {"type": "text_delta", "text": text}
        if answer.tool_call is not None:
            delta = {"type": "input_json_delta", "partial_json": text}
        return self._block("content_block_delta", delta=delta)

    def ending(self, answer: Answer) -> bytes:
        """Write that the block ends, why the message does, and the usage."""
        end = _event(
            "message_delta",
            delta={"stop_reason": _stop_reason(answer), "stop_sequence": answer.stop},
            usage=self._usage(answer.token_count),
        )
        opened = answer.pieces or answer.tool_call is not None
        return self._block("content_block_stop") + end if opened else end

    def done(self, _answer: Answer) -> bytes:
        """Write the mark that the stream is whole."""
        return b'event: message_stop\ndata: {"type":"message_stop"}\n\n'

    def broken(self, answer: Answer) -> bytes:
        """Write an event that is no JSON."""
        event = self.piece(answer, "")
        return event[: len(event) // 2] + b"\n\n"

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        return b"event: error\ndata: %b\n\n" % problem.body

    def _thought(self, answer: Answer) -> list[bytes]:
        block = {"type": "thinking", "thinking": "", "signature": ""}
        deltas: list[Json] = [
            {"type": "thinking_delta", "thinking": text} for text in answer.thoughts()
        ]
        deltas.append({"type": "signature_delta", "signature": signature(answer)})
        return [
            self._block("content_block_start", content_block=block),
            *(self._block("content_block_delta", delta=delta) for delta in deltas),
            self._block("content_block_stop"),
        ]

    def _block(self, kind: str, **fields: object) -> bytes:
        return _event(kind, index=self._index, **fields)

    def _content(self, answer: Answer) -> list[Json]:
        content: list[Json] = []
        if answer.reasoning_tokens and self._details.ask.thinks:
            thought = "".join(answer.thoughts())
            content.append(
                {"type": "thinking", "thinking": thought, "signature": signature(answer)}
            )
        call = answer.tool_call
        if call is not None:
            content.append(
                {
                    "type": "tool_use",
                    "id": f"toolu_{call.id}",
                    "name": call.name,
                    "input": answer.arguments() or {},
                }
            )
        elif answer.pieces:
            content.append({"type": "text", "text": answer.text})
        return content

    def _message(self, content: list[Json], usage: Usage) -> Json:
        return {
            "id": f"msg_{self._details.bare_id}",
            "type": "message",
            "role": "assistant",
            "model": self._details.model,
            "content": content,
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }

    def _usage(self, output_tokens: int) -> Usage:
        details = self._details
        written = details.written_tokens
        hour = details.written_hour_tokens
        return Usage(
            details.prompt_tokens - details.cached_tokens - written,
            written,
            details.cached_tokens,
            {
                "ephemeral_5m_input_tokens": written - hour,
                "ephemeral_1h_input_tokens": hour,
            },
            output_tokens,
        )


def signature(answer: Answer) -> str:
    """Return the signature of what was thought."""
    return base64.b64encode(answer.chance.to_bytes(16, "big") * 4).decode()


def problem(refusal: Refused, request_id: str, _inbound: Inbound | None = None) -> Problem:
    """Word an error in Anthropic's envelope."""
    usual = "api_error" if refusal.status >= 500 else "invalid_request_error"
    kind = refusal.kind or KINDS.get(refusal.status, usual)
    if refusal.reason == Reason.SCRIPTED and refusal.code:
        kind = refusal.code
    message = refusal.said(SENTENCES)
    body = {
        "type": "error",
        "error": {"type": kind, "message": message},
        "request_id": request_id,
    }
    allowance = refusal.facts.get("allowance")
    found: Headers = (
        JSON,
        *headers(request_id, 0, allowance if isinstance(allowance, Allowance) else None),
        *retry_after(refusal.retry_after),
    )
    return Problem(refusal.status, kind, message, encode(body), found)


def headers(request_id: str, _spent: int, allowance: Allowance | None) -> Headers:
    """Return what every answer carries."""
    found: Headers = (
        (b"request-id", request_id.encode()),
        (b"anthropic-organization-id", b"00000000-0000-4000-8000-000000000000"),
    )
    if allowance is None:
        return found
    reset = clock.now() + timedelta(seconds=allowance.reset)
    return (
        *found,
        (b"anthropic-ratelimit-requests-limit", b"%d" % allowance.limit),
        (b"anthropic-ratelimit-requests-remaining", b"%d" % allowance.remaining),
        (b"anthropic-ratelimit-requests-reset", f"{reset:%Y-%m-%dT%H:%M:%SZ}".encode()),
    )


def admit(inbound: Inbound, keys: Keys) -> None:
    """Refuse a caller without an accepted key, or who names no version."""
    check_key(inbound.header(b"x-api-key") or inbound.bearer(), keys)
    if not inbound.header(VERSION):
        raise Refused("anthropic-version: header is required")


def counted(ask: Ask, _request_id: str) -> object:
    """Tell how long a conversation is."""
    return {"input_tokens": ask.prompt_tokens()}


def models(_inbound: Inbound, names: Sequence[str]) -> object:
    """List the models."""
    return {
        "data": [_model(name) for name in names],
        "has_more": False,
        "first_id": names[0] if names else None,
        "last_id": names[-1] if names else None,
    }


def model(inbound: Inbound, _names: Sequence[str]) -> object:
    """Describe a model."""
    return _model(inbound.name)


def _model(name: str) -> Json:
    created = datetime(2025, 1, 1, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"type": "model", "id": name, "display_name": name, "created_at": created}


def _event(kind: str, **fields: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), encode({"type": kind, **fields}))


def _stop_reason(answer: Answer) -> str:
    return "stop_sequence" if answer.stop is not None else STOPS[answer.finish_reason]


DIALECT = Dialect(admit, problem, headers)

ENDPOINTS = (
    Endpoint("/v1/messages", "anthropic.messages", DIALECT, Generation(read, MessageWriter)),
    Endpoint(
        "/v1/messages/count_tokens",
        "anthropic.count_tokens",
        DIALECT,
        Measure(read_counted, counted),
    ),
    Endpoint("/v1/models", "anthropic.models", DIALECT, Lookup(models), "GET", SIGNS),
    Endpoint("/v1/models/{name}", "anthropic.models", DIALECT, Lookup(model), "GET", SIGNS),
)

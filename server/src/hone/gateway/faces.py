"""How the clients of each endpoint are told of errors, and of the end of a stream."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from hone.core.errors import AppError
from hone.llm.errors import ProviderError
from hone.llm.formats.base import Event
from hone.llm.types import Endpoint, Usage

Raw = msgspec.Raw
_object = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.Encoder().encode

_DONE: Final = b"data: [DONE]\n\n"


class Face(Protocol):
    """What an endpoint's clients understand."""

    def error(self, error: AppError | ProviderError, request_id: str) -> bytes:
        """Write an error."""
        ...

    def failure(self, body: bytes) -> bytes:
        """Write an error into a stream that has begun."""
        ...

    def tail(self, held: Sequence[Event], used: Usage, cost: bytes, *, wanted: bool) -> bytes:
        """Write the end of a stream: what was held back, with what it took where that is wanted."""
        ...


class OpenAI:
    """Chat completions and their kin."""

    def error(self, error: AppError | ProviderError, request_id: str) -> bytes:
        """Write the one error envelope."""
        del request_id
        return _encode(error.body())

    def failure(self, body: bytes) -> bytes:
        """Write an error as one more chunk."""
        return b"data: %b\n\n" % body

    def tail(self, held: Sequence[Event], used: Usage, cost: bytes, *, wanted: bool) -> bytes:
        """Write what was held back, with usage for a client that asked for it and no other."""
        events = [event for event in held if event.piece is not None and not event.piece.done]
        told = [event.piece is not None and event.piece.usage is not None for event in events]
        parts: list[bytes] = []
        for index, event in enumerate(events):
            last = told[index] and not any(told[index + 1 :])
            if wanted and last and event.data:
                parts.append(_priced(event.data, cost))
            elif wanted or not (event.piece and event.piece.bare):
                parts.append(event.raw)
        if wanted and events and not any(told):
            parts.append(_made_up(events[-1].data, used, cost))
        parts.append(_DONE)
        return b"".join(parts)


class Anthropic:
    """Messages (API reference, "Errors" and "Streaming messages")."""

    _TYPES: Final = {
        400: "invalid_request_error",
        401: "authentication_error",
        402: "billing_error",
        403: "permission_error",
        404: "not_found_error",
        413: "request_too_large",
        429: "rate_limit_error",
        503: "overloaded_error",
        504: "timeout_error",
    }

    def error(self, error: AppError | ProviderError, request_id: str) -> bytes:
        """Write an error as Anthropic does, and our code beside its type."""
        told = error.body()["error"]
        default = "invalid_request_error" if error.status < 500 else "api_error"
        kind = self._TYPES.get(error.status, default)
        return _encode({"type": "error", "error": {**told, "type": kind}, "request_id": request_id})

    def failure(self, body: bytes) -> bytes:
        """Write an error as an event of its own."""
        return b"event: error\ndata: %b\n\n" % body

    def tail(self, held: Sequence[Event], used: Usage, cost: bytes, *, wanted: bool) -> bytes:
        """Write what was held back; the cost stands beside the last usage."""
        del used, wanted
        return b"".join(_costed(event, cost) for event in held)


class Responses(OpenAI):
    """Responses: the last event is the whole response."""

    def failure(self, body: bytes) -> bytes:
        """Write an error as an event of its own."""
        told = _object(body)
        inside = _object(told["error"])
        event = {"sequence_number": b"0"} | inside | told | {"type": b'"error"'}
        return b"event: error\ndata: %b\n\n" % _encode(
            {name: Raw(value) for name, value in event.items()}
        )

    def tail(self, held: Sequence[Event], used: Usage, cost: bytes, *, wanted: bool) -> bytes:
        """Write what was held back; the cost stands in the usage of the response."""
        del used, wanted
        return b"".join(_whole(event, cost) for event in held)


def _whole(event: Event, cost: bytes) -> bytes:
    if event.piece is None or not event.piece.done or not event.data:
        return event.raw
    told = _object(event.data)
    response = _object(told["response"])
    usage = response.get("usage")
    if usage is None or bytes(usage) == b"null":
        return event.raw
    response["usage"] = Raw(_encode({**_object(usage), "cost_usd": Raw(cost)}))
    told["response"] = Raw(_encode(response))
    return b"%bdata: %b\n\n" % (event.raw.partition(b"data:")[0], _encode(told))


def _costed(event: Event, cost: bytes) -> bytes:
    if event.piece is None or event.piece.usage is None or not event.raw:
        return event.raw
    told = _object(event.data)
    usage = _object(told.get("usage") or b"{}")
    told["usage"] = Raw(_encode({**usage, "cost_usd": Raw(cost)}))
    head = event.raw.partition(b"data:")[0]
    return b"%bdata: %b\n\n" % (head, _encode(told))


def _priced(data: bytes, cost: bytes) -> bytes:
    """Add the cost to the usage that the provider tells."""
    chunk = _object(data)
    usage = _object(chunk.get("usage") or b"{}")
    chunk["usage"] = Raw(_encode({**usage, "cost_usd": Raw(cost)}))
    return b"data: %b\n\n" % _encode(chunk)


def _made_up(data: bytes, used: Usage, cost: bytes) -> bytes:
    """Write the usage chunk of a provider that tells none."""
    chunk = _object(data or b"{}")
    chunk["choices"] = Raw(b"[]")
    told = {
        "prompt_tokens": used.input_tokens,
        "completion_tokens": used.output_tokens,
        "total_tokens": used.input_tokens + used.output_tokens,
        "estimated": used.estimated,
        "cost_usd": Raw(cost),
    }
    chunk["usage"] = Raw(_encode(told))
    return b"data: %b\n\n" % _encode(chunk)


OPENAI: Final = OpenAI()
FACES: Final[dict[Endpoint, Face]] = {
    **dict.fromkeys(Endpoint, OPENAI),
    Endpoint.MESSAGES: Anthropic(),
    Endpoint.RESPONSES: Responses(),
}

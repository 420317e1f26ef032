"""An answer of Anthropic's Messages, written for a client and read from the vendor."""

from typing import Final

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai
from hone.llm.formats.base import Body, Raw, Reply, json_object
from hone.llm.formats.messages import shapes
from hone.llm.neutral import Answer, Asked, Choice, Finish, Part, Text, Thought
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode

FINISHES: Final = {
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "pause_turn": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "tool_use": Finish.TOOL_CALLS,
    "refusal": Finish.CONTENT_FILTER,
}
_REASONS: Final = {
    Finish.STOP: "end_turn",
    Finish.LENGTH: "max_tokens",
    Finish.TOOL_CALLS: "tool_use",
    Finish.CONTENT_FILTER: "refusal",
}


class Kept(msgspec.Struct, gc=False):
    """What was put into the cache, by how long it stays there."""

    ephemeral_1h_input_tokens: int | None = None


class Counts(msgspec.Struct, gc=False):
    """Token counts as Anthropic tells them: what was cached is not among the input."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_creation: Kept | None = None


class _Answer(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    content: list[shapes.Block] | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None
    usage: Counts | None = None


_decode = msgspec.json.Decoder(_Answer).decode


def usage(told: Counts | None) -> Usage | None:
    """Read token counts; None where there are none that make sense."""
    if told is None:
        return None
    read, written = told.cache_read_input_tokens or 0, told.cache_creation_input_tokens or 0
    fresh, output = told.input_tokens or 0, told.output_tokens or 0
    hour = (told.cache_creation.ephemeral_1h_input_tokens or 0) if told.cache_creation else 0
    if min(read, written, fresh, output, hour) < 0:
        return None
    return Usage(
        fresh + read + written, output, read, written_tokens=written, written_hour_tokens=hour
    )


def counts(used: Usage) -> Object:
    """Write token counts."""
    return {
        "input_tokens": used.input_tokens - used.cached_tokens - used.written_tokens,
        "cache_creation_input_tokens": used.written_tokens,
        "cache_read_input_tokens": used.cached_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": used.written_tokens - used.written_hour_tokens,
            "ephemeral_1h_input_tokens": used.written_hour_tokens,
        },
        "output_tokens": used.output_tokens,
    }


def reason(finish: Finish, sequence: str | None) -> str:
    """Write why a model stopped."""
    return "stop_sequence" if sequence is not None else _REASONS[finish]


def write(answer: Answer, asked: Body) -> bytes:
    """Write an answer; Messages has one choice."""
    del asked
    choice = answer.choices[0]
    return _encode(
        {
            "id": answer.id,
            "type": "message",
            "role": "assistant",
            "model": answer.model,
            "content": [block(part) for part in choice.parts],
            "stop_reason": reason(choice.finish, choice.sequence),
            "stop_sequence": choice.sequence,
            "usage": counts(answer.usage or Usage()),
        }
    )


def block(part: Part) -> Object:
    """Write a part of an answer."""
    match part:
        case Text():
            return {"type": "text", "text": part.text}
        case Thought(sealed=""):
            return {"type": "thinking", "thinking": part.text, "signature": part.signature}
        case Thought():
            return {"type": "redacted_thinking", "data": part.sealed}
        case Asked():
            arguments = json_object(part.arguments)
            return {"type": "tool_use", "id": part.id, "name": part.name, "input": arguments}
        case _:
            raise TypeError(f"{type(part).__name__} is no part of an answer")


def read(body: bytes) -> Answer:
    """Read the vendor's answer."""
    told = openai.read(_decode, body)
    if told.content is None:
        raise Malformed
    parts = tuple(part for each in told.content if (part := _part(each)) is not None)
    finish = FINISHES.get(told.stop_reason or "", Finish.STOP)
    choice = Choice(parts, finish, told.stop_sequence)
    return Answer((choice,), usage(told.usage), told.id or "", told.model or "")


def reply(body: bytes) -> Reply:
    """Read of an answer what the gateway must know, and pass it on as it came."""
    told = openai.read(_decode, body)
    if told.content is None:
        raise Malformed
    size = sum(
        len((each.text or each.thinking or each.name or "").encode()) + len(bytes(each.input))
        for each in told.content
    )
    return Reply(usage(told.usage), told.stop_reason, size, body)


def _part(given: shapes.Block) -> Part | None:
    match given.type:
        case "text":
            return Text(given.text or "")
        case "thinking":
            return Thought(given.thinking or "", given.signature or "")
        case "redacted_thinking":
            return Thought(sealed=given.data or "")
        case "tool_use":
            return Asked(given.id or "", given.name or "", bytes(Raw(given.input)).decode() or "{}")
        case _:
            return None

"""An answer of Bedrock's Converse, read from the vendor."""

import secrets
from typing import Final

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai
from hone.llm.formats.base import Raw
from hone.llm.neutral import Answer, Asked, Choice, Finish, Part, Text, Thought
from hone.llm.types import Usage

_NOTHING: Final = Raw(b"")
_FINISHES: Final = {
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "tool_use": Finish.TOOL_CALLS,
    "content_filtered": Finish.CONTENT_FILTER,
    "guardrail_intervened": Finish.CONTENT_FILTER,
}


class CacheDetail(msgspec.Struct, gc=False, rename="camel"):
    """What was put into the cache to stay there for as long as `ttl` says."""

    ttl: str | None = None
    input_tokens: int | None = None


class Counts(msgspec.Struct, gc=False, rename="camel"):
    """Token counts as Bedrock tells them: what was cached is not among the input.

    Amazon Bedrock User Guide, "Prompt caching for faster model inference": all input is
    `inputTokens` + `cacheReadInputTokens` + `cacheWriteInputTokens`.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_write_input_tokens: int | None = None
    cache_details: list[CacheDetail] | None = None


class Fields(msgspec.Struct, gc=False):
    """What a model tells in its vendor's own words."""

    stop_sequence: str | None = None


class ReasoningText(msgspec.Struct, gc=False):
    """A thought, and the proof of it."""

    text: str | None = None
    signature: str | None = None


class Reasoning(msgspec.Struct, gc=False, rename="camel"):
    """A thought, or a sealed one."""

    reasoning_text: ReasoningText | None = None
    redacted_content: str | None = None


class ToolUse(msgspec.Struct, gc=False, rename="camel"):
    """A tool that is to be called."""

    tool_use_id: str | None = None
    name: str | None = None
    input: Raw = _NOTHING


class _Block(msgspec.Struct, gc=False, rename="camel"):
    text: str | None = None
    tool_use: ToolUse | None = None
    reasoning_content: Reasoning | None = None


class _Message(msgspec.Struct, gc=False):
    content: list[_Block] | None = None


class _Output(msgspec.Struct, gc=False):
    message: _Message | None = None


class _Answer(msgspec.Struct, gc=False, rename="camel"):
    output: _Output | None = None
    stop_reason: str | None = None
    usage: Counts | None = None
    additional_model_response_fields: Fields | None = None


_HOUR: Final = "1h"
_decode = msgspec.json.Decoder(_Answer).decode


def identity() -> str:
    """Name an answer, which Bedrock does not."""
    return f"msg_{secrets.token_hex(12)}"


def usage(told: Counts | None) -> Usage | None:
    """Read token counts; None where there are none that make sense."""
    if told is None:
        return None
    read, written = told.cache_read_input_tokens or 0, told.cache_write_input_tokens or 0
    fresh, output = told.input_tokens or 0, told.output_tokens or 0
    hour = sum(each.input_tokens or 0 for each in told.cache_details or () if each.ttl == _HOUR)
    if min(read, written, fresh, output, hour) < 0:
        return None
    return Usage(
        fresh + read + written, output, read, written_tokens=written, written_hour_tokens=hour
    )


def ending(reason: str | None, fields: Fields | None) -> tuple[Finish, str | None]:
    """Read why a model stopped, and at which sequence; empty where it does not say which."""
    met = (fields.stop_sequence if fields else None) or ""
    return _FINISHES.get(reason or "", Finish.STOP), met if reason == "stop_sequence" else None


def read(model: str, body: bytes) -> Answer:
    """Read the vendor's answer."""
    told = openai.read(_decode, body)
    message = told.output.message if told.output else None
    if message is None or message.content is None:
        raise Malformed
    parts = tuple(part for each in message.content if (part := _part(each)) is not None)
    finish, sequence = ending(told.stop_reason, told.additional_model_response_fields)
    return Answer((Choice(parts, finish, sequence),), usage(told.usage), identity(), model)


def _part(given: _Block) -> Part | None:
    if given.text is not None:
        return Text(given.text)
    if given.tool_use is not None:
        use = given.tool_use
        return Asked(use.tool_use_id or "", use.name or "", bytes(use.input).decode() or "{}")
    thought = given.reasoning_content
    if thought is None:
        return None
    text = thought.reasoning_text or ReasoningText()
    return Thought(text.text or "", text.signature or "", thought.redacted_content or "")

"""Gemini's answer, whole or a chunk of one: both have the same shape."""

from collections.abc import Iterator
from typing import Final

import msgspec

from hone.llm.errors import ContentRefused, Malformed
from hone.llm.formats import openai
from hone.llm.formats.base import GEMINIS, Raw
from hone.llm.formats.gemini import logprobs, statuses
from hone.llm.neutral import Answer, Asked, Choice, Finish, Part, Text, Thought
from hone.llm.types import Usage

_NOTHING: Final = Raw(b"")
_FILTERED: Final = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    }
)


class Call(msgspec.Struct, gc=False):
    """A function that the model wants to be called."""

    name: str = ""
    id: str | None = None
    args: Raw = _NOTHING


class Said(msgspec.Struct, gc=False, rename="camel"):
    """A part of what the model said."""

    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: Call | None = None


class Content(msgspec.Struct, gc=False):
    """A turn of the model."""

    parts: list[Said] | None = None


class Candidate(msgspec.Struct, gc=False, rename="camel"):
    """One alternative of an answer."""

    index: int = 0
    content: Content | None = None
    finish_reason: str | None = None
    logprobs_result: logprobs.Result | None = None


class Feedback(msgspec.Struct, gc=False, rename="camel"):
    """What Google thinks of the prompt."""

    block_reason: str | None = None


class Counts(msgspec.Struct, gc=False, rename="camel"):
    """Token counts: thoughts stand beside the answer, the cache within the prompt."""

    prompt_token_count: int | None = None
    cached_content_token_count: int | None = None
    tool_use_prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None


class Told(msgspec.Struct, gc=False, rename="camel"):
    """An answer, or a chunk of it."""

    candidates: list[Candidate] | None = None
    prompt_feedback: Feedback | None = None
    usage_metadata: Counts | None = None
    model_version: str | None = None
    response_id: str | None = None
    error: Raw = _NOTHING


_decode = msgspec.json.Decoder(Told).decode


def decode(body: bytes) -> Told:
    """Read an answer or a chunk; raise the error that it tells of."""
    told = openai.read(_decode, body)
    if openai.given(told.error):
        raise statuses.of_error(0, told.error)
    blocked = told.prompt_feedback.block_reason if told.prompt_feedback else None
    if blocked and not told.candidates:
        raise ContentRefused(f"The provider blocked the prompt: {blocked[:64]}.")
    return told


def read(body: bytes) -> Answer:
    """Read the vendor's answer."""
    told = decode(body)
    if not told.candidates:
        raise Malformed
    return Answer(
        tuple(_choice(each, told.response_id or "") for each in told.candidates),
        usage(told.usage_metadata),
        told.response_id or "",
        told.model_version or "",
    )


def _choice(candidate: Candidate, answer_id: str) -> Choice:
    said = parts(candidate, answer_id, 0)
    called = any(isinstance(part, Asked) for part in said)
    probable = logprobs.write(candidate.logprobs_result)
    return Choice(tuple(said), finish(candidate.finish_reason, called=called), logprobs=probable)


def parts(candidate: Candidate, answer_id: str, calls: int) -> list[Part]:
    """Read what a candidate says, which has said so many calls before."""
    found: list[Part] = []
    for said in (candidate.content.parts if candidate.content else None) or ():
        if said.function_call is None:
            found += _words(said)
            continue
        call = said.function_call
        made_up = f"call_{answer_id}_{candidate.index}_{calls}"
        arguments = msgspec.json.format(bytes(call.args), indent=-1) if bytes(call.args) else b"{}"
        signature = said.thought_signature or ""
        found.append(Asked(call.id or made_up, call.name, arguments.decode(), signature))
        calls += 1
    return found


def _words(said: Said) -> Iterator[Part]:
    text = said.text or ""
    signature = f"{GEMINIS}{said.thought_signature}" if said.thought_signature else ""
    if said.thought and (text or signature):
        yield Thought(text, signature)
        return
    if text:
        yield Text(text)
    if signature:
        yield Thought(signature=signature)


def finish(reason: str | None, *, called: bool) -> Finish:
    """Read a finish reason; Gemini has none of its own for calls."""
    if reason in _FILTERED:
        return Finish.CONTENT_FILTER
    if reason == "MAX_TOKENS":
        return Finish.LENGTH
    return Finish.TOOL_CALLS if called else Finish.STOP


def usage(told: Counts | None) -> Usage | None:
    """Read token counts; None where there are none that make sense."""
    if told is None:
        return None
    prompt = (told.prompt_token_count or 0) + (told.tool_use_prompt_token_count or 0)
    cached, thoughts = told.cached_content_token_count or 0, told.thoughts_token_count or 0
    written = told.candidates_token_count or 0
    if min(prompt, cached, thoughts, written) < 0:
        return None
    return Usage(prompt, written + thoughts, cached, thoughts)

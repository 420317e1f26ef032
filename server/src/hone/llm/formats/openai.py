"""How an answer looks in OpenAI's API, as far as the gateway reads it.

OpenAI API reference: "Chat completions", "Embeddings", "Streaming". Vendors differ in what they
leave out, so every field may be missing, and what is not read is not checked.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from hone.llm.errors import Malformed
from hone.llm.types import Usage
from hone.llm.unicode import mend

T = TypeVar("T")
Raw = msgspec.Raw
_ABSENT = Raw(b"")
_NOTHING = frozenset({b"", b"null", b'""', b"[]", b"{}"})


class _Details(msgspec.Struct, gc=False):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Usage(msgspec.Struct, gc=False):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: _Details | None = None
    completion_tokens_details: _Details | None = None
    prompt_cache_hit_tokens: int | None = None
    """DeepSeek's name for cached tokens."""


class Choice(msgspec.Struct, gc=False):
    """One alternative of an answer; `delta` in a stream."""

    finish_reason: str | None = None
    message: dict[str, Raw] | None = None
    delta: dict[str, Raw] | None = None
    text: Raw = _ABSENT
    """Of a completion that is no chat."""


class Side(msgspec.Struct, gc=False):
    """Groq tells a stream's usage in `x_groq`."""

    usage: Raw = _ABSENT


class Answer(msgspec.Struct, gc=False):
    """A chat completion, or one chunk of it."""

    choices: list[Choice] | None = None
    usage: Raw = _ABSENT
    error: Raw = _ABSENT
    x_groq: Side | None = None


class Vectors(msgspec.Struct, gc=False):
    """Embeddings; the vectors themselves are not looked at."""

    data: Raw = _ABSENT
    usage: Raw = _ABSENT
    error: Raw = _ABSENT


answer = msgspec.json.Decoder(Answer).decode
vectors = msgspec.json.Decoder(Vectors).decode
_usage = msgspec.json.Decoder(_Usage).decode
_text = msgspec.json.Decoder(str).decode


def read(decode: Callable[[bytes], T], body: bytes) -> T:
    """Decode JSON, with its lone surrogates mended where it has any."""
    try:
        body.decode()
        return decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        mended = mend(body)
    try:
        mended.decode()
        return decode(mended)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed from error


def given(raw: Raw) -> bool:
    """Tell whether a field is there and not null."""
    return bytes(raw) not in _NOTHING


def usage(raw: Raw) -> Usage | None:
    """Read token counts; None where the vendor gives none that make sense."""
    if not given(raw):
        return None
    try:
        told = _usage(raw)
    except msgspec.MsgspecError:
        return None
    prompt, completion = told.prompt_tokens or 0, told.completion_tokens or 0
    inside, outside = told.prompt_tokens_details, told.completion_tokens_details
    reasoning = (outside.reasoning_tokens or 0) if outside else 0
    # xAI counts reasoning beside the completion, everybody else within it; the total tells.
    if reasoning and told.total_tokens == prompt + completion + reasoning:
        completion += reasoning
    cached = (inside.cached_tokens if inside else None) or told.prompt_cache_hit_tokens or 0
    if min(prompt, completion, cached, reasoning) < 0:
        return None
    return Usage(prompt, completion, cached, reasoning)


def text_size(text: Raw) -> int:
    """Count the bytes of UTF-8 in a text of JSON."""
    return _bytes("text", text)


def size(written: dict[str, Raw] | None) -> int:
    """Count the bytes of UTF-8 that the model wrote: text, reasoning, calls of tools."""
    return 0 if not written else sum(_bytes(k, raw) for k, raw in written.items())


def _bytes(name: str, raw: Raw) -> int:
    text = bytes(raw)
    if name == "role" or text in _NOTHING:
        return 0
    if not text.startswith(b'"') or b"\\" not in text:
        return max(len(text) - 2, 1)
    return len(_text(text).encode()) or 1

"""An answer of OpenAI's Responses, written for a client; one of a vendor's is read and passed on."""

import time
from typing import Final

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Body, Raw, Reply
from hone.llm.neutral import Answer, Asked, Finish, Part, Text, Thought
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode
_NOTHING = Raw(b"")

OUTPUT_TEXT: Final[Object] = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
_ECHOED: Final[Object] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}
"""What a response repeats of its request, and what it says where nothing was asked."""
_FAILURES: Final = frozenset({None, "server_error", "rate_limit_exceeded"})
"""Codes of a response that failed; what is refused (a picture, a policy) is an answer."""
_INCOMPLETE: Final = {
    Finish.LENGTH: "max_output_tokens",
    Finish.CONTENT_FILTER: "content_filter",
}


def frame(answer_id: str, model: str, created: int, asked: Body) -> Object:
    """Write what a response says beside its output; it is in progress."""
    given = {name: Raw(asked[name]) for name in _ECHOED if openai.given(asked.get(name, _NOTHING))}
    return {
        "id": answer_id if answer_id.startswith("resp") else f"resp_{answer_id}",
        "object": "response",
        "created_at": created,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "model": model,
        "output": [],
        "store": False,
        "usage": None,
        **_ECHOED,
        **given,
    }


def ended(finish: Finish) -> Object:
    """Write how a response ended."""
    reason = _INCOMPLETE.get(finish)
    if reason is None:
        return {"status": "completed"}
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


def write(answer: Answer, asked: Body) -> bytes:
    """Write an answer; a response has one choice."""
    choice = answer.choices[0]
    body = frame(answer.id, answer.model, int(time.time()), asked)
    items = [item(part, f"{answer.id}_{at}") for at, part in enumerate(choice.parts)]
    used = usage(answer.usage or Usage())
    return _encode({**body, **ended(choice.finish), "output": items, "usage": used})


def item(part: Part, key: str, status: str = "completed") -> Object:
    """Write one item of the output."""
    match part:
        case Text(text=text):
            content = [OUTPUT_TEXT | {"text": text}]
            message: Object = {"type": "message", "id": f"msg_{key}", "status": status}
            return message | {"role": "assistant", "content": content if text else []}
        case Thought():
            text = [{"type": "reasoning_text", "text": part.text}] if part.text else []
            thought: Object = {"type": "reasoning", "id": f"rs_{key}", "summary": []}
            sealed = part.signature or part.sealed or None
            return thought | {"content": text, "encrypted_content": sealed, "status": status}
        case Asked():
            call: Object = {"type": "function_call", "id": f"fc_{key}", "call_id": part.id}
            return call | {"name": part.name, "arguments": part.arguments, "status": status}
        case _:
            raise TypeError(f"{type(part).__name__} is no part of an answer")


def usage(used: Usage) -> Object:
    """Write token counts."""
    return {
        "input_tokens": used.input_tokens,
        "input_tokens_details": {"cached_tokens": used.cached_tokens},
        "output_tokens": used.output_tokens,
        "output_tokens_details": {"reasoning_tokens": used.reasoning_tokens},
        "total_tokens": used.input_tokens + used.output_tokens,
    }


class _Details(msgspec.Struct, gc=False):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Counts(msgspec.Struct, gc=False):
    input_tokens: int | None = None
    output_tokens: int | None = None
    input_tokens_details: _Details | None = None
    output_tokens_details: _Details | None = None


class _Error(msgspec.Struct, gc=False):
    code: str | None = None


class Told(msgspec.Struct, gc=False):
    """What a vendor's response says, as far as the gateway reads it."""

    status: str | None = None
    output: Raw = _NOTHING
    usage: Raw = _NOTHING
    error: Raw = _NOTHING

    @property
    def failed(self) -> bool:
        """Tell whether it is a failure of the vendor's, after which another may be asked."""
        if not openai.given(self.error) or self.status not in {None, "failed"}:
            return False
        if self.status is None and not openai.given(self.output):
            return True
        return openai.read(_error, bytes(self.error)).code in _FAILURES

    def counted(self) -> Usage | None:
        """Read token counts; None where there are none that make sense."""
        if not openai.given(self.usage):
            return None
        try:
            told = _counts(self.usage)
        except msgspec.MsgspecError:
            return None
        inside = told.input_tokens_details or _Details()
        outside = told.output_tokens_details or _Details()
        counts = (
            told.input_tokens or 0,
            told.output_tokens or 0,
            inside.cached_tokens or 0,
            outside.reasoning_tokens or 0,
        )
        return None if min(counts) < 0 else Usage(*counts)


_decode = msgspec.json.Decoder(Told).decode
_error = msgspec.json.Decoder(_Error).decode
_counts = msgspec.json.Decoder(_Counts).decode


def reply(body: bytes) -> Reply:
    """Read of an answer what the gateway must know, and pass it on as it came."""
    told = openai.read(_decode, body)
    if told.failed:
        raise refusals.of_error(0, told.error)
    if told.status is None and not openai.given(told.output):
        raise Malformed
    return Reply(told.counted(), told.status, _size(told.output), body)


class _Words(msgspec.Struct, gc=False):
    text: str = ""
    refusal: str = ""


class _Item(msgspec.Struct, gc=False):
    content: list[_Words] | None = None
    name: str = ""
    arguments: str = ""


_items = msgspec.json.Decoder(list[_Item]).decode


def _size(output: Raw) -> int:
    """Count the bytes of UTF-8 that the model wrote; all, where it wrote what we do not know."""
    if not openai.given(output):
        return 0
    try:
        items = _items(output)
    except msgspec.MsgspecError:
        return len(bytes(output))
    texts = [part.text + part.refusal for item in items for part in item.content or ()]
    texts += [item.name + item.arguments for item in items]
    return sum(len(text.encode()) for text in texts)

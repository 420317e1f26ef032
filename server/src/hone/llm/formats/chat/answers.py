"""A chat completion's answer, written for a client and read from a vendor."""

import time

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Body, Raw
from hone.llm.formats.chat import shapes
from hone.llm.neutral import Answer, Asked, Choice, Finish, Part, Text, Thought
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode


class _Choice(msgspec.Struct, gc=False):
    message: shapes.Message | None = None
    finish_reason: str | None = None
    logprobs: Raw = shapes.NOTHING


class _Answer(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: Raw = shapes.NOTHING
    error: Raw = shapes.NOTHING


_decode = msgspec.json.Decoder(_Answer).decode


def write(answer: Answer, asked: Body) -> bytes:
    """Write an answer."""
    del asked
    return _encode(
        {
            "id": answer.id,
            "object": "chat.completion",
            "created": int(time.time()),
            "model": answer.model,
            "choices": [_choice(each, at) for at, each in enumerate(answer.choices)],
            "usage": usage(answer.usage or Usage()),
        }
    )


def _choice(choice: Choice, index: int) -> Object:
    logprobs = Raw(choice.logprobs) if bytes(choice.logprobs) else None
    return {
        "index": index,
        "message": _message(choice.parts),
        "logprobs": logprobs,
        "finish_reason": choice.finish.value,
    }


def _message(parts: tuple[Part, ...]) -> Object:
    texts = [part.text for part in parts if isinstance(part, Text)]
    message: Object = {
        "role": "assistant",
        "content": "".join(texts) if texts else None,
        "refusal": None,
    }
    calls = [call(part) for part in parts if isinstance(part, Asked)]
    if calls:
        message["tool_calls"] = calls
    thoughts = [part for part in parts if isinstance(part, Thought)]
    thought = "".join(part.text for part in thoughts)
    if thought:
        message["reasoning_content"] = thought
    blocks = [block(part) for part in thoughts if part.signature or part.sealed]
    if blocks:
        message["thinking_blocks"] = blocks
    return message


def call(asked: Asked) -> Object:
    """Write the call of a tool."""
    written: Object = {
        "id": asked.id,
        "type": "function",
        "function": {"name": asked.name, "arguments": asked.arguments},
    }
    if asked.signature:
        written["extra_content"] = {"google": {"thought_signature": asked.signature}}
    return written


def block(thought: Thought) -> Object:
    """Write a thought so that it can go back as it was."""
    if thought.sealed:
        return {"type": "redacted_thinking", "data": thought.sealed}
    return {"type": "thinking", "thinking": thought.text, "signature": thought.signature}


def usage(used: Usage) -> Object:
    """Write token counts."""
    return {
        "prompt_tokens": used.input_tokens,
        "completion_tokens": used.output_tokens,
        "total_tokens": used.input_tokens + used.output_tokens,
        "prompt_tokens_details": {"cached_tokens": used.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": used.reasoning_tokens},
    }


def read(body: bytes) -> Answer:
    """Read a vendor's answer; some send their errors with status 200."""
    told = openai.read(_decode, body)
    if openai.given(told.error):
        raise refusals.of_error(0, told.error)
    if not told.choices:
        raise Malformed
    return Answer(
        tuple(_read_choice(each) for each in told.choices),
        openai.usage(told.usage),
        told.id or "",
        told.model or "",
    )


def _read_choice(told: _Choice) -> Choice:
    message = told.message
    if message is None:
        raise Malformed
    parts: list[Part] = []
    if message.reasoning_content:
        parts.append(Thought(message.reasoning_content))
    text = message.content if isinstance(message.content, str) else None
    if text or message.refusal:
        parts.append(Text(text or message.refusal or ""))
    parts += [
        Asked(each.id or "", each.function.name or "", each.function.arguments or "")
        for each in message.tool_calls or ()
        if each.function is not None
    ]
    logprobs = told.logprobs if openai.given(told.logprobs) else shapes.NOTHING
    return Choice(tuple(parts), finish(told.finish_reason), logprobs=logprobs)


def finish(reason: str | None) -> Finish:
    """Read a finish reason; one that is not OpenAI's is a stop."""
    try:
        return Finish(reason or "stop")
    except ValueError:
        return Finish.STOP

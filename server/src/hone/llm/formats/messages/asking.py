"""A request of another format, written for Anthropic's Messages."""

import base64
from itertools import groupby
from typing import Final

from hone.llm.errors import Unsupported
from hone.llm.formats.base import GEMINIS, Raw, json_object, told
from hone.llm.neutral import (
    Asked,
    Media,
    Message,
    Part,
    Request,
    Result,
    Role,
    Sound,
    Text,
    Thought,
    Tool,
)

MAX_TOKENS: Final = 4096
"""The API wants a limit; this one every Claude model takes."""
_BUDGETS: Final = {"minimal": 1024, "low": 2048, "medium": 8192, "high": 16384, "xhigh": 32768}
"""Tokens of thinking for OpenAI's words; 1024 is the least that Anthropic takes."""
_SYSTEM: Final = frozenset({Role.SYSTEM, Role.DEVELOPER})
_CHOICES: Final = {"auto": "auto", "required": "any", "none": "none"}

Object = dict[str, object]


def write(request: Request) -> Object:
    """Write a request; raise `Unsupported` for what Claude cannot be asked."""
    _refuse(request)
    budget = _budget(request)
    limit = request.max_tokens or MAX_TOKENS
    body: Object = {
        "max_tokens": limit + budget if budget >= limit else limit,
        "system": _system(request) or None,
        "messages": _messages(request),
        "tools": [_tool(each) for each in request.tools] or None,
        "tool_choice": _choice(request),
        "stop_sequences": [each for each in request.stop if each.strip()] or None,
        "thinking": {"type": "enabled", "budget_tokens": budget} if budget else None,
        "output_config": _output(request),
        "metadata": {"user_id": request.user} if request.user else None,
        **_sampling(request, thinks=budget > 0),
    }
    return {name: value for name, value in body.items() if told(value)}


def _refuse(request: Request) -> None:
    if request.choices > 1:
        raise Unsupported("'n': Claude gives one answer.", param="n")
    if request.logprobs is not None:
        raise Unsupported("'logprobs': Claude does not tell them.", param="logprobs")
    if request.format is not None and not bytes(request.format.schema):
        reason = "'response_format': Claude wants a schema; use `json_schema`."
        raise Unsupported(reason, param="response_format")


def _sampling(request: Request, *, thinks: bool) -> Object:
    """Write how words are drawn; Claude takes one of `temperature` and `top_p`, up to 1."""
    drawn = request.sampling
    if thinks:
        return {}
    warm = None if drawn.temperature is None else min(drawn.temperature, 1.0)
    narrow = drawn.top_p if drawn.top_p is not None and drawn.top_p < 1 else None
    if narrow is not None and warm == 1:
        warm = None
    return {"temperature": warm, "top_p": narrow, "top_k": drawn.top_k}


def _budget(request: Request) -> int:
    if request.budget is not None:
        return request.budget
    return _BUDGETS.get(request.effort or "none", 0)


def _output(request: Request) -> Object | None:
    if request.format is None:
        return None
    return {"format": {"type": "json_schema", "schema": Raw(request.format.schema)}}


def _system(request: Request) -> list[Object]:
    """Put everything that the system says at the front, where Claude reads it."""
    return [
        _part(part)
        for message in request.messages
        if message.role in _SYSTEM
        for part in message.parts
        if isinstance(part, Text) and part.text
    ]


def _messages(request: Request) -> list[Object]:
    """Write the turns; neighbours of one role become one turn, and empty ones none."""
    turns = [message for message in request.messages if message.role not in _SYSTEM]
    written: list[Object] = []
    for role, group in groupby(turns, key=lambda message: message.role):
        blocks = [block for message in group for block in _blocks(message)]
        if blocks:
            written.append({"role": role.value, "content": blocks})
    return written


def _blocks(message: Message) -> list[Object]:
    # Results must be the first blocks of a turn; a thought without a signature is not taken back,
    # nor one with another vendor's.
    parts = sorted(message.parts, key=lambda part: not isinstance(part, Result))
    return [_part(part) for part in parts if not _empty(part)]


def _empty(part: Part) -> bool:
    match part:
        case Text():
            return not part.text
        case Thought():
            return part.signature.startswith(GEMINIS) or not (part.signature or part.sealed)
        case _:
            return False


def _part(part: Part) -> Object:
    block = _plain(part)
    cache = getattr(part, "cache", None)
    if cache is not None:
        block["cache_control"] = _cache(cache)
    return block


def _plain(part: Part) -> Object:
    match part:
        case Text():
            return {"type": "text", "text": part.text}
        case Media():
            return _media(part)
        case Thought(sealed=""):
            return {"type": "thinking", "thinking": part.text, "signature": part.signature}
        case Thought():
            return {"type": "redacted_thinking", "data": part.sealed}
        case Asked():
            arguments = json_object(part.arguments)
            return {"type": "tool_use", "id": part.id, "name": part.name, "input": arguments}
        case Result():
            return _result(part)
        case Sound():
            raise Unsupported("'input_audio': Claude does not listen.", param="messages")


def _media(media: Media) -> Object:
    block: Object = {"type": "image" if media.kind == "image" else "document"}
    if media.url:
        block["source"] = {"type": "url", "url": media.url}
    elif media.media_type == "text/plain":
        text = base64.b64decode(media.data).decode("utf-8", "replace")
        block["source"] = {"type": "text", "media_type": media.media_type, "data": text}
    else:
        block["source"] = {"type": "base64", "media_type": media.media_type, "data": media.data}
    if media.name and media.kind == "file":
        block["title"] = media.name
    return block


def _result(result: Result) -> Object:
    block: Object = {"type": "tool_result", "tool_use_id": result.id}
    parts = [_plain(part) for part in result.parts if not _empty(part)]
    if parts:
        block["content"] = parts
    if result.failed:
        block["is_error"] = True
    return block


def _tool(tool: Tool) -> Object:
    written: Object = {
        "name": tool.name,
        "input_schema": Raw(tool.schema) if bytes(tool.schema) else {"type": "object"},
    }
    if tool.description:
        written["description"] = tool.description
    if tool.strict is not None:
        written["strict"] = tool.strict
    if tool.cache is not None:
        written["cache_control"] = _cache(tool.cache)
    return written


def _cache(ttl: str) -> Object:
    return {"type": "ephemeral"} if ttl == "5m" else {"type": "ephemeral", "ttl": ttl}


def _choice(request: Request) -> Object | None:
    choice = request.choice
    if choice is None and (request.parallel is None or not request.tools):
        return None
    if choice is not None and choice.startswith("="):
        written: Object = {"type": "tool", "name": choice.removeprefix("=")}
    else:
        written = {"type": _CHOICES.get(choice or "auto", "auto")}
    if request.parallel is not None and written["type"] != "none":
        written["disable_parallel_tool_use"] = not request.parallel
    return written

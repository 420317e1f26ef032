"""A request of another format, written as a chat completion."""

from typing import Final

import msgspec

from hone.llm.formats import media
from hone.llm.formats.base import Raw, told
from hone.llm.formats.chat import answers
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

_BUDGETS: Final = ((2048, "low"), (8192, "medium"))
"""Up to so many tokens of thinking are so much effort."""

Object = dict[str, object]


def write(request: Request) -> Object:
    """Write a request as OpenAI has it."""
    limit = {"max_completion_tokens": request.max_tokens} if request.max_tokens else {}
    return _body(request, Role.DEVELOPER) | limit


def write_common(request: Request) -> Object:
    """Write a request as the vendors have it that follow OpenAI."""
    limit = {"max_tokens": request.max_tokens} if request.max_tokens else {}
    return _body(request, Role.SYSTEM) | limit


def _body(request: Request, developer: Role) -> Object:
    drawn = msgspec.structs.asdict(request.sampling)
    drawn.pop("top_k")
    body: Object = {
        "messages": [
            written for message in request.messages for written in _message(message, developer)
        ],
        "tools": [_tool(each) for each in request.tools] or None,
        "tool_choice": _choice(request.choice),
        "parallel_tool_calls": request.parallel if request.tools else None,
        "stop": list(request.stop) or None,
        "response_format": _format(request),
        "reasoning_effort": _effort(request),
        "n": request.choices if request.choices > 1 else None,
        "logprobs": True if request.logprobs is not None else None,
        "top_logprobs": request.logprobs or None,
        "user": request.user,
        **drawn,
    }
    return {name: value for name, value in body.items() if told(value)}


def _message(message: Message, developer: Role) -> list[Object]:
    """Write a turn: first what tools returned, each a message of its own, then the rest."""
    results = [_result(part) for part in message.parts if isinstance(part, Result)]
    rest = tuple(part for part in message.parts if not isinstance(part, Result))
    if not rest and (results or message.role is Role.USER):
        return results
    role = developer if message.role is Role.DEVELOPER else message.role
    written: Object = {"role": role.value, "content": _content(rest)}
    if message.name:
        written["name"] = message.name
    if message.role is Role.ASSISTANT:
        written |= _said(rest)
    return [*results, written]


def _said(parts: tuple[Part, ...]) -> Object:
    """Write what an assistant did beside its text."""
    said: Object = {}
    calls = [
        answers.call(msgspec.structs.replace(part, arguments=part.arguments or "{}"))
        for part in parts
        if isinstance(part, Asked)
    ]
    if calls:
        said["tool_calls"] = calls
    thought = "".join(part.text for part in parts if isinstance(part, Thought))
    if thought:
        said["reasoning_content"] = thought
    return said


def _result(result: Result) -> Object:
    pictures = any(isinstance(part, Media) for part in result.parts)
    text = "".join(part.text for part in result.parts if isinstance(part, Text))
    content = _parts(result.parts) if pictures else text
    return {"role": "tool", "tool_call_id": result.id, "content": content}


def _content(parts: tuple[Part, ...]) -> str | list[Object] | None:
    """Write text as text, and several parts, or pictures, as parts."""
    shown = tuple(part for part in parts if isinstance(part, Text | Media | Sound))
    match shown:
        case ():
            return None
        case (Text(text=text),):
            return text
        case _:
            return _parts(shown)


def _parts(parts: tuple[Part, ...]) -> list[Object]:
    return [_part(part) for part in parts]


def _part(part: Part) -> Object:
    match part:
        case Media(kind="image"):
            image: Object = {"url": media.to_url(part)}
            return {
                "type": "image_url",
                "image_url": image | ({"detail": part.detail} if part.detail else {}),
            }
        case Media():
            file = {"filename": part.name or "document", "file_data": media.to_url(part)}
            return {"type": "file", "file": file}
        case Sound():
            return {
                "type": "input_audio",
                "input_audio": {"data": part.data, "format": part.format},
            }
        case Text():
            return {"type": "text", "text": part.text}
        case _:
            raise TypeError(f"{type(part).__name__} is no content")


def _tool(tool: Tool) -> Object:
    function: Object = {"name": tool.name, "description": tool.description, "strict": tool.strict}
    function = {name: value for name, value in function.items() if told(value)}
    if bytes(tool.schema):
        function["parameters"] = Raw(tool.schema)
    return {"type": "function", "function": function}


def _choice(choice: str | None) -> str | Object | None:
    if choice is None or not choice.startswith("="):
        return choice
    return {"type": "function", "function": {"name": choice.removeprefix("=")}}


def _format(request: Request) -> Object | None:
    wanted = request.format
    if wanted is None:
        return None
    if not bytes(wanted.schema):
        return {"type": "json_object"}
    schema: Object = {"name": wanted.name, "schema": Raw(wanted.schema)}
    if wanted.strict is not None:
        schema["strict"] = wanted.strict
    return {"type": "json_schema", "json_schema": schema}


def _effort(request: Request) -> str | None:
    if request.effort is not None or request.budget is None:
        return request.effort
    return next((word for most, word in _BUDGETS if request.budget <= most), "high")

"""A request of another format, written for Ollama."""

from typing import Final

import msgspec

from hone.llm.errors import Unsupported
from hone.llm.formats.base import Raw, json_object, told
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

_EFFORTS: Final = {"none": False, "minimal": "low", "xhigh": "high"}
"""Ollama's words where they are not OpenAI's."""

Object = dict[str, object]


def write(request: Request) -> Object:
    """Write a request; raise `Unsupported` for what Ollama cannot be asked."""
    _refuse(request)
    names = {
        part.id: part.name
        for message in request.messages
        for part in message.parts
        if isinstance(part, Asked)
    }
    body: Object = {
        "messages": [
            written for message in request.messages for written in _messages(message, names)
        ],
        "tools": _tools(request),
        "format": _format(request),
        "think": _think(request),
        "options": _options(request) or None,
    }
    return {name: value for name, value in body.items() if told(value)}


def _refuse(request: Request) -> None:
    if request.choices > 1:
        raise Unsupported("'n': Ollama gives one answer.", param="n")
    if request.logprobs is not None:
        raise Unsupported("'logprobs': Ollama is not asked for them.", param="logprobs")
    insists = request.choice is not None and request.choice not in {"auto", "none"}
    if insists and request.tools:
        reason = "'tool_choice': Ollama cannot be made to call a tool."
        raise Unsupported(reason, param="tool_choice")


def _tools(request: Request) -> list[Object] | None:
    """Write the tools; where none may be called, none are offered."""
    if request.choice == "none" or not request.tools:
        return None
    return [_tool(each) for each in request.tools]


def _tool(tool: Tool) -> Object:
    schema = Raw(tool.schema) if bytes(tool.schema) else {"type": "object"}
    function: Object = {"name": tool.name, "parameters": schema}
    if tool.description:
        function["description"] = tool.description
    return {"type": "function", "function": function}


def _messages(message: Message, names: dict[str, str]) -> list[Object]:
    """Write a turn: first what tools returned, each a message of its own, then the rest."""
    results = [_result(part, names) for part in message.parts if isinstance(part, Result)]
    rest = tuple(part for part in message.parts if not isinstance(part, Result))
    if not rest and (results or message.role is Role.USER):
        return results
    role = Role.SYSTEM if message.role is Role.DEVELOPER else message.role
    written: Object = {"role": role.value, **_content(rest)}
    calls = [_call(part) for part in rest if isinstance(part, Asked)]
    if calls:
        written["tool_calls"] = calls
    thought = "".join(part.text for part in rest if isinstance(part, Thought))
    if thought:
        written["thinking"] = thought
    return [*results, written]


def _content(parts: tuple[Part, ...]) -> Object:
    """Write a turn's text, and its pictures beside it."""
    for part in parts:
        if isinstance(part, Sound):
            raise Unsupported("'input_audio': Ollama does not listen.", param="messages")
    content: Object = {"content": "".join(part.text for part in parts if isinstance(part, Text))}
    pictures = [_picture(part) for part in parts if isinstance(part, Media)]
    return content | ({"images": pictures} if pictures else {})


def _picture(media: Media) -> str:
    if media.kind != "image":
        raise Unsupported("'file': Ollama reads no documents.", param="messages")
    if media.url:
        reason = "'image_url': Ollama fetches no pictures; send the bytes."
        raise Unsupported(reason, param="messages")
    return media.data


def _call(call: Asked) -> Object:
    function = {"name": call.name, "arguments": json_object(call.arguments)}
    return {"id": call.id, "function": function}


def _result(result: Result, names: dict[str, str]) -> Object:
    """Write what a tool returned: its name for older servers, the call's id for newer ones."""
    written: Object = {"role": "tool", **_content(result.parts), "tool_call_id": result.id}
    name = names.get(result.id)
    return written | ({"tool_name": name} if name else {})


def _format(request: Request) -> Raw | str | None:
    if request.format is None:
        return None
    return Raw(request.format.schema) if bytes(request.format.schema) else "json"


def _think(request: Request) -> bool | str | None:
    if request.effort is not None:
        return _EFFORTS.get(request.effort, request.effort)
    return None if request.budget is None else request.budget > 0


def _options(request: Request) -> Object:
    """Write how words are drawn; Ollama's names are the neutral ones."""
    drawn = msgspec.structs.asdict(request.sampling)
    drawn |= {"num_predict": request.max_tokens, "stop": list(request.stop) or None}
    return {name: value for name, value in drawn.items() if value is not None}

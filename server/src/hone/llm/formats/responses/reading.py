"""A client's request to Responses, read into the neutral form."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

import msgspec

from hone.llm.errors import Rejected, Unsupported
from hone.llm.formats import media
from hone.llm.formats.base import Body, Raw, typed
from hone.llm.formats.responses import shapes
from hone.llm.neutral import (
    Asked,
    Format,
    Media,
    Message,
    Part,
    Request,
    Result,
    Role,
    Sampling,
    Text,
    Thought,
    Tool,
)

_decode = msgspec.json.Decoder(shapes.ResponsesRequest).decode
_KNOWN: Final = frozenset(shapes.ResponsesRequest.__struct_fields__)
_OURS: Final = frozenset(
    {"stream", "stream_options", "metadata", "store", "include", "truncation", "service_tier"}
)
_KEPT: Final = ("previous_response_id", "conversation", "background", "prompt")
"""What only the provider can do that keeps state."""
_NOTHING: Final = frozenset({b"null", b"false"})
_ROLES: Final = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}


def read(body: Body) -> Request:
    """Read a request."""
    for name in _KEPT:
        if bytes(body.get(name, b"null")) not in _NOTHING:
            reason = f"'{name}': this model's provider keeps nothing between calls."
            raise Unsupported(reason, param=name)
    asked = typed(_decode, body)
    first = [Message(Role.SYSTEM, (Text(asked.instructions),))] if asked.instructions else []
    return Request(
        messages=(*first, *_messages(asked.input)),
        tools=tuple(_tool(each, at) for at, each in enumerate(asked.tools or ())),
        choice=_choice(asked.tool_choice),
        parallel=asked.parallel_tool_calls,
        max_tokens=asked.max_output_tokens,
        sampling=Sampling(asked.temperature, asked.top_p),
        format=_format(asked.text.format if asked.text else None),
        effort=asked.reasoning.effort if asked.reasoning else None,
        user=asked.user,
        dropped=_dropped(body),
    )


def _dropped(body: Body) -> tuple[str, ...]:
    given = body.keys() - _KNOWN - _OURS - set(_KEPT)
    return tuple(sorted(name for name in given if bytes(body[name]) not in _NOTHING))


def _messages(given: str | list[shapes.Item]) -> list[Message]:
    """Read every item; neighbours of one side are one turn."""
    if isinstance(given, str):
        return [Message(Role.USER, (Text(given),))]
    read = [_item(each, f"input[{at}]") for at, each in enumerate(given)]
    return [
        Message(role, _joined(message.parts for message in group))
        for role, group in groupby(read, key=lambda message: message.role)
    ]


def _joined(parts: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    return tuple(part for each in parts for part in each)


def _item(given: shapes.Item, path: str) -> Message:
    match given.type:
        case "message":
            return _message(given, path)
        case "function_call":
            call = Asked(given.call_id or "", given.name or "", given.arguments or "")
            return Message(Role.ASSISTANT, (call,))
        case "function_call_output":
            parts = _content(given.output, f"{path}.output")
            known = tuple(part for part in parts if isinstance(part, Text | Media))
            return Message(Role.USER, (Result(given.call_id or "", known),))
        case "reasoning":
            return Message(Role.ASSISTANT, (_thought(given),))
        case _:
            raise Unsupported(f"'{path}': {given.type!r} has no equivalent.", param=path)


def _message(given: shapes.Item, path: str) -> Message:
    role = _ROLES.get(given.role or "")
    if role is None:
        path = f"{path}.role"
        reason = f"'{path}': {given.role!r} is no role."
        raise Rejected(reason, param=path, code="invalid_request")
    return Message(role, _content(given.content, f"{path}.content"))


def _thought(given: shapes.Item) -> Thought:
    """Read a thought that this gateway wrote, or one of OpenAI's, which only OpenAI can read."""
    content = given.content if isinstance(given.content, list) else []
    text = "".join(part.text or "" for part in content)
    sealed = given.encrypted_content or ""
    return Thought(text, signature=sealed) if text else Thought(sealed=sealed)


def _content(given: str | list[shapes.Part] | None, path: str) -> tuple[Part, ...]:
    if given is None or isinstance(given, str):
        return (Text(given),) if given else ()
    return tuple(_part(each, f"{path}[{at}]") for at, each in enumerate(given))


def _part(given: shapes.Part, path: str) -> Part:
    match given.type:
        case "input_text" | "output_text" | "text":
            return Text(given.text or "")
        case "refusal":
            return Text(given.refusal or "")
        case "input_image" if given.image_url:
            return media.from_url("image", given.image_url, detail=given.detail or "")
        case "input_file" if given.file_data or given.file_url:
            address = given.file_data or given.file_url or ""
            return media.from_url("file", address, name=given.filename or "")
        case _:
            raise Unsupported(f"'{path}': this content has no equivalent.", param=path)


def _tool(given: shapes.Tool, at: int) -> Tool:
    if given.type != "function":
        path = f"tools[{at}]"
        raise Unsupported(f"'{path}': {given.type!r} is run by OpenAI alone.", param=path)
    return Tool(given.name or "", given.description or "", Raw(given.parameters), given.strict)


def _choice(given: str | shapes.ToolChoice | None) -> str | None:
    if given is None or isinstance(given, str):
        return given
    if given.type != "function":
        raise Unsupported(f"'tool_choice': {given.type!r} has no equivalent.", param="tool_choice")
    return f"={given.name or ''}"


def _format(given: shapes.Format | None) -> Format | None:
    if given is None or given.type == "text":
        return None
    if given.type == "json_object":
        return Format()
    return Format(Raw(given.schema), given.name, given.strict)

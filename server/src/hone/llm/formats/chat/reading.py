"""A client's chat completion, read into the neutral form."""

from typing import Final

import msgspec

from hone.llm.errors import Rejected, Unsupported
from hone.llm.formats import media
from hone.llm.formats.base import Body, Raw, typed
from hone.llm.formats.chat import shapes
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
    Sound,
    Text,
    Thought,
    Tool,
)

_decode = msgspec.json.Decoder(shapes.ChatRequest).decode
_KNOWN: Final = frozenset(shapes.ChatRequest.__struct_fields__)
_OURS: Final = frozenset(
    {"stream", "stream_options", "metadata", "safety_identifier", "store", "service_tier"}
)
"""Read by the gateway, or of no meaning to another vendor."""
_ROLES: Final = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.USER,
}


def read(body: Body) -> Request:
    """Read a request."""
    asked = typed(_decode, body)
    if asked.modalities and set(asked.modalities) != {"text"}:
        raise Unsupported(f"{asked.modalities}: only text is answered.", param="modalities")
    for name in ("functions", "function_call", "audio"):
        if name in body and bytes(body[name]) != b"null":
            raise Unsupported(f"'{name}' has no equivalent; use `tools`.", param=name)
    return Request(
        messages=_messages(asked.messages),
        tools=tuple(_tool(each, at) for at, each in enumerate(asked.tools or ())),
        choice=_choice(asked.tool_choice),
        parallel=asked.parallel_tool_calls,
        max_tokens=asked.max_completion_tokens or asked.max_tokens,
        stop=_stop(asked.stop),
        sampling=Sampling(
            asked.temperature,
            asked.top_p,
            asked.top_k,
            asked.seed,
            asked.presence_penalty or None,
            asked.frequency_penalty or None,
        ),
        format=_format(asked.response_format),
        effort=asked.reasoning_effort,
        budget=asked.thinking.budget_tokens if asked.thinking else None,
        choices=asked.n or 1,
        logprobs=(asked.top_logprobs or 0) if asked.logprobs else None,
        user=asked.user,
        dropped=_dropped(body),
    )


def _dropped(body: Body) -> tuple[str, ...]:
    """Name what is given and has no home elsewhere."""
    given = body.keys() - _KNOWN - _OURS
    return tuple(sorted(name for name in given if bytes(body[name]) != b"null"))


def _messages(given: list[shapes.Message]) -> tuple[Message, ...]:
    """Read every message; what tools returned becomes one turn of the user."""
    read: list[Message] = []
    after_tool = False
    for at, each in enumerate(given):
        message = _message(each, f"messages[{at}]")
        if each.role == "tool" and after_tool:
            before = read.pop()
            message = Message(Role.USER, before.parts + message.parts)
        after_tool = each.role == "tool"
        read.append(message)
    return tuple(read)


def _message(given: shapes.Message, path: str) -> Message:
    role = _ROLES.get(given.role)
    if role is None:
        raise Rejected(
            f"'{path}.role': {given.role!r} is no role.",
            param=f"{path}.role",
            code="invalid_request",
        )
    parts = _thoughts(given) + _content(given, path)
    if given.role == "tool":
        known = tuple(part for part in parts if isinstance(part, Text | Media))
        return Message(role, (Result(given.tool_call_id or "", known),))
    calls = tuple(
        Asked(
            each.id or "",
            each.function.name or "",
            each.function.arguments or "",
            _signature(each),
        )
        for each in given.tool_calls or ()
        if each.function is not None
    )
    if len(calls) != len(given.tool_calls or ()):
        path = f"{path}.tool_calls"
        raise Unsupported(f"'{path}': only functions can be called.", param=path)
    return Message(role, parts + calls, given.name or "")


def _signature(given: shapes.ToolCall) -> str:
    extra = given.extra_content
    return (extra.google.thought_signature or "") if extra and extra.google else ""


def _thoughts(given: shapes.Message) -> tuple[Part, ...]:
    if given.thinking_blocks:
        return tuple(
            Thought(each.thinking or "", each.signature or "", each.data or "")
            for each in given.thinking_blocks
        )
    return (Thought(given.reasoning_content),) if given.reasoning_content else ()


def _content(given: shapes.Message, path: str) -> tuple[Part, ...]:
    if given.content is None:
        return (Text(given.refusal),) if given.refusal else ()
    if isinstance(given.content, str):
        return (Text(given.content),)
    return tuple(_part(each, f"{path}.content[{at}]") for at, each in enumerate(given.content))


def _part(given: shapes.Part, path: str) -> Part:
    cache = (given.cache_control.ttl or "5m") if given.cache_control else None
    match given.type:
        case "text":
            return Text(given.text or "", cache)
        case "refusal":
            return Text(given.refusal or "")
        case "image_url" if given.image_url is not None:
            detail = given.image_url.detail or ""
            return media.from_url("image", given.image_url.url, detail=detail, cache=cache)
        case "file" if given.file is not None and given.file.file_data:
            name = given.file.filename or ""
            return media.from_url("file", given.file.file_data, name=name, cache=cache)
        case "input_audio" if given.input_audio is not None:
            return Sound(given.input_audio.format, given.input_audio.data)
        case _:
            raise Unsupported(f"'{path}': this content has no equivalent.", param=path)


def _tool(given: shapes.Tool, at: int) -> Tool:
    function = given.function
    if function is None:
        path = f"tools[{at}]"
        raise Unsupported(f"'{path}': only functions can be offered.", param=path)
    cache = (given.cache_control.ttl or "5m") if given.cache_control else None
    return Tool(
        function.name, function.description or "", function.parameters, function.strict, cache
    )


def _choice(given: str | shapes.ToolChoice | None) -> str | None:
    if given is None or isinstance(given, str):
        return given
    if given.function is None:
        raise Unsupported(f"'tool_choice': {given.type!r} has no equivalent.", param="tool_choice")
    return f"={given.function.name}"


def _stop(given: str | list[str] | None) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _format(given: shapes.ResponseFormat | None) -> Format | None:
    match given:
        case None:
            return None
        case shapes.ResponseFormat(type="text"):
            return None
        case shapes.ResponseFormat(type="json_object"):
            return Format()
        case shapes.ResponseFormat(json_schema=shapes.JsonSchema() as schema):
            return Format(Raw(schema.schema), schema.name, schema.strict)
        case _:
            raise Unsupported("This format has no equivalent.", param="response_format")

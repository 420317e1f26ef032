"""A client's request to Messages, read into the neutral form."""

import base64
from typing import Final

import msgspec

from hone.llm.errors import Rejected, Unsupported
from hone.llm.formats.base import Body, Raw, typed
from hone.llm.formats.messages import shapes
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

_decode = msgspec.json.Decoder(shapes.MessagesRequest).decode
_blocks = msgspec.json.Decoder(str | list[shapes.Block]).decode
_KNOWN: Final = frozenset(shapes.MessagesRequest.__struct_fields__)
_OURS: Final = frozenset({"stream", "service_tier"})
_SERVED: Final = ("container", "mcp_servers", "context_management")
"""What only Anthropic itself can do for the client."""
_ROLES: Final = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_CHOICES: Final = {"auto": "auto", "any": "required", "none": "none"}


def read(body: Body) -> Request:
    """Read a request."""
    asked = typed(_decode, body)
    for name in _SERVED:
        if name in body and bytes(body[name]) not in {b"null", b"[]"}:
            raise Unsupported(f"'{name}' has no equivalent.", param=name)
    system = _parts(asked.system or "", "system")
    first = (Message(Role.SYSTEM, system),) if system else ()
    choice, output = asked.tool_choice, asked.output_config
    return Request(
        messages=first + tuple(_message(each, at) for at, each in enumerate(asked.messages)),
        tools=tuple(_tool(each, at) for at, each in enumerate(asked.tools or ())),
        choice=_choice(choice),
        parallel=False if choice and choice.disable_parallel_tool_use else None,
        max_tokens=asked.max_tokens,
        stop=tuple(asked.stop_sequences or ()),
        sampling=Sampling(asked.temperature, asked.top_p, asked.top_k),
        format=_format(output.format) if output else None,
        effort=_effort(asked),
        budget=asked.thinking.budget_tokens if asked.thinking else None,
        user=asked.metadata.user_id if asked.metadata else None,
        dropped=tuple(sorted(body.keys() - _KNOWN - _OURS)),
    )


def _message(given: shapes.Message, at: int) -> Message:
    role = _ROLES.get(given.role)
    if role is None:
        path = f"messages[{at}].role"
        reason = f"'{path}': {given.role!r} is no role."
        raise Rejected(reason, param=path, code="invalid_request")
    return Message(role, _parts(given.content, f"messages[{at}].content"))


def _parts(given: str | list[shapes.Block], path: str) -> tuple[Part, ...]:
    if isinstance(given, str):
        return (Text(given),) if given else ()
    return tuple(_part(each, f"{path}[{at}]") for at, each in enumerate(given))


def _part(given: shapes.Block, path: str) -> Part:
    cache = _cache(given.cache_control)
    match given.type:
        case "text":
            return Text(given.text or "", cache)
        case "image" | "document" if given.source is not None:
            return _media(given, given.source, cache, path)
        case "thinking":
            return Thought(given.thinking or "", given.signature or "")
        case "redacted_thinking":
            return Thought(sealed=given.data or "")
        case "tool_use":
            arguments = bytes(given.input).decode() or "{}"
            return Asked(given.id or "", given.name or "", arguments, cache=cache)
        case "tool_result":
            return _result(given, cache, path)
        case _:
            raise Unsupported(f"'{path}': {given.type!r} has no equivalent.", param=path)


def _media(given: shapes.Block, source: shapes.Source, cache: str | None, path: str) -> Media:
    kind = "image" if given.type == "image" else "file"
    media_type, name = source.media_type or "", given.title or ""
    match source.type:
        case "base64":
            return Media(kind, media_type, source.data or "", name=name, cache=cache)
        case "url":
            return Media(kind, media_type, url=source.url or "", name=name, cache=cache)
        case "text":
            data = base64.b64encode((source.data or "").encode()).decode()
            return Media(kind, "text/plain", data, name=name, cache=cache)
        case _:
            raise Unsupported(f"'{path}.source': this source has no equivalent.", param=path)


def _result(given: shapes.Block, cache: str | None, path: str) -> Result:
    inside = _blocks(given.content) if bytes(given.content) not in {b"", b"null"} else ""
    parts = _parts(inside, f"{path}.content")
    known = tuple(part for part in parts if isinstance(part, Text | Media))
    return Result(given.tool_use_id or "", known, bool(given.is_error), cache)


def _tool(given: shapes.Tool, at: int) -> Tool:
    if given.type not in {None, "custom"}:
        path = f"tools[{at}]"
        raise Unsupported(f"'{path}': {given.type!r} is run by Anthropic alone.", param=path)
    cache = _cache(given.cache_control)
    return Tool(given.name, given.description or "", given.input_schema, given.strict, cache)


def _cache(given: shapes.CacheControl | None) -> str | None:
    return (given.ttl or "5m") if given else None


def _choice(given: shapes.ToolChoice | None) -> str | None:
    if given is None:
        return None
    return f"={given.name or ''}" if given.type == "tool" else _CHOICES.get(given.type, "auto")


def _format(given: shapes.OutputFormat | None) -> Format | None:
    return Format(Raw(given.schema)) if given and given.type == "json_schema" else None


def _effort(asked: shapes.MessagesRequest) -> str | None:
    """Read how much to think; `max` is more than any word of OpenAI's."""
    told = asked.output_config.effort if asked.output_config else None
    if asked.thinking is None or asked.thinking.type == "disabled":
        return "none" if asked.thinking else None
    if asked.thinking.budget_tokens is not None:
        return None
    return {None: "medium", "max": "xhigh"}.get(told, told)

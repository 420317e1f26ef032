"""What a caller of Anthropic's messages may send, and how Anthropic says that it is wrong.

https://docs.anthropic.com/en/api/messages
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import msgspec

from hone.simulator.asks import HOUR, Ask, Function, Json, Mark, Message, choose
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.reading import Complaint, decode

MOST_MARKS = 4
LEAST_CACHED = 1024
"""Prompts shorter than this are not cached."""
OUTPUT_BETA = "structured-outputs-2025-11-13"
"""Lets `output_format` in; `output_config.format` needs no beta."""
CHOICES: dict[str, Literal["none", "auto", "required"]] = {
    "none": "none",
    "auto": "auto",
    "any": "required",
}


class Turn(msgspec.Struct):
    """One message of the conversation."""

    role: Literal["user", "assistant"]
    content: str | list[Json]


class Tool(msgspec.Struct):
    """A tool that the model may use."""

    name: str
    input_schema: Json | None = None
    cache_control: Json | None = None


class ToolChoice(msgspec.Struct):
    """Whether and which tool must be used."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None


class Thinking(msgspec.Struct):
    """Whether the model shows what it thinks."""

    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: Annotated[int, msgspec.Meta(ge=1024)] | None = None


class Counted(msgspec.Struct):
    """A conversation; fields that are not here are ignored."""

    model: str
    messages: list[Turn]
    system: str | list[Json] | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None


class OutputFormat(msgspec.Struct):
    """The shape that the answer must have."""

    type: Literal["json_schema"]
    schema: Json


class OutputConfig(msgspec.Struct):
    """How the answer is to be written."""

    format: OutputFormat | None = None


class MessagesRequest(Counted, kw_only=True):
    """A conversation to be answered."""

    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None
    """Its name while it was a beta."""

    max_tokens: Annotated[int, msgspec.Meta(ge=1)]
    stream: bool | None = None
    stop_sequences: list[str] | None = None


def read(inbound: Inbound) -> Ask:
    """Read a request for a message."""
    request = decode(inbound.body, _MESSAGES, complain)
    ask = _ask(request)
    ask.stream = bool(request.stream)
    ask.limit = request.max_tokens
    ask.stops = request.stop_sequences or ()
    if request.output_format is not None and OUTPUT_BETA not in betas(inbound):
        raise Refused("output_format: Extra inputs are not permitted")
    config = request.output_config or OutputConfig()
    shape = config.format or request.output_format
    if shape is not None:
        ask.json, ask.schema = True, shape.schema
    thinking = request.thinking
    if thinking is not None and thinking.type == "enabled":
        if thinking.budget_tokens is None:
            raise Refused("thinking.enabled.budget_tokens: Field required")
        if thinking.budget_tokens >= request.max_tokens:
            raise Refused("`max_tokens` must be greater than `thinking.budget_tokens`.")
    return ask


def betas(inbound: Inbound) -> list[str]:
    """List the betas that the caller takes part in."""
    return [name.strip() for name in (inbound.header(b"anthropic-beta") or "").split(",")]


def read_counted(inbound: Inbound) -> Ask:
    """Read a request for a conversation's length."""
    return _ask(decode(inbound.body, _COUNTED, complain))


def complain(complaint: Complaint) -> Refused:
    """Say what is wrong with a request."""
    if complaint.missing:
        return Refused(f"{complaint.dotted}: Field required")
    return Refused(f"{complaint.dotted or 'body'}: {complaint.reason.replace('`', '')}")


def _ask(request: Counted) -> Ask:
    _check(request)
    messages = [Message("system", _content(request.system))] if request.system else []
    for turn in request.messages:
        messages += _turn(turn)
    tools = [Function(tool.name, tool.input_schema) for tool in request.tools or ()]
    choice = request.tool_choice
    name = choice.name if choice is not None and choice.type == "tool" else None
    tool, may_call = choose(CHOICES.get(choice.type, "auto") if choice else "auto", name, tools)
    if choice is not None and choice.type in {"any", "tool"} and tool is None:
        raise Refused(f"Tool '{name}' not found in provided tools" if name else NO_TOOLS)
    marks = list(_marks(request))
    if len(marks) > MOST_MARKS:
        raise Refused(
            f"A maximum of {MOST_MARKS} blocks with cache_control may be provided. "
            f"Found {len(marks)}."
        )
    return Ask(
        request.model,
        messages,
        tools=tools,
        tool=tool,
        may_call=may_call,
        thinks=request.thinking is not None and request.thinking.type != "disabled",
        marks=[mark for mark in marks if mark.tokens >= LEAST_CACHED],
    )


def _check(request: Counted) -> None:
    if not request.model:
        raise Refused("model: String should have at least 1 character")
    if not request.messages:
        raise Refused("messages: at least one message is required")
    for index, turn in enumerate(request.messages):
        last = index == len(request.messages) - 1
        if not turn.content and not (last and turn.role == "assistant"):
            raise Refused(f"messages.{index}: all messages must have non-empty content")
        if isinstance(turn.content, list):
            _check_blocks(turn.content, f"messages.{index}.content")
    final = request.messages[-1]
    if (
        final.role == "assistant"
        and isinstance(final.content, str)
        and final.content[-1:].isspace()
    ):
        raise Refused("messages: final assistant content cannot end with trailing whitespace")


def _check_blocks(blocks: Sequence[Json], path: str) -> None:
    for number, block in enumerate(blocks):
        kind = block.get("type")
        if not isinstance(kind, str):
            raise Refused(f"{path}.{number}.type: Field required")
        if kind == "text" and not isinstance(block.get("text"), str):
            raise Refused(f"{path}.{number}.text.text: Field required")
        if kind == "text" and not block["text"]:
            raise Refused("messages: text content blocks must be non-empty")
        if kind == "tool_result" and not isinstance(block.get("tool_use_id"), str):
            raise Refused(f"{path}.{number}.tool_result.tool_use_id: Field required")


def _turn(turn: Turn) -> list[Message]:
    """Turn one message into messages: a tool's result is one of its own."""
    if isinstance(turn.content, str):
        return [Message(turn.role, turn.content)]
    messages: list[Message] = []
    others: list[Json] = []
    calls: list[Json] = []
    for block in turn.content:
        match block["type"]:
            case "tool_result":
                messages.append(Message("tool", _content(block.get("content"))))
            case "tool_use":
                function = {"name": block.get("name"), "arguments": block.get("input")}
                calls.append({"id": block.get("id"), "type": "function", "function": function})
            case "thinking" | "redacted_thinking":
                pass
            case _:
                others.append(block)
    if others or calls:
        messages.append(Message(turn.role, _content(others), calls or None))
    return messages or [Message(turn.role, "")]


def _content(content: object) -> str | list[Json]:
    """Return content in neutral words: a single text as it is, parts without their marks."""
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    try:
        blocks = msgspec.convert(content, list[Json])
    except msgspec.ValidationError as error:
        raise Refused(f"messages: content: {error}") from None
    if len(blocks) == 1 and isinstance(blocks[0].get("text"), str):
        return str(blocks[0]["text"])
    return [{k: v for k, v in block.items() if k != "cache_control"} for block in blocks]


def _marks(request: Counted) -> Iterator[Mark]:
    """Yield the places that the caller marked: tools come first, then system, then messages."""
    digest, count = hashlib.blake2b(digest_size=16), 0
    for tool in request.tools or ():
        digest.update(_SORTED.encode([tool.name, tool.input_schema]))
        if tool.cache_control:
            yield _mark(digest.copy().digest(), count, tool.cache_control)
    system: list[tuple[str, str | list[Json]]] = (
        [("system", request.system)] if request.system else []
    )
    for role, content in (*system, *((turn.role, turn.content) for turn in request.messages)):
        blocks: list[Json] = (
            [{"type": "text", "text": content}] if isinstance(content, str) else content
        )
        for number, block in enumerate(blocks):
            bare = {key: value for key, value in block.items() if key != "cache_control"}
            digest.update(_SORTED.encode([role, bare]))
            before = 0 if number else 3
            count += Message("user", _content([bare])).token_count() - 3 + before
            control = block.get("cache_control")
            if isinstance(control, dict):
                yield _mark(digest.copy().digest(), count, msgspec.convert(control, Json))


def _mark(digest: bytes, tokens: int, control: Json) -> Mark:
    return Mark(digest, tokens, HOUR if control.get("ttl") == "1h" else 300)


NO_TOOLS = "tool_choice: Tools must be provided when `tool_choice` is `any` or `tool`."
_MESSAGES = msgspec.json.Decoder(MessagesRequest)
_COUNTED = msgspec.json.Decoder(Counted)
_SORTED = msgspec.json.Encoder(order="sorted")

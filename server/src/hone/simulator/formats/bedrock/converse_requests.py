"""What a caller of Bedrock's Converse may send.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, cast

import msgspec

from hone.simulator.asks import HOUR, Ask, Choice, Function, Json, Mark, Message, choose
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.bedrock.dialect import complain
from hone.simulator.formats.reading import decode

LEAST_CACHED = 1024
"""Prompts shorter than this are not cached."""


class Turn(msgspec.Struct):
    """One message of the conversation."""

    role: Literal["user", "assistant"]
    content: list[Json]


class InferenceConfig(msgspec.Struct, rename="camel"):
    """How the answer is to be."""

    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    stop_sequences: list[str] | None = None


class InputSchema(msgspec.Struct):
    """What a tool is called with."""

    json: Json | None = None


class ToolSpec(msgspec.Struct, rename="camel"):
    """A function that the model may call."""

    name: str
    input_schema: InputSchema | None = None


class Tool(msgspec.Struct, rename="camel"):
    """A function that the model may call, or a place up to which to cache."""

    tool_spec: ToolSpec | None = None
    cache_point: Json | None = None


class NamedTool(msgspec.Struct):
    """The function that must be called."""

    name: str


class ToolChoice(msgspec.Struct):
    """Whether and which function must be called."""

    auto: Json | None = None
    any: Json | None = None
    tool: NamedTool | None = None


class ToolConfig(msgspec.Struct, rename="camel"):
    """The functions, and how they are used."""

    tools: Annotated[list[Tool], msgspec.Meta(min_length=1)]
    tool_choice: ToolChoice | None = None


class ConverseRequest(msgspec.Struct, rename="camel"):
    """A conversation to be answered; fields that are not here are ignored."""

    messages: list[Turn] = []
    system: list[Json] = []
    inference_config: InferenceConfig | None = None
    tool_config: ToolConfig | None = None
    additional_model_request_fields: Json | None = None


def read(inbound: Inbound) -> Ask:
    """Read a request for an answer in one piece."""
    request = decode(inbound.body, _REQUEST, complain)
    if not request.messages:
        raise Refused(
            "A conversation must start with a user message. Try again with a "
            "conversation that starts with a user message."
        )
    messages = [Message("system", _content(request.system))] if request.system else []
    for index, turn in enumerate(request.messages):
        if not turn.content:
            raise Refused(
                f"The content field in the Message object at messages.{index} is empty. Add a "
                "ContentBlock object to the content field and try again."
            )
        messages += _messages(turn)
    inference = request.inference_config or InferenceConfig()
    config = request.tool_config
    functions = [
        Function(
            tool.tool_spec.name,
            tool.tool_spec.input_schema.json if tool.tool_spec.input_schema else None,
        )
        for tool in (config.tools if config else ())
        if tool.tool_spec is not None
    ]
    tool, may_call = _choice(config, functions)
    more = request.additional_model_request_fields or {}
    return Ask(
        inbound.name,
        messages,
        limit=inference.max_tokens,
        tools=functions,
        tool=tool,
        may_call=may_call,
        thinks="thinking" in more or "reasoning_config" in more,
        stops=inference.stop_sequences or (),
        marks=[mark for mark in _marks(request) if mark.tokens >= LEAST_CACHED],
    )


def read_stream(inbound: Inbound) -> Ask:
    """Read a request for an answer in pieces."""
    ask = read(inbound)
    ask.stream = True
    return ask


def _choice(config: ToolConfig | None, functions: list[Function]) -> tuple[Function | None, bool]:
    chosen = (config.tool_choice if config else None) or ToolChoice()
    choice: Choice = "required" if chosen.any is not None else "auto"
    name = chosen.tool.name if chosen.tool else None
    tool, may_call = choose(choice, name, functions)
    if name is not None and tool is None:
        raise Refused(f"The tool choice {name} is not one of the tools of toolConfig.tools.")
    return tool, may_call


def _messages(turn: Turn) -> list[Message]:
    """Turn one message into messages: a tool's result is one of its own."""
    messages: list[Message] = []
    others: list[Json] = []
    calls: list[Json] = []
    for block in turn.content:
        if isinstance(result := block.get("toolResult"), dict):
            known = msgspec.convert(result, Json)
            messages.append(Message("tool", msgspec.json.encode(known.get("content")).decode()))
        elif isinstance(use := block.get("toolUse"), dict):
            known = msgspec.convert(use, Json)
            function = {"name": known.get("name"), "arguments": known.get("input")}
            calls.append({"id": known.get("toolUseId"), "type": "function", "function": function})
        elif "reasoningContent" not in block:
            others.append(block)
    if others or calls:
        messages.append(Message(turn.role, _content(others), calls or None))
    return messages or [Message(turn.role, "")]


def _content(blocks: Sequence[Json]) -> str | list[Json]:
    """Return content in neutral words: a single text as it is, parts without cache points."""
    parts = [block for block in blocks if "cachePoint" not in block]
    if len(parts) == 1 and isinstance(parts[0].get("text"), str):
        return str(parts[0]["text"])
    return parts


def _marks(request: ConverseRequest) -> Iterator[Mark]:
    """Yield the places that the caller marked: tools come first, then system, then messages."""
    digest, count = hashlib.blake2b(digest_size=16), 0
    for tool in request.tool_config.tools if request.tool_config else ():
        if tool.cache_point is not None:
            yield _mark(digest.copy().digest(), count, tool.cache_point)
        digest.update(_SORTED.encode(tool))
    system = [Turn("user", request.system)] if request.system else []
    for turn in (*system, *request.messages):
        count += 3
        for block in turn.content:
            if "cachePoint" in block:
                yield _mark(digest.copy().digest(), count, block["cachePoint"])
                continue
            digest.update(_SORTED.encode([turn.role, block]))
            count += Message("user", _content([block])).token_count() - 3


def _mark(digest: bytes, tokens: int, point: object) -> Mark:
    kept = isinstance(point, dict) and cast("Json", point).get("ttl") == "1h"
    return Mark(digest, tokens, HOUR) if kept else Mark(digest, tokens)


_REQUEST = msgspec.json.Decoder(ConverseRequest)
_SORTED = msgspec.json.Encoder(order="sorted")

"""What a caller of OpenAI's responses may send, and the responses that are kept.

https://platform.openai.com/docs/api-reference/responses
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from hone.simulator.asks import Ask, Choice, Function, Json, Message, choose
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.openai.dialect import complain, missing, no_model
from hone.simulator.formats.reading import decode

TEXT_PARTS = {"input_text", "output_text", "text", "summary_text", "refusal"}


class Item(msgspec.Struct):
    """One item of the input, of whichever type; a message where it names none."""

    type: str = "message"
    role: Literal["user", "assistant", "system", "developer"] | None = None
    content: str | list[Json] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | list[Json] | None = None
    id: str | None = None


class Tool(msgspec.Struct):
    """A tool; only functions are called."""

    type: str
    name: str | None = None
    parameters: Json | None = None
    description: str | None = None
    strict: bool | None = None


class ToolChoice(msgspec.Struct):
    """The tool that the model must use."""

    type: str
    name: str | None = None


class TextFormat(msgspec.Struct):
    """Which kind of text the answer is."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str | None = None
    schema: Json | None = None


class Text(msgspec.Struct):
    """How the text is to be."""

    format: TextFormat | None = None


class Reasoning(msgspec.Struct):
    """How the model is to think."""

    effort: str | None = None
    summary: str | None = None
    generate_summary: str | None = None


class ResponseRequest(msgspec.Struct):
    """A response; fields that are not here are ignored."""

    model: str
    input: str | list[Item]
    instructions: str | None = None
    max_output_tokens: Annotated[int, msgspec.Meta(ge=16)] | None = None
    stream: bool | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    tools: list[Tool] | None = None
    tool_choice: Choice | ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    text: Text | None = None
    reasoning: Reasoning | None = None
    metadata: dict[str, str] | None = None
    temperature: float | None = None
    top_p: float | None = None
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None
    background: bool | None = None


class ResponseAsk(Ask):
    """A conversation whose answer repeats how it was asked for, and is kept."""

    keep: bool = True
    echo: Json = msgspec.field(default_factory=dict[str, object])
    """The settings that the response shows."""


def read(inbound: Inbound) -> Ask:
    """Read a response's request."""
    request = decode(inbound.body, _REQUEST, complain)
    if not request.model:
        raise no_model()
    wanted = request.text.format if request.text and request.text.format else TextFormat()
    reasoning = request.reasoning or Reasoning()
    tools = [
        Function(tool.name, tool.parameters)
        for tool in request.tools or ()
        if tool.type == "function" and tool.name
    ]
    choice = request.tool_choice
    name = choice.name if isinstance(choice, ToolChoice) else None
    tool, may_call = choose(choice if isinstance(choice, str) else "auto", name, tools)
    if name is not None and tool is None:
        raise Refused(
            f"Tool choice '{name}' not found in 'tools' parameter.",
            code="invalid_value",
            param="tool_choice",
        )
    return ResponseAsk(
        request.model,
        _messages(inbound, request),
        stream=bool(request.stream),
        limit=request.max_output_tokens,
        tools=tools,
        tool=tool,
        may_call=may_call,
        json=wanted.type != "text",
        schema=wanted.schema,
        thinks=(reasoning.summary or reasoning.generate_summary) is not None,
        keep=request.store is not False,
        echo=_echo(request, wanted, reasoning),
    )


def stored(inbound: Inbound, _names: Sequence[str]) -> object:
    """Return a response that was kept."""
    found = inbound.shelf.get(inbound.name)
    if found is None:
        raise _unknown(inbound.name)
    return found.body


def deleted(inbound: Inbound, _names: Sequence[str]) -> object:
    """Forget a response that was kept."""
    if inbound.shelf.take(inbound.name) is None:
        raise _unknown(inbound.name)
    return {"id": inbound.name, "object": "response", "deleted": True}


def _unknown(name: str) -> Refused:
    return Refused(f"Response with id '{name}' not found.", status=404)


def _messages(inbound: Inbound, request: ResponseRequest) -> list[Message]:
    messages: list[Message] = []
    if request.instructions:
        messages.append(Message("system", request.instructions))
    if request.previous_response_id is not None:
        before = inbound.shelf.get(request.previous_response_id)
        if before is None:
            raise Refused(
                f"Previous response with id '{request.previous_response_id}' not found.",
                code="previous_response_not_found",
                param="previous_response_id",
            )
        messages += [each for each in before.messages if each.role != "system"]
    if isinstance(request.input, str):
        messages.append(Message("user", request.input))
    else:
        for index, item in enumerate(request.input):
            message = _message(item, f"input[{index}]")
            if message is not None:
                messages.append(message)
    if not messages:
        raise missing("input")
    return messages


def _message(item: Item, param: str) -> Message | None:
    match item.type:
        case "message":
            if item.role is None:
                raise missing(f"{param}.role")
            if item.content is None:
                raise missing(f"{param}.content")
            return Message(item.role, _content(item.content, param))
        case "function_call":
            function = {"name": item.name, "arguments": item.arguments}
            call: Json = {"id": item.call_id, "type": "function", "function": function}
            return Message("assistant", None, [call])
        case "function_call_output":
            if item.call_id is None:
                raise missing(f"{param}.call_id")
            return Message("tool", _content(item.output or "", param))
        case "reasoning" | "item_reference":
            return None
        case _:
            raise Refused(
                f"Invalid value: '{item.type}'.", code="invalid_value", param=f"{param}.type"
            )


def _content(content: str | list[Json], param: str) -> str | list[Json]:
    if isinstance(content, str):
        return content
    for number, part in enumerate(content):
        if not isinstance(part.get("type"), str):
            raise missing(f"{param}.content[{number}].type")
    if len(content) == 1 and content[0]["type"] in TEXT_PARTS:
        return str(content[0].get("text", ""))
    return content


def _echo(request: ResponseRequest, wanted: TextFormat, reasoning: Reasoning) -> Json:
    return {
        "background": bool(request.background),
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": request.previous_response_id,
        "reasoning": {"effort": reasoning.effort, "summary": reasoning.summary},
        "service_tier": "default",
        "store": request.store is not False,
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "text": {"format": _shown(wanted)},
        "tool_choice": request.tool_choice or "auto",
        "tools": request.tools or [],
        "top_p": 1.0 if request.top_p is None else request.top_p,
        "truncation": request.truncation or "disabled",
        "user": request.user,
        "metadata": request.metadata or {},
    }


def _shown(wanted: TextFormat) -> Json:
    if wanted.type != "json_schema":
        return {"type": wanted.type}
    return {"type": wanted.type, "name": wanted.name, "schema": wanted.schema}


_REQUEST = msgspec.json.Decoder(ResponseRequest)

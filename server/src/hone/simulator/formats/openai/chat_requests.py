"""What a caller of chat completions may send, and how OpenAI says that it is wrong."""

from typing import Annotated, Literal

import msgspec

from hone.simulator.asks import Ask, Function, Json, Message
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.openai.dialect import complain
from hone.simulator.formats.reading import decode

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]


class StreamOptions(msgspec.Struct):
    """What a stream should carry beside the answer."""

    include_usage: bool | None = None


class Tool(msgspec.Struct):
    """A tool that the model may use."""

    function: Function
    type: Literal["function"] = "function"


class NamedFunction(msgspec.Struct):
    """The name of a function."""

    name: str


class NamedTool(msgspec.Struct):
    """The tool that the model must use."""

    function: NamedFunction
    type: Literal["function"] = "function"


class JsonSchema(msgspec.Struct):
    """The schema that an answer must follow."""

    name: str
    schema: Json | None = None


class ResponseFormat(msgspec.Struct):
    """Which kind of text the answer is."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class ChatAsk(Ask):
    """A conversation whose stream may end with its usage."""

    include_usage: bool = False


class ChatRequest(msgspec.Struct):
    """A chat completion; fields that are not here are ignored."""

    model: str
    messages: Annotated[list[Message], msgspec.Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: AtLeastOne | None = None
    max_completion_tokens: AtLeastOne | None = None
    n: AtLeastOne | None = None
    seed: int | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    response_format: ResponseFormat | None = None
    stop: str | list[str] | None = None

    def tool_to_call(self) -> Function | None:
        """Return the function that the caller insists on."""
        if self.tool_choice == "required" and self.tools:
            return self.tools[0].function
        if isinstance(self.tool_choice, NamedTool):
            wanted = self.tool_choice.function.name
            for tool in self.tools or ():
                if tool.function.name == wanted:
                    return tool.function
        return None


def read(inbound: Inbound) -> Ask:
    """Read a chat completion's request."""
    request = decode(inbound.body, _CHAT, complain)
    _check_limits(request)
    _check_contents(request.messages)
    _check_tools(request)
    wanted = request.response_format
    options = request.stream_options
    return ChatAsk(
        request.model,
        request.messages,
        stream=bool(request.stream),
        limit=request.max_completion_tokens or request.max_tokens,
        seed=request.seed,
        tools=[tool.function for tool in request.tools] if request.tools else (),
        tool=request.tool_to_call() if request.tool_choice is not None else None,
        may_call=request.tool_choice != "none",
        json=wanted is not None and wanted.type != "text",
        schema=wanted.json_schema.schema if wanted and wanted.json_schema else None,
        stops=[request.stop] if isinstance(request.stop, str) else request.stop or (),
        include_usage=options is not None and bool(options.include_usage),
    )


def _check_limits(request: ChatRequest) -> None:
    if not request.model:
        raise Refused("you must provide a model parameter")
    if request.n not in {None, 1}:
        raise Refused(
            f"Unsupported value: 'n' does not support {request.n} with this model. "
            "Only the default (1) value is supported.",
            code="unsupported_value",
            param="n",
        )
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise Refused(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            code="invalid_parameter_combination",
            param="max_tokens",
        )
    if request.stream_options is not None and not request.stream:
        raise Refused(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )


def _check_contents(messages: list[Message]) -> None:
    for index, message in enumerate(messages):
        param = f"messages[{index}].content"
        if message.content is None and message.role != "assistant":
            raise Refused(
                "Invalid value for 'content': expected a string, got null.",
                code="invalid_type",
                param=param,
            )
        if isinstance(message.content, list):
            _check_parts(message.content, param)


def _check_parts(parts: list[Json], param: str) -> None:
    for number, part in enumerate(parts):
        kind = part.get("type")
        if not isinstance(kind, str):
            raise Refused(
                f"Missing required parameter: '{param}[{number}].type'.",
                code="missing_required_parameter",
                param=f"{param}[{number}].type",
            )
        if kind == "text" and not isinstance(part.get("text"), str):
            raise Refused(
                f"Invalid type for '{param}[{number}].text': expected a string.",
                code="invalid_type",
                param=f"{param}[{number}].text",
            )


def _check_tools(request: ChatRequest) -> None:
    if request.tool_choice not in (None, "none") and not request.tools:
        raise Refused(
            "'tool_choice' is only allowed when 'tools' are specified.", param="tool_choice"
        )
    if isinstance(request.tool_choice, NamedTool) and request.tool_to_call() is None:
        raise Refused(
            f"Tool choice '{request.tool_choice.function.name}' not found in 'tools' parameter.",
            param="tool_choice",
        )
    wanted = request.response_format
    if wanted is not None and wanted.type == "json_schema" and wanted.json_schema is None:
        raise Refused(
            "Missing required parameter: 'response_format.json_schema'.",
            code="missing_required_parameter",
            param="response_format.json_schema",
        )


_CHAT = msgspec.json.Decoder(ChatRequest)

"""What a caller may send, and how OpenAI says that it is wrong."""

import re
from typing import Annotated, Literal, TypeVar

import msgspec

from hone.simulator import tokens
from hone.simulator.errors import Refused

Json = dict[str, object]
AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
T = TypeVar("T")


class Message(msgspec.Struct):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Json] | None = None
    tool_calls: list[Json] | None = None

    def text(self) -> str:
        """Return the text of the message, parts joined by lines."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(str(part["text"]) for part in self.content or () if "text" in part)

    def token_count(self) -> int:
        """Count the message's tokens as `tokens` documents."""
        others = 0
        if isinstance(self.content, list):
            others = sum(1 for part in self.content if "text" not in part)
        calls = msgspec.json.encode(self.tool_calls).decode() if self.tool_calls else ""
        return (
            tokens.of_text(self.text() + calls)
            + tokens.PER_MESSAGE
            + tokens.PER_OTHER_PART * others
        )


class StreamOptions(msgspec.Struct):
    """What a stream should carry beside the answer."""

    include_usage: bool | None = None


class Function(msgspec.Struct):
    """A function that the model may call."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    parameters: Json | None = None


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

    def prompt_tokens(self) -> int:
        """Count the prompt's tokens."""
        return sum(message.token_count() for message in self.messages)

    def last_user_text(self) -> str:
        """Return what the user said last; the last message where no user spoke."""
        for message in reversed(self.messages):
            if message.role == "user":
                return message.text()
        return self.messages[-1].text()

    def wants_usage(self) -> bool:
        """Tell whether the stream ends with a chunk of usage."""
        return self.stream_options is not None and bool(self.stream_options.include_usage)

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


class EmbeddingsRequest(msgspec.Struct):
    """A request for vectors."""

    model: str
    input: str | list[str | int | list[int]]
    dimensions: AtLeastOne | None = None
    encoding_format: Literal["float", "base64"] | None = None


def chat(body: bytes) -> ChatRequest:
    """Read a chat completion's request."""
    request = _decode(body, _CHAT)
    _check_limits(request)
    _check_contents(request.messages)
    _check_tools(request)
    return request


def embeddings(body: bytes) -> EmbeddingsRequest:
    """Read a request for vectors."""
    request = _decode(body, _EMBEDDINGS)
    if not request.model:
        raise Refused("you must provide a model parameter")
    return request


def _decode(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't "
            "using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
            "sent was not valid JSON.)"
        ) from None


def _invalid(complaint: str) -> Refused:
    reason, _, path = complaint.partition(" - at `$.")
    param = path.rstrip("`") or None
    missing = _MISSING.fullmatch(reason)
    if missing:
        param = f"{param}.{missing[1]}" if param else missing[1]
        if param == "model":
            return Refused("you must provide a model parameter")
        return Refused(
            f"Missing required parameter: '{param}'.",
            code="missing_required_parameter",
            param=param,
        )
    for pattern, code in _CODES:
        if pattern.search(reason):
            return Refused(f"Invalid '{param}': {_plain(reason)}.", code=code, param=param)
    return Refused(
        f"Invalid type for '{param}': {_plain(reason)}.", code="invalid_type", param=param
    )


def _plain(reason: str) -> str:
    return reason[:1].lower() + reason[1:].replace("`", "")


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
_EMBEDDINGS = msgspec.json.Decoder(EmbeddingsRequest)
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_CODES = (
    (re.compile(r"^Invalid enum value"), "invalid_value"),
    (re.compile(r"`array` of length >="), "empty_array"),
    (re.compile(r"`int` >="), "integer_below_min_value"),
    (re.compile(r"Number out of range"), "integer_above_max_value"),
)

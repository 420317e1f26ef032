"""What a caller of Gemini may send, and how Google says that it is wrong.

https://ai.google.dev/api/generate-content, …/tokens and …/embeddings
"""

from typing import Annotated, Literal
from urllib.parse import parse_qs

import msgspec

from hone.simulator.asks import Ask, Choice, EmbeddingAsk, Function, Json, Message, choose
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.reading import Complaint, decode

DIMENSIONS = {"text-embedding-004": 768, "embedding-001": 768}
USUAL_DIMENSIONS = 3072
MOST_TEXTS = 100
PROVING = "gemini-3"
"""Models that take a call of their own back only with its signature."""
CHOICES: dict[str, Choice] = {"NONE": "none", "ANY": "required"}

Positive = Annotated[int, msgspec.Meta(ge=1)]


class Content(msgspec.Struct):
    """One turn of the conversation."""

    parts: list[Json] = []
    role: Literal["user", "model", "function"] | None = None


class ThinkingConfig(msgspec.Struct, rename="camel"):
    """Whether the model shows what it thinks."""

    include_thoughts: bool | None = None
    thinking_budget: int | None = None
    thinking_level: str | None = None


class GenerationConfig(msgspec.Struct, rename="camel"):
    """How the answer is to be."""

    max_output_tokens: Positive | None = None
    candidate_count: int | None = None
    stop_sequences: list[str] | None = None
    seed: int | None = None
    response_mime_type: str | None = None
    response_schema: Json | None = None
    response_json_schema: Json | None = None
    thinking_config: ThinkingConfig | None = None


class Declaration(msgspec.Struct, rename="camel"):
    """A function that the model may call."""

    name: str
    parameters: Json | None = None
    parameters_json_schema: Json | None = None


class Tool(msgspec.Struct, rename="camel"):
    """Functions that the model may call."""

    function_declarations: list[Declaration] = []


class CallingConfig(msgspec.Struct, rename="camel"):
    """Whether and which functions must be called."""

    mode: str = "AUTO"
    allowed_function_names: list[str] | None = None


class ToolConfig(msgspec.Struct, rename="camel"):
    """How tools are used."""

    function_calling_config: CallingConfig | None = None


class GenerateRequest(msgspec.Struct, rename="camel"):
    """A conversation to be answered; fields that are not here are ignored."""

    contents: list[Content]
    system_instruction: Content | None = None
    generation_config: GenerationConfig | None = None
    tools: list[Tool] | None = None
    tool_config: ToolConfig | None = None


class CountRequest(msgspec.Struct, rename="camel"):
    """A conversation to be counted, as it is or as it would be sent."""

    contents: list[Content] | None = None
    generate_content_request: GenerateRequest | None = None


class EmbedRequest(msgspec.Struct, rename="camel"):
    """A text to be turned into a vector."""

    content: Content
    model: str | None = None
    output_dimensionality: Positive | None = None


class BatchRequest(msgspec.Struct):
    """Texts to be turned into vectors."""

    requests: list[EmbedRequest]


class GeminiAsk(Ask):
    """A conversation whose stream is a list where events were not asked for."""

    events: bool = True


def read(inbound: Inbound) -> Ask:
    """Read a request for an answer in one piece."""
    return _ask(inbound.name, decode(inbound.body, _GENERATE, complain))


def read_stream(inbound: Inbound) -> Ask:
    """Read a request for an answer in pieces."""
    ask = _ask(inbound.name, decode(inbound.body, _GENERATE, complain))
    ask.stream = True
    ask.events = wants_events(inbound)
    return ask


def wants_events(inbound: Inbound) -> bool:
    """Tell whether a stream is to be server-sent events."""
    return parse_qs(inbound.query.decode("latin-1")).get("alt") == ["sse"]


def read_counted(inbound: Inbound) -> Ask:
    """Read a request for a conversation's length."""
    request = decode(inbound.body, _COUNT, complain)
    if request.generate_content_request is not None:
        return _ask(inbound.name, request.generate_content_request)
    return _ask(inbound.name, GenerateRequest(request.contents or []))


def read_embedding(inbound: Inbound) -> EmbeddingAsk:
    """Read a request for one vector."""
    return _embedding(inbound.name, [decode(inbound.body, _EMBED, complain)])


def read_embeddings(inbound: Inbound) -> EmbeddingAsk:
    """Read a request for several vectors."""
    requests = decode(inbound.body, _BATCH, complain).requests
    if not 1 <= len(requests) <= MOST_TEXTS:
        raise Refused(
            "* BatchEmbedContentsRequest.requests: at least 1 and at most "
            f"{MOST_TEXTS} requests can be in one batch"
        )
    return _embedding(inbound.name, requests)


def complain(complaint: Complaint) -> Refused:
    """Say what is wrong with a request."""
    if complaint.missing:
        return Refused(f"* {complaint.path}: {complaint.path} is not specified")
    return Refused(f"Invalid value at '{complaint.path}': {complaint.plain}")


def _ask(model: str, request: GenerateRequest) -> GeminiAsk:
    if not request.contents:
        raise Refused("* GenerateContentRequest.contents: contents is not specified")
    config = request.generation_config or GenerationConfig()
    if config.candidate_count not in {None, 1}:
        raise Refused("Only one candidate can be specified")
    messages: list[Message] = []
    if request.system_instruction is not None:
        messages.append(Message("system", _text(request.system_instruction.parts)))
    for index, content in enumerate(request.contents):
        messages += _messages(content, index)
    _check_calls(request.contents, proven=model.startswith(PROVING))
    functions = [
        Function(each.name, each.parameters_json_schema or each.parameters)
        for tool in request.tools or ()
        for each in tool.function_declarations
    ]
    tool, may_call = _choice(request.tool_config, functions)
    thinking = config.thinking_config
    return GeminiAsk(
        model,
        messages,
        limit=config.max_output_tokens,
        seed=config.seed,
        tools=functions,
        tool=tool,
        may_call=may_call,
        json=config.response_mime_type == "application/json",
        schema=config.response_json_schema or config.response_schema,
        thinks=thinking is not None and bool(thinking.include_thoughts),
        stops=config.stop_sequences or (),
    )


def _choice(config: ToolConfig | None, functions: list[Function]) -> tuple[Function | None, bool]:
    calling = (config.function_calling_config if config else None) or CallingConfig()
    choice = CHOICES.get(calling.mode, "auto")
    if choice == "required" and not functions:
        raise Refused("Function calling config is set without function_declarations.")
    names = calling.allowed_function_names
    name = names[0] if names and choice == "required" else None
    return choose(choice, name, functions)


def _messages(content: Content, index: int) -> list[Message]:
    """Turn one turn into messages: a function's result is one of its own."""
    if not content.parts:
        raise Refused(
            f"* GenerateContentRequest.contents[{index}].parts: contents.parts must not be empty."
        )
    messages: list[Message] = []
    others: list[Json] = []
    calls: list[Json] = []
    for part in content.parts:
        if "functionResponse" in part:
            messages.append(Message("tool", msgspec.json.encode(part["functionResponse"]).decode()))
        elif "functionCall" in part:
            calls.append({"type": "function", "function": part["functionCall"]})
        elif not part.get("thought"):
            others.append(part)
    if others or calls:
        role = "assistant" if content.role == "model" else "user"
        messages.append(Message(role, _text(others), calls or None))
    return messages or [Message("user", "")]


def _named(part: Json) -> bool:
    match part["functionResponse"]:
        case {"name": str(name)}:
            return bool(name)
        case _:
            return False


def _check_calls(contents: list[Content], *, proven: bool) -> None:
    """Refuse calls without a signature, and results that do not answer the calls before."""
    before: list[Json] = []
    for index, content in enumerate(contents):
        parts = content.parts
        answers = [part for part in parts if "functionResponse" in part]
        if not all(map(_named, answers)):
            raise Refused(
                f"* GenerateContentRequest.contents[{index}].parts[0].function_response.name: "
                "Name cannot be empty."
            )
        if len(answers) != len(before) and (answers or before):
            raise Refused(
                "Please ensure that the number of function response parts is equal to the number "
                "of function call parts of the function call turn."
            )
        before = [part for part in parts if "functionCall" in part]
        if proven and before and not before[0].get("thoughtSignature"):
            raise Refused("Function call is missing a thought_signature in functionCall parts.")


def _text(parts: list[Json]) -> str | list[Json]:
    """Return parts in neutral words: a single text as it is."""
    if len(parts) == 1 and isinstance(parts[0].get("text"), str):
        return str(parts[0]["text"])
    return parts


def _embedding(model: str, requests: list[EmbedRequest]) -> EmbeddingAsk:
    for request in requests:
        if request.model is not None and request.model.removeprefix("models/") != model:
            raise Refused(f"model: expected models/{model}, got {request.model}")
        if not request.content.parts:
            raise Refused("* EmbedContentRequest.content: content is empty")
    most = DIMENSIONS.get(model.partition("#")[0], USUAL_DIMENSIONS)
    length = requests[0].output_dimensionality or most
    if length > most:
        raise Refused(f"output_dimensionality must be at most {most}")
    texts = [Message("user", request.content.parts).text() for request in requests]
    return EmbeddingAsk(model, [*texts], length)


_GENERATE = msgspec.json.Decoder(GenerateRequest)
_COUNT = msgspec.json.Decoder(CountRequest)
_EMBED = msgspec.json.Decoder(EmbedRequest)
_BATCH = msgspec.json.Decoder(BatchRequest)

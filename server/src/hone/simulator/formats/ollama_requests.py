"""What a caller of Ollama may send.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from typing import Literal

import msgspec

from hone.simulator.asks import Ask, EmbeddingAsk, Function, Input, Json, Message
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.reading import Complaint, decode

DIMENSIONS = {"nomic-embed-text": 768, "mxbai-embed-large": 1024, "all-minilm": 384}
USUAL_DIMENSIONS = 768


class Turn(msgspec.Struct):
    """One message of the conversation."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = ""
    images: list[str] | None = None
    tool_calls: list[Json] | None = None


class Tool(msgspec.Struct):
    """A function that the model may call."""

    function: Function
    type: str = "function"


class Options(msgspec.Struct):
    """How the answer is to be."""

    num_predict: int | None = None
    seed: int | None = None
    stop: str | list[str] | None = None


class Common(msgspec.Struct):
    """What both ways to ask have."""

    model: str
    stream: bool | None = None
    format: Literal["", "json"] | Json | None = None
    options: Options | None = None
    think: bool | str | None = None


class ChatRequest(Common, kw_only=True):
    """A conversation to be answered; fields that are not here are ignored."""

    messages: list[Turn] = []
    tools: list[Tool] | None = None


class GenerateRequest(Common, kw_only=True):
    """A text to be continued; fields that are not here are ignored."""

    prompt: str = ""
    system: str | None = None
    images: list[str] | None = None


class EmbedRequest(msgspec.Struct):
    """Texts to be turned into vectors."""

    model: str
    input: str | list[str] = ""
    dimensions: int | None = None


class OllamaAsk(Ask):
    """A conversation or a text."""

    generate: bool = False


def read_chat(inbound: Inbound) -> Ask:
    """Read a request for a message."""
    request = decode(inbound.body, _CHAT, complain)
    messages = [
        _message(turn.role, turn.content, turn.images, turn.tool_calls) for turn in request.messages
    ]
    ask = _ask(request, messages or [Message("user", "")])
    ask.tools = [tool.function for tool in request.tools or ()]
    return ask


def read_generate(inbound: Inbound) -> Ask:
    """Read a request for a continuation."""
    request = decode(inbound.body, _GENERATE, complain)
    messages = [Message("system", request.system)] if request.system else []
    messages.append(_message("user", request.prompt, request.images))
    ask = _ask(request, messages)
    ask.generate = True
    return ask


def read_embedding(inbound: Inbound) -> EmbeddingAsk:
    """Read a request for vectors."""
    request = decode(inbound.body, _EMBED, complain)
    _check_model(request.model)
    given = [request.input] if isinstance(request.input, str) else request.input
    texts: list[Input] = [text for text in given if text]
    usual = DIMENSIONS.get(request.model.partition("#")[0].partition(":")[0], USUAL_DIMENSIONS)
    return EmbeddingAsk(request.model, texts, min(request.dimensions or usual, usual))


def complain(complaint: Complaint) -> Refused:
    """Say what is wrong with a request."""
    if complaint.missing and complaint.path == "model":
        return Refused("model is required")
    return Refused(f"{complaint.dotted or 'body'}: {complaint.plain}")


def _ask(request: Common, messages: list[Message]) -> OllamaAsk:
    _check_model(request.model)
    options = request.options or Options()
    limit = options.num_predict
    stop = options.stop
    return OllamaAsk(
        request.model,
        messages,
        stream=request.stream is not False,
        limit=limit if limit is not None and limit >= 0 else None,
        seed=options.seed,
        json=bool(request.format),
        schema=request.format if isinstance(request.format, dict) else None,
        thinks=bool(request.think),
        stops=[stop] if isinstance(stop, str) else stop or (),
    )


def _message(
    role: Literal["system", "user", "assistant", "tool"],
    text: str,
    images: list[str] | None = None,
    calls: list[Json] | None = None,
) -> Message:
    if not images:
        return Message(role, text, calls or None)
    return Message(role, [{"text": text}, *({"image": image} for image in images)], calls or None)


def _check_model(model: str) -> None:
    if not model:
        raise Refused("model is required")


_CHAT = msgspec.json.Decoder(ChatRequest)
_GENERATE = msgspec.json.Decoder(GenerateRequest)
_EMBED = msgspec.json.Decoder(EmbedRequest)

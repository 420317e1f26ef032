"""A request of another format, written for Gemini."""

import mimetypes
from itertools import groupby
from typing import Final

import msgspec

from hone.llm.errors import Rejected, Unsupported
from hone.llm.formats.base import GEMINIS, Raw, json_object, told
from hone.llm.neutral import (
    Asked,
    Media,
    Message,
    Part,
    Request,
    Result,
    Role,
    Sound,
    Text,
    Thought,
    Tool,
)

UNPROVEN: Final = "skip_thought_signature_validator"
"""Google's word for a call whose signature was lost (Gemini API, "Thought signatures", FAQ)."""
MOST_STOPS: Final = 5
MOST_CHOICES: Final = 8
_BUDGETS: Final = {
    "none": 0,
    "minimal": 1024,
    "low": 1024,
    "medium": 8192,
    "high": 24576,
    "xhigh": 24576,
}
"""Tokens of thinking for OpenAI's words (Gemini API, "OpenAI compatibility")."""
_SYSTEM: Final = frozenset({Role.SYSTEM, Role.DEVELOPER})
_MODES: Final = {"auto": "AUTO", "required": "ANY", "none": "NONE"}
_SEED: Final = 0x7FFFFFFF
"""Google's seeds have 32 bits."""

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode
_object = msgspec.json.Decoder(dict[str, Raw]).decode


def write(request: Request) -> Object:
    """Write a request; raise `Unsupported` for what Gemini cannot be asked."""
    return _body(request, "")


def write_proving(request: Request) -> Object:
    """Write a request to a model that refuses a call of its own without its signature."""
    return _body(request, UNPROVEN)


def _body(request: Request, unproven: str) -> Object:
    _refuse(request)
    body: Object = {
        "systemInstruction": _system(request),
        "contents": _contents(request, unproven),
        "tools": _tools(request),
        "toolConfig": _choice(request),
        "generationConfig": _config(request) or None,
    }
    return {name: value for name, value in body.items() if told(value)}


def _refuse(request: Request) -> None:
    if len(request.stop) > MOST_STOPS:
        raise Unsupported(f"'stop': Gemini takes {MOST_STOPS} at most.", param="stop")
    if request.choices > MOST_CHOICES:
        raise Unsupported(f"'n': Gemini gives {MOST_CHOICES} answers at most.", param="n")


def _system(request: Request) -> Object | None:
    """Put everything that the system says at the front, where Gemini reads it."""
    parts: list[Object] = [
        {"text": part.text}
        for message in request.messages
        if message.role in _SYSTEM
        for part in message.parts
        if isinstance(part, Text) and part.text
    ]
    return {"parts": parts} if parts else None


def _contents(request: Request, unproven: str) -> list[Object]:
    """Write the turns; neighbours of one role become one turn, and empty ones none."""
    turns = [message for message in request.messages if message.role not in _SYSTEM]
    names = {
        part.id: part.name for message in turns for part in message.parts if isinstance(part, Asked)
    }
    written: list[Object] = []
    for role, group in groupby(turns, key=lambda message: message.role):
        parts = [part for message in group for part in _parts(message, names, unproven)]
        if parts:
            speaker = "model" if role is Role.ASSISTANT else "user"
            written.append({"role": speaker, "parts": parts})
    return written


def _parts(message: Message, names: dict[str, str], unproven: str) -> list[Object]:
    """Write a turn: first what tools returned, then the pictures in it, then the rest."""
    results = [part for part in message.parts if isinstance(part, Result)]
    pictures = [part for result in results for part in result.parts if isinstance(part, Media)]
    rest = [part for part in message.parts if not isinstance(part, Result)]
    written = [_result(each, names) for each in results]
    for part in (*pictures, *rest):
        told_part = _part(part, unproven)
        if told_part is not None:
            written.append(told_part)
            # Of several calls at once only the first has a signature.
            unproven = "" if isinstance(part, Asked) else unproven
    return written


def _part(part: Part, unproven: str) -> Object | None:
    match part:
        case Text():
            return {"text": part.text} if part.text else None
        case Thought():
            return _thought(part)
        case Asked():
            return _call(part, unproven)
        case Media():
            return _media(part)
        case Sound():
            return {"inlineData": {"mimeType": f"audio/{part.format}", "data": part.data}}
        case Result():
            raise TypeError("results are written before")


def _thought(thought: Thought) -> Object | None:
    """Write a thought that Gemini has signed; any other need not go back, and is refused."""
    if not thought.signature.startswith(GEMINIS):
        return None
    signature = thought.signature.removeprefix(GEMINIS)
    written: Object = {"text": thought.text, "thoughtSignature": signature}
    # A signature without a thought was that of an answer's text.
    return written | ({"thought": True} if thought.text else {})


def _call(call: Asked, unproven: str) -> Object:
    told_call: Object = {"name": call.name, "args": json_object(call.arguments)}
    if call.id:
        told_call["id"] = call.id
    signature = call.signature or unproven
    written: Object = {"functionCall": told_call}
    return written | ({"thoughtSignature": signature} if signature else {})


def _result(result: Result, names: dict[str, str]) -> Object:
    name = names.get(result.id)
    if name is None:
        reason = f"'messages': no tool was called with the id {result.id!r}."
        raise Rejected(reason, param="messages", code="invalid_request")
    response: Object = {"name": name, "response": _returned(result)}
    if result.id:
        response["id"] = result.id
    return {"functionResponse": response}


def _returned(result: Result) -> Raw | Object:
    """Write what a tool returned as an object, which Gemini wants."""
    text = "".join(part.text for part in result.parts if isinstance(part, Text))
    if result.failed:
        return {"error": text}
    try:
        return Raw(_encode(_object(text.encode("utf-8", "replace"))))
    except (msgspec.MsgspecError, RecursionError):
        return {"result": text}


def _media(media: Media) -> Object:
    usual = "image/png" if media.kind == "image" else "application/pdf"
    if not media.url:
        return {"inlineData": {"mimeType": media.media_type or usual, "data": media.data}}
    found = media.media_type or mimetypes.guess_type(media.url.partition("?")[0])[0]
    data: Object = {"fileUri": media.url}
    return {"fileData": data | ({"mimeType": found} if found else {})}


def _tools(request: Request) -> list[Object] | None:
    if not request.tools:
        return None
    return [{"functionDeclarations": [_tool(each) for each in request.tools]}]


def _tool(tool: Tool) -> Object:
    written: Object = {"name": tool.name}
    if tool.description:
        written["description"] = tool.description
    if bytes(tool.schema):
        written["parametersJsonSchema"] = Raw(tool.schema)
    return written


def _choice(request: Request) -> Object | None:
    choice = request.choice
    if choice is None or not request.tools:
        return None
    if choice.startswith("="):
        named = [choice.removeprefix("=")]
        return {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": named}}
    return {"functionCallingConfig": {"mode": _MODES.get(choice, "AUTO")}}


def _config(request: Request) -> Object:
    drawn, shape = request.sampling, request.format
    config: Object = {
        "maxOutputTokens": request.max_tokens,
        "candidateCount": request.choices if request.choices > 1 else None,
        "stopSequences": list(request.stop) or None,
        "temperature": drawn.temperature,
        "topP": drawn.top_p,
        "topK": drawn.top_k,
        "seed": None if drawn.seed is None else drawn.seed & _SEED,
        "presencePenalty": drawn.presence_penalty,
        "frequencyPenalty": drawn.frequency_penalty,
        "responseMimeType": "application/json" if shape else None,
        "responseJsonSchema": Raw(shape.schema) if shape and bytes(shape.schema) else None,
        "responseLogprobs": True if request.logprobs is not None else None,
        "logprobs": request.logprobs or None,
        "thinkingConfig": _thinking(request),
    }
    return {name: value for name, value in config.items() if value is not None}


def _thinking(request: Request) -> Object | None:
    """Write how much to think; whoever asks for thoughts sees them."""
    budget = request.budget
    if budget is None and request.effort is not None:
        budget = _BUDGETS.get(request.effort, _BUDGETS["medium"])
    return None if budget is None else {"thinkingBudget": budget, "includeThoughts": budget != 0}

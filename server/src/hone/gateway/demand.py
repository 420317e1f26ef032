"""What a call needs of the target that is to answer it, read from the request's bytes."""

from dataclasses import dataclass
from typing import Final

import msgspec

from hone.gateway.parsing import Ask
from hone.llm.types import WORDLESS, Capability, Endpoint, Modality

_count = msgspec.json.Decoder(int).decode
_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

_LIMITS: Final = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_TALKS: Final = frozenset({Capability.CHAT.value})
_TASKS: Final = {
    Endpoint.EMBEDDINGS: frozenset({Capability.EMBEDDINGS.value}),
    Endpoint.COMPLETIONS: frozenset({Capability.COMPLETIONS.value}),
    Endpoint.CLASSIFY: frozenset[str](),
    Endpoint.ENTITIES: frozenset[str](),
}
"""What an endpoint asks of a model, where it is not to talk."""
_PROMPTS: Final = {Endpoint.RESPONSES: "input"}
"""Where a conversation is, if not in `messages`."""

# A quote inside a JSON string is escaped, so each of these is a string of its own.
_MEDIA: Final[dict[Endpoint, tuple[tuple[bytes, str], ...]]] = {
    Endpoint.CHAT: (
        (b'"image_url"', Modality.IMAGE.value),
        (b'"input_audio"', Modality.AUDIO.value),
        (b'"file_id"', Modality.FILE.value),
        (b'"file_data"', Modality.FILE.value),
    ),
    Endpoint.MESSAGES: (
        (b'"image"', Modality.IMAGE.value),
        (b'"document"', Modality.FILE.value),
    ),
    Endpoint.RESPONSES: (
        (b'"input_image"', Modality.IMAGE.value),
        (b'"input_audio"', Modality.AUDIO.value),
        (b'"input_file"', Modality.FILE.value),
    ),
}
_FORMATS: Final = ("response_format", "text", "output_format", "output_config")
"""Where a form of the answer is asked for, in the words of one endpoint or another."""
_MODALITIES: Final = frozenset(each.value for each in Modality)


@dataclass(frozen=True, slots=True)
class Demand:
    """What one call needs."""

    needs: frozenset[str] = _TALKS
    """Modalities and capabilities."""
    input_tokens: int = 0
    """Estimated; 0 where the size of the request says nothing of its tokens."""
    output_tokens: int | None = None
    """The most that the client wants."""
    stream: bool = False
    conversation: str | None = None
    content: bytes = b""
    """The request, for what predicts quality from it."""


def read(ask: Ask) -> Demand:
    """Read what a call needs; what cannot be read is left to the model to refuse."""
    task = _TASKS.get(ask.endpoint)
    needs = _needs(ask) if task is None else task
    return Demand(
        needs,
        0 if needs & _MODALITIES else ask.estimated_tokens,
        0 if ask.endpoint in WORDLESS else _most(ask),
        ask.stream,
        ask.conversation,
        ask.content,
    )


def limited(content: bytes) -> bool:
    """Tell whether a request set a limit to the length of its answer."""
    try:
        body = _object(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return any(bytes(body.get(name) or b"null") != b"null" for name in _LIMITS)


def _needs(ask: Ask) -> frozenset[str]:
    body = ask.body
    prompt = bytes(body.get(_PROMPTS.get(ask.endpoint, "messages")) or b"")
    found = [name for mark, name in _MEDIA[ask.endpoint] if mark in prompt]
    if len(body.get("tools") or b"") > len(b"null"):
        found.append(Capability.TOOLS.value)
    if any(b'"json_schema"' in bytes(body[name]) for name in _FORMATS if name in body):
        found.append(Capability.JSON_SCHEMA.value)
    if _thinks(body):
        found.append(Capability.REASONING.value)
    return _TALKS.union(found) if found else _TALKS


def _thinks(body: dict[str, msgspec.Raw]) -> bool:
    """Tell whether reasoning is asked for, in the words of chats, messages or responses."""
    effort = bytes(body.get("reasoning_effort") or b"null")
    thinking = bytes(body.get("thinking") or b"")
    reasoning = bytes(body.get("reasoning") or b"")
    return (
        effort not in {b"null", b'"none"'}
        or b'"enabled"' in thinking
        or b'"adaptive"' in thinking
        or b'"effort"' in reasoning
    )


def _most(ask: Ask) -> int | None:
    for name in _LIMITS:
        raw = ask.body.get(name)
        if raw is None:
            continue
        try:
            return max(_count(raw), 0)
        except msgspec.DecodeError:
            continue
    return None

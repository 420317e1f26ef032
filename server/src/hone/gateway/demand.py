"""What a call needs of the target that is to answer it, read from the request's bytes."""

from dataclasses import dataclass
from typing import Final

import msgspec

from hone.gateway.parsing import Ask
from hone.llm.types import Capability, Endpoint, Modality

_count = msgspec.json.Decoder(int).decode

_LIMITS: Final = ("max_completion_tokens", "max_tokens")
_EMBEDS: Final = frozenset({Capability.EMBEDDINGS.value})
_TALKS: Final = frozenset({Capability.CHAT.value})
# A quote inside a JSON string is escaped, so each of these is a string of its own.
_MEDIA: Final = (
    (b'"image_url"', Modality.IMAGE.value),
    (b'"input_audio"', Modality.AUDIO.value),
    (b'"file_id"', Modality.FILE.value),
    (b'"file_data"', Modality.FILE.value),
)


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
    if ask.endpoint is Endpoint.EMBEDDINGS:
        return Demand(
            _EMBEDS, ask.estimated_tokens, 0, conversation=ask.conversation, content=ask.content
        )
    needs = _needs(ask)
    media = any(name in needs for _, name in _MEDIA)
    return Demand(
        needs,
        0 if media else ask.estimated_tokens,
        _most(ask),
        ask.stream,
        ask.conversation,
        ask.content,
    )


def _needs(ask: Ask) -> frozenset[str]:
    body = ask.body
    messages = bytes(body["messages"])
    found = [name for mark, name in _MEDIA if mark in messages]
    if len(body.get("tools") or b"") > len(b"null"):
        found.append(Capability.TOOLS.value)
    if b'"json_schema"' in bytes(body.get("response_format") or b""):
        found.append(Capability.JSON_SCHEMA.value)
    if bytes(body.get("reasoning_effort") or b"null") not in {b"null", b'"none"'}:
        found.append(Capability.REASONING.value)
    return _TALKS.union(found) if found else _TALKS


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

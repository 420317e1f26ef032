"""OpenAI's moderations: a few plain words are flagged, nothing else is.

https://platform.openai.com/docs/api-reference/moderations
"""

import hashlib

import msgspec

from hone.simulator.asks import Ask, Json, Message
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound
from hone.simulator.formats.openai.dialect import complain
from hone.simulator.formats.reading import decode

USUAL_MODEL = "omni-moderation-latest"
CATEGORIES: dict[str, tuple[str, ...]] = {
    "harassment": ("idiot", "stupid"),
    "harassment/threatening": (),
    "sexual": ("naked", "porn"),
    "sexual/minors": (),
    "hate": ("hate",),
    "hate/threatening": (),
    "illicit": ("cocaine", "steal"),
    "illicit/violent": ("bomb",),
    "self-harm": ("suicide",),
    "self-harm/intent": (),
    "self-harm/instructions": (),
    "violence": ("kill", "murder"),
    "violence/graphic": (),
}
"""The words that flag each category."""


class ModerationRequest(msgspec.Struct):
    """Texts to be judged."""

    input: str | list[str | Json]
    model: str | None = None


def read(inbound: Inbound) -> Ask:
    """Read a request for a judgement: one message for each result."""
    request = decode(inbound.body, _REQUEST, complain)
    given = [request.input] if isinstance(request.input, str) else request.input
    if not given:
        raise Refused(
            "Invalid 'input': expected at least one element.", code="empty_array", param="input"
        )
    texts = [item for item in given if isinstance(item, str)]
    parts = [item for item in given if not isinstance(item, str)]
    messages = [Message("user", text) for text in texts]
    if parts:
        messages.append(Message("user", parts))
    return Ask(request.model or USUAL_MODEL, messages)


def write(ask: Ask, request_id: str) -> object:
    """Judge the texts."""
    return {
        "id": f"modr-{request_id.removeprefix('req_')}",
        "model": ask.model,
        "results": [_judged(message) for message in ask.messages],
    }


def _judged(message: Message) -> Json:
    text = message.text()
    words = {word.strip(".,;:!?\"'") for word in text.lower().split()}
    found = {name: not words.isdisjoint(signs) for name, signs in CATEGORIES.items()}
    noise = hashlib.blake2b(text.encode(), digest_size=len(CATEGORIES)).digest()
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {
            name: (0.9 if flagged else 0.0) + number / 10_000
            for (name, flagged), number in zip(found.items(), noise, strict=True)
        },
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }


_REQUEST = msgspec.json.Decoder(ModerationRequest)

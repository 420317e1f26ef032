"""What every vendor is asked: few requests, always the same, in the words of OpenAI's clients."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from hone.llm.types import Endpoint

PIXEL: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    "kgAAAABJRU5ErkJggg=="
)
_SCHEMA: Final = {
    "type": "object",
    "properties": {"day": {"type": "string"}, "guests": {"type": "integer"}},
    "required": ["day", "guests"],
    "additionalProperties": False,
}
_BOOK: Final = {"name": "book_visit", "description": "Books a visit.", "parameters": _SCHEMA}
_TOOLS: Final = [{"type": "function", "function": _BOOK}]
_SHAPE: Final = {"name": "visit", "strict": True, "schema": _SCHEMA}
_LOOK: Final = [
    {"type": "text", "text": "Which colour is this, in one word?"},
    {"type": "image_url", "image_url": {"url": PIXEL}},
]


@dataclass(frozen=True)
class Case:
    """One request."""

    name: str
    body: dict[str, Any]
    endpoint: Endpoint = Endpoint.CHAT
    refused: bool = False
    """It is sent with a credential that is wrong."""

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))

    def raw(self) -> dict[str, msgspec.Raw]:
        """Return the body as the gateway reads it."""
        encoded = {"model": "m", **self.body}
        return {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in encoded.items()}


def _chat(content: object, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content}], **more}


_BOOKING: Final = "Book a visit for 12 guests on Friday."
CASES: Final = (
    Case("chat", _chat("Greet a guest in five words.")),
    Case("stream", _chat("Greet a guest in five words.", stream=True)),
    Case("tools", _chat(_BOOKING, tools=_TOOLS, tool_choice="required")),
    Case("tools-stream", _chat(_BOOKING, tools=_TOOLS, tool_choice="required", stream=True)),
    Case(
        "structured",
        _chat(_BOOKING, response_format={"type": "json_schema", "json_schema": _SHAPE}),
    ),
    Case("image", _chat(_LOOK)),
    Case("reasoning", _chat("What is 17 times 23?", reasoning_effort="low")),
    Case("embedding", {"input": ["a barn", "a hall"], "dimensions": 8}, Endpoint.EMBEDDINGS),
    Case("error", _chat("Hello"), refused=True),
)

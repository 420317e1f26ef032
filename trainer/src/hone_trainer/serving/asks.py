"""What a call asks, read from its JSON."""

from typing import Any, Final

import msgspec

MOST_TEXTS: Final = 2048
LONGEST_TEXT: Final = 100_000
MOST_LABELS: Final = 1000


class Wrong(Exception):
    """This request cannot be answered as it is."""

    def __init__(
        self, message: str, param: str | None = None, code: str = "invalid_request"
    ) -> None:
        super().__init__(message)
        self.message, self.param, self.code = message, param, code


class Texts(msgspec.Struct, gc=False):
    """Texts for a label or for entities."""

    model: str
    input: str | list[str]
    top: int | None = None

    @property
    def all(self) -> list[str]:
        """Return the texts."""
        return [self.input] if isinstance(self.input, str) else self.input


class _Part(msgspec.Struct, gc=False):
    type: str = ""
    text: str = ""


class _Message(msgspec.Struct, gc=False):
    role: str
    content: str | list[_Part] | None = None


class _Options(msgspec.Struct, gc=False):
    include_usage: bool | None = None


class Chat(msgspec.Struct, gc=False):
    """A chat, of which the last that a user said counts."""

    model: str
    messages: list[_Message]
    stream: bool | None = None
    stream_options: _Options | None = None

    @property
    def said(self) -> str:
        """Return what the user said last."""
        for message in reversed(self.messages):
            if message.role == "user" and message.content is not None:
                if isinstance(message.content, str):
                    return message.content
                return "\n".join(each.text for each in message.content if each.type == "text")
        raise Wrong("There is no message of a user.", "messages")


_texts = msgspec.json.Decoder(Texts).decode
_chat = msgspec.json.Decoder(Chat).decode


def texts(body: bytes) -> Texts:
    """Read a request for labels or entities."""
    asked = _read(_texts, body)
    given = asked.all
    if not given:
        raise Wrong("'input' is empty.", "input")
    if len(given) > MOST_TEXTS:
        raise Wrong(f"'input' has more than {MOST_TEXTS} texts.", "input")
    if any(len(each) > LONGEST_TEXT for each in given):
        raise Wrong(f"A text of 'input' is longer than {LONGEST_TEXT} characters.", "input")
    if asked.top is not None and not 1 <= asked.top <= MOST_LABELS:
        raise Wrong(f"'top' lies between 1 and {MOST_LABELS}.", "top")
    return asked


def chat(body: bytes) -> Chat:
    """Read a chat."""
    asked = _read(_chat, body)
    if len(asked.said) > LONGEST_TEXT:
        raise Wrong(f"The message is longer than {LONGEST_TEXT} characters.", "messages")
    return asked


def _read(decode: Any, body: bytes) -> Any:  # noqa: ANN401
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        param = path.strip("`").removeprefix("$.") or None
        raise Wrong(f"{reason}.", param) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Wrong("The request body is not valid JSON.", code="invalid_json") from error

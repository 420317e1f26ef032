"""A request body, read as far as the gateway must and no further: the rest passes through."""

from collections.abc import Callable
from typing import Final, cast

import msgspec

from hone.core.errors import AppError
from hone.gateway.errors import BodyUnreadable, ParameterWrong
from hone.llm.types import WORDLESS, Endpoint
from hone.llm.unicode import clean, mend

Raw = msgspec.Raw
Headers = dict[bytes, bytes]

AUTO: Final = "auto"
"""What a client sends as `model`, or sends none, to leave the choice to Hone."""
LONGEST_MODEL: Final = 256
LONGEST_NAME: Final = 256
LONGEST_METADATA: Final = 4096
MOST_CHOICES: Final = 128
_NULL: Final = b"null"


class _Message(msgspec.Struct, gc=False):
    role: str


class _StreamOptions(msgspec.Struct, gc=False):
    include_usage: bool | None = None


class Ask(msgspec.Struct, frozen=True):
    """What a client asks for."""

    endpoint: Endpoint
    model: str
    content: bytes
    """The request as it came."""
    body: dict[str, Raw]
    """Its top level; everything below is as it came."""
    prompt_bytes: int
    stream: bool = False
    wants_usage: bool = False
    """The client wants a stream to end with usage."""
    choices: int = 1
    user: str | None = None
    conversation: str | None = None
    metadata: bytes | None = None
    """A JSON object."""
    named: bool = True
    """The client has named a model."""

    @property
    def estimated_tokens(self) -> int:
        """Guess the input's tokens: four bytes of its JSON make one."""
        return (self.prompt_bytes + 3) // 4


_object = msgspec.json.Decoder(dict[str, Raw]).decode
_value = msgspec.json.Decoder().decode
_text = msgspec.json.Decoder(str).decode
_flag = msgspec.json.Decoder(bool).decode
_count = msgspec.json.Decoder(int).decode
_messages = msgspec.json.Decoder(list[_Message]).decode
_options = msgspec.json.Decoder(_StreamOptions).decode
_input = msgspec.json.Decoder(str | list[str | int | list[int]]).decode
_texts = msgspec.json.Decoder(str | list[str]).decode
_items = msgspec.json.Decoder(str | list[dict[str, Raw]]).decode
_encode = msgspec.json.Encoder().encode

_PROMPTS: Final[dict[Endpoint, tuple[str, Callable[[bytes], object], tuple[str, ...]]]] = {
    Endpoint.CHAT: ("messages", _messages, ()),
    Endpoint.COMPLETIONS: ("prompt", _input, ()),
    Endpoint.EMBEDDINGS: ("input", _input, ()),
    Endpoint.CLASSIFY: ("input", _texts, ()),
    Endpoint.ENTITIES: ("input", _texts, ()),
    Endpoint.MESSAGES: ("messages", _messages, ("system",)),
    Endpoint.RESPONSES: ("input", _items, ("instructions",)),
}
"""Where the prompt is, how it is checked, and what the model reads beside it."""


def parse(endpoint: Endpoint, content: bytes, headers: Headers) -> Ask:
    """Check what every model must be told, and find what the gateway itself needs."""
    body = _top(content)
    model = _string(body, "model", LONGEST_MODEL)
    prompt = _prompt(endpoint, body)
    stream = endpoint not in WORDLESS and _boolean(body, "stream")
    user, conversation, metadata = _labels(body, headers)
    return Ask(
        endpoint,
        model or AUTO,
        content,
        body,
        prompt,
        stream,
        stream and _wants_usage(body),
        _choices(body) if "n" in body else 1,
        user,
        conversation,
        metadata,
        bool(model),
    )


def _top(content: bytes) -> dict[str, Raw]:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise BodyUnreadable("The request body is not valid UTF-8.") from error
    try:
        return _object(content)
    except msgspec.ValidationError as error:
        raise BodyUnreadable("The request body is not a JSON object.") from error
    except RecursionError as error:
        raise BodyUnreadable("The request body is nested too deeply.") from error
    except msgspec.DecodeError:
        pass
    try:
        return _object(mend(content))
    except msgspec.DecodeError as error:
        raise BodyUnreadable(f"The request body is not valid JSON: {error}.") from error


def _prompt(endpoint: Endpoint, body: dict[str, Raw]) -> int:
    """Check the part that the model reads; return its size and that of what stands beside it."""
    name, decode, beside = _PROMPTS[endpoint]
    size = sum(len(bytes(body[other])) for other in beside if other in body)
    raw = body.get(name)
    if raw is None or bytes(raw) == _NULL:
        if endpoint is Endpoint.RESPONSES:
            # The provider may have it: a stored prompt, or the response before.
            return size
        raise ParameterWrong(f"'{name}' is missing.", param=name)
    content = bytes(raw)
    try:
        given = decode(content)
    except msgspec.ValidationError as error:
        raise _wrong(name, error) from error
    if not given:
        raise ParameterWrong(f"'{name}' is empty.", param=name)
    return len(content) + size


def _wrong(name: str, error: msgspec.ValidationError) -> AppError:
    """Turn msgspec's `Expected … - at `$[1].role`` into a message and a path."""
    reason, _, path = str(error).partition(" - at ")
    param = name + path.strip("`").removeprefix("$")
    return ParameterWrong(f"'{param}': {reason}.", param=param)


def _string(body: dict[str, Raw], name: str, limit: int) -> str:
    raw = body.get(name)
    if raw is None or bytes(raw) == _NULL:
        return ""
    try:
        text = _text(raw)
    except msgspec.ValidationError as error:
        raise _wrong(name, error) from error
    if len(text) > limit:
        raise ParameterWrong(f"'{name}' is longer than {limit} characters.", param=name)
    return text


def _boolean(body: dict[str, Raw], name: str) -> bool:
    raw = body.get(name)
    if raw is None or bytes(raw) == _NULL:
        return False
    try:
        return _flag(raw)
    except msgspec.ValidationError as error:
        raise _wrong(name, error) from error


def _wants_usage(body: dict[str, Raw]) -> bool:
    raw = body.get("stream_options")
    if raw is None or bytes(raw) == _NULL:
        return False
    try:
        return bool(_options(raw).include_usage)
    except msgspec.ValidationError as error:
        raise _wrong("stream_options", error) from error


def _choices(body: dict[str, Raw]) -> int:
    if bytes(body["n"]) == _NULL:
        return 1
    try:
        count = _count(body["n"])
    except msgspec.ValidationError as error:
        raise _wrong("n", error) from error
    if not 1 <= count <= MOST_CHOICES:
        raise ParameterWrong(f"'n' must lie between 1 and {MOST_CHOICES}.", param="n")
    return count


def _labels(body: dict[str, Raw], headers: Headers) -> tuple[str | None, str | None, bytes | None]:
    """Find user, conversation and metadata; a header goes before a field."""
    user = _header(headers, b"x-hone-user") or _field(body.get("user"))
    conversation = _header(headers, b"x-hone-conversation-id")
    metadata = _metadata(headers.get(b"x-hone-metadata"), body.get("metadata"))
    if metadata is None:
        return user, conversation, None
    inside = metadata.get("user_id")
    if user is None and isinstance(inside, str):
        user = clean(inside, LONGEST_NAME)
    if conversation is None:
        inside = metadata.get("conversation_id")
        conversation = clean(inside, LONGEST_NAME) if isinstance(inside, str) else None
    return user, conversation, _encode(metadata)


def _header(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return clean(value.decode("utf-8", "replace"), LONGEST_NAME) if value else None


def _field(raw: Raw | None) -> str | None:
    """Read `user` where it is a text; another type is the provider's to refuse."""
    content = b"" if raw is None else bytes(raw)
    return clean(_text(content), LONGEST_NAME) if content.startswith(b'"') else None


def _metadata(header: bytes | None, field: Raw | None) -> dict[str, object] | None:
    name = "metadata" if header is None else "x-hone-metadata"
    content = header if header is not None else bytes(field or b"")
    if not content or content == _NULL:
        return None
    if len(content) > LONGEST_METADATA:
        raise ParameterWrong(f"'{name}' is longer than {LONGEST_METADATA} bytes.", param=name)
    try:
        value: object = _value(mend(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParameterWrong(f"'{name}' is not a JSON object.", param=name) from error
    if not isinstance(value, dict):
        raise ParameterWrong(f"'{name}' is not a JSON object.", param=name)
    return {clean(key): _tidy(each) for key, each in cast("dict[str, object]", value).items()}


def _tidy(value: object) -> object:
    """Take out of JSON what PostgreSQL's jsonb does not hold."""
    match value:
        case str():
            return clean(value)
        case list():
            return [_tidy(each) for each in cast("list[object]", value)]
        case dict():
            entries = cast("dict[str, object]", value).items()
            return {clean(key): _tidy(each) for key, each in entries}
        case _:
            return value

"""A stored call in the words of a chat, whatever format it was made in."""

from collections.abc import Iterable, Sequence
from typing import cast

import msgspec

from hone.gateway.contents import Content
from hone.gateway.transcript import Object, assemble
from hone.llm import sse
from hone.llm.errors import ProviderError
from hone.llm.formats import chat, messages
from hone.llm.formats.base import Body, Event
from hone.llm.neutral import Delta, Request
from hone.llm.providers.translating import CLIENTS
from hone.llm.types import Endpoint

Raw = msgspec.Raw
_body = msgspec.json.Decoder(dict[str, Raw]).decode
_plain = msgspec.json.Decoder(dict[str, object]).decode
_encode = msgspec.json.Encoder().encode

RETOLD = frozenset({Endpoint.COMPLETIONS, Endpoint.MESSAGES, Endpoint.RESPONSES})


def retell(endpoint: Endpoint, content: Content) -> list[Object] | None:
    """Return what was asked and answered as messages of a chat; None where that cannot be said."""
    try:
        body = _body(content.request)
        asked = _messages(CLIENTS[endpoint].read(body))
        return [*asked, *_ANSWERS[endpoint](content)] if content.answer else asked
    except (ProviderError, msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError):
        return None


def _messages(request: Request) -> list[Object]:
    written = cast("list[Object]", chat.OPENAI.write(request)["messages"])
    return [_plain(_encode(message)) for message in written]


def _message(content: Content) -> list[Object]:
    if content.kind == "json":
        told = _plain(chat.CLIENT.write(messages.PROVIDER.read(content.answer), {}))
    else:
        told = assemble(_rewritten(messages.PROVIDER.reader().feed(content.answer)))
    return _said(told)


def _rewritten(deltas: Iterable[Delta]) -> bytes:
    writer = chat.CLIENT.writer({})
    events: list[Event] = [event for delta in deltas for event in writer.write(delta)]
    return b"".join(event.raw for event in events)


def _completion(content: Content) -> list[Object]:
    if content.kind == "json":
        texts = [_plain(content.answer)]
    else:
        texts = [_plain(data) for data in _events(content.answer) if data != b"[DONE]"]
    written = "".join(str(choice.get("text") or "") for told in texts for choice in _choices(told))
    return [{"role": "assistant", "content": written}]


def _response(content: Content) -> list[Object]:
    """Read the output as if it were asked: a later turn would send it so."""
    response = _body(content.answer) if content.kind == "json" else _last(content.answer)
    body: Body = {"input": response.get("output", Raw(b"[]"))}
    return _messages(CLIENTS[Endpoint.RESPONSES].read(body))


def _last(stream: bytes) -> dict[str, Raw]:
    for data in reversed(_events(stream)):
        event = _body(data)
        if "response" in event:
            return _body(event["response"])
    return {}


def _events(stream: bytes) -> list[bytes]:
    events = sse.Splitter(limit=len(stream) + 1).feed(stream)
    return [event.data for event in events if event.data]


def _said(told: Object) -> list[Object]:
    return [cast("Object", choice["message"]) for choice in _choices(told) if "message" in choice]


def _choices(told: Object) -> Sequence[Object]:
    return cast("list[Object]", told.get("choices") or [])


_ANSWERS = {
    Endpoint.COMPLETIONS: _completion,
    Endpoint.MESSAGES: _message,
    Endpoint.RESPONSES: _response,
}

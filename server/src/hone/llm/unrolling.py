"""An answer that came whole although a stream was asked for, written as the stream that it was not."""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from hone.llm.formats import chat, messages, passing
from hone.llm.formats.base import ClientFormat, ProviderFormat, Stream
from hone.llm.formats.messages import streams
from hone.llm.formats.responses import passing as responses
from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
    Choice,
    Closed,
    Counted,
    Delta,
    Ended,
    Mused,
    Text,
    Thought,
    Wrote,
)
from hone.llm.types import Endpoint

Raw = msgspec.Raw
Object = dict[str, object]

_object = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.Encoder().encode


def deltas(answer: Answer) -> Iterator[Delta]:
    """Say an answer piece by piece."""
    yield Began(answer.id, answer.model)
    for index, choice in enumerate(answer.choices):
        yield from _pieces(choice, index)
        yield Ended(choice.finish, choice.sequence, index)
    if answer.usage is not None:
        yield Counted(answer.usage)
    yield Closed()


def _pieces(choice: Choice, index: int) -> Iterator[Delta]:
    calls = 0
    for part in choice.parts:
        match part:
            case Text():
                yield Wrote(part.text, index, choice.logprobs)
            case Thought():
                yield Mused(part.text, part.signature, part.sealed, index)
            case Asked():
                yield Called(calls, part.id, part.name, part.signature, index)
                yield Argued(calls, part.arguments, index)
                calls += 1
            case _:
                continue


def _rewritten(client: ClientFormat, vendor: ProviderFormat, body: bytes) -> bytes:
    writer = client.writer({})
    told = deltas(vendor.read(body))
    return b"".join(event.raw for delta in told for event in writer.write(delta))


def _chat(body: bytes) -> bytes:
    return _rewritten(chat.CLIENT, chat.OPENAI, body)


def _messages(body: bytes) -> bytes:
    return _rewritten(messages.CLIENT, messages.PROVIDER, body)


def _completion(body: bytes) -> bytes:
    """Write a completion as one chunk, and its usage as another."""
    whole = _object(body)
    usage = whole.pop("usage", None)
    events = [_encode(whole)]
    if usage is not None:
        events.append(_encode({**whole, "choices": Raw(b"[]"), "usage": usage}))
    return b"".join(b"data: %b\n\n" % data for data in (*events, b"[DONE]"))


def _response(body: bytes) -> bytes:
    """Write a response as its last event, which says all that the others would."""
    status = _object(body).get("status") or Raw(b'"completed"')
    name = "response." + msgspec.json.decode(status, type=str)
    data = _encode({"type": name, "sequence_number": 0, "response": Raw(body)})
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


_UNROLLED: Final[dict[Endpoint, Callable[[bytes], bytes]]] = {
    Endpoint.CHAT: _chat,
    Endpoint.COMPLETIONS: _completion,
    Endpoint.MESSAGES: _messages,
    Endpoint.RESPONSES: _response,
}
_STREAMS: Final[dict[Endpoint, Callable[[], Stream]]] = {
    Endpoint.CHAT: passing.chat_stream,
    Endpoint.COMPLETIONS: passing.chat_stream,
    Endpoint.MESSAGES: streams.MessagesPassing,
    Endpoint.RESPONSES: responses.stream,
}


def unroll(endpoint: Endpoint, body: bytes) -> tuple[Stream, bytes]:
    """Write an answer, which is in the client's format, as a stream; say how that is read."""
    # A line end would end the event.
    line = msgspec.json.format(body, indent=-1)
    return _STREAMS[endpoint](), _UNROLLED[endpoint](line)

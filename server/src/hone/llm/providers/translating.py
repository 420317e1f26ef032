"""From a client's format to a vendor's and back, through the neutral form."""

from collections.abc import Mapping
from typing import Final

import msgspec

from hone.llm.errors import ProviderError, Unsupported
from hone.llm.formats import chat, completions, messages, responses
from hone.llm.formats.base import Body, ClientFormat, Event, Piece, ProviderFormat, Reply
from hone.llm.neutral import Asked, Choice, Closed, Request, Text, Thought
from hone.llm.types import Endpoint

CLIENTS: Final[Mapping[Endpoint, ClientFormat]] = {
    Endpoint.CHAT: chat.CLIENT,
    Endpoint.COMPLETIONS: completions.CLIENT,
    Endpoint.MESSAGES: messages.CLIENT,
    Endpoint.RESPONSES: responses.CLIENT,
}


def request(
    endpoint: Endpoint, body: Body, spoken: ProviderFormat
) -> tuple[dict[str, object], Request, tuple[str, ...]]:
    """Write a client's request in a vendor's format; tell what of it the vendor does not have."""
    asked = _client(endpoint).read(body)
    drawn = msgspec.structs.asdict(asked.sampling)
    lost = tuple(
        name for name, value in drawn.items() if value is not None and name not in spoken.draws
    )
    if asked.parallel is False and asked.tools and not spoken.serial:
        lost = ("parallel_tool_calls", *lost)
    return spoken.write(asked), asked, asked.dropped + lost


def reply(endpoint: Endpoint, asked: Body, body: bytes, spoken: ProviderFormat) -> Reply:
    """Write a vendor's answer in the client's format."""
    answer = spoken.read(body)
    finish = next((choice.finish.value for choice in answer.choices), None)
    size = sum(map(_size, answer.choices))
    return Reply(answer.usage, finish, size, _client(endpoint).write(answer, asked))


def _client(endpoint: Endpoint) -> ClientFormat:
    client = CLIENTS.get(endpoint)
    if client is None:
        raise Unsupported(f"This model's provider has no /{endpoint.value}.", param="model")
    return client


def _size(choice: Choice) -> int:
    size = 0
    for part in choice.parts:
        match part:
            case Text() | Thought():
                size += len(part.text.encode())
            case Asked():
                size += len(part.name.encode()) + len(part.arguments.encode())
            case _:
                pass
    return size


class Translating:
    """A stream that is read in one format and written in another."""

    __slots__ = ("_reader", "_writer")

    def __init__(self, endpoint: Endpoint, asked: Body, spoken: ProviderFormat) -> None:
        self._reader = spoken.reader()
        self._writer = _client(endpoint).writer(asked)

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes."""
        events: list[Event] = []
        try:
            for delta in self._reader.feed(chunk):
                events.extend(self._writer.write(delta))
        except ProviderError as error:
            events.append(Event(b"", Piece(error=error)))
        return events

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        return b""

    def close(self) -> list[Event]:
        """End a complete answer whose vendor has not said that nothing follows."""
        return list(self._writer.write(Closed()))

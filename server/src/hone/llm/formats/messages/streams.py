"""A stream of Anthropic's Messages, read from the vendor, to be translated or passed on."""

from collections.abc import Iterator

import msgspec

from hone.llm import sse
from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Event, Piece, Raw
from hone.llm.formats.messages import answers, shapes, writing
from hone.llm.formats.passing import read_each
from hone.llm.neutral import (
    Argued,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Mused,
    Wrote,
)
from hone.llm.sse import Splitter, TooLong
from hone.llm.types import Usage


class _Delta(msgspec.Struct, gc=False):
    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    partial_json: str | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Message(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    usage: answers.Counts | None = None


class _Told(msgspec.Struct, gc=False):
    type: str
    index: int = 0
    message: _Message | None = None
    content_block: shapes.Block | None = None
    delta: _Delta | None = None
    usage: answers.Counts | None = None
    error: Raw = shapes.NOTHING


_decode = msgspec.json.Decoder(_Told).decode
_FIELDS = answers.Counts.__struct_fields__


class _Counting:
    """Puts the counts of a stream together: its end tells only what has changed."""

    def __init__(self) -> None:
        self._counts = answers.Counts()

    def add(self, told: answers.Counts | None) -> Usage | None:
        if told is None:
            return None
        for name in _FIELDS:
            value = getattr(told, name)
            if value is not None:
                setattr(self._counts, name, value)
        return answers.usage(self._counts)


class MessagesReader:
    """Reads events; calls of tools are counted apart from other blocks."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._counting = _Counting()
        self._calls: dict[int, int] = {}

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says."""
        for event in _split(self._splitter, chunk):
            if event.data:
                yield from self._read(openai.read(_decode, event.data))

    def _read(self, told: _Told) -> Iterator[Delta]:
        match told.type:
            case "message_start":
                message = told.message or _Message()
                usage = self._counting.add(message.usage)
                yield Began(message.id or "", message.model or "", usage)
            case "content_block_start" if told.content_block is not None:
                yield from self._started(told.index, told.content_block)
            case "content_block_delta" if told.delta is not None:
                yield from self._more(told.index, told.delta)
            case "message_delta":
                usage = self._counting.add(told.usage)
                yield from _ended(told.delta)
                if usage is not None:
                    yield Counted(usage)
            case "message_stop":
                yield Closed()
            case "error":
                raise refusals.of_error(0, told.error)
            case _:
                return

    def _started(self, index: int, block: shapes.Block) -> Iterator[Delta]:
        match block.type:
            case "text" if block.text:
                yield Wrote(block.text)
            case "redacted_thinking":
                yield Mused(sealed=block.data or "")
            case "tool_use":
                call = self._calls[index] = len(self._calls)
                yield Called(call, block.id or "", block.name or "")
            case _:
                return

    def _more(self, index: int, delta: _Delta) -> Iterator[Delta]:
        if delta.text:
            yield Wrote(delta.text)
        if delta.thinking or delta.signature:
            yield Mused(delta.thinking or "", delta.signature or "")
        if delta.partial_json and index in self._calls:
            yield Argued(self._calls[index], delta.partial_json)


def _ended(delta: _Delta | None) -> Iterator[Delta]:
    if delta is not None and delta.stop_reason is not None:
        yield Ended(answers.FINISHES.get(delta.stop_reason, Finish.STOP), delta.stop_sequence)


class MessagesPassing:
    """Passes events on as they came, and reads of each what the gateway must know."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._counting = _Counting()

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes."""
        return read_each(self._splitter, chunk, self._piece)

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        return self._splitter.rest()

    def close(self) -> list[Event]:
        """End a stream that its vendor has not ended."""
        return [writing.event("message_stop", {}, Piece(done=True))]

    def _piece(self, data: bytes) -> Piece:
        told = openai.read(_decode, data)
        match told.type:
            case "message_start":
                usage = self._counting.add(told.message.usage if told.message else None)
                return Piece(begun=usage)
            case "message_delta":
                usage = self._counting.add(told.usage)
                reason = told.delta.stop_reason if told.delta else None
                return Piece(finished=(reason,) if reason else (), usage=usage)
            case "message_stop":
                return Piece(done=True)
            case "error":
                return Piece(error=refusals.of_error(0, told.error))
            case _:
                return Piece(_size(told))


def _size(told: _Told) -> int:
    block, delta = told.content_block, told.delta
    if block is not None:
        return len((block.name or block.text or "").encode())
    if delta is None:
        return 0
    return len((delta.text or delta.thinking or delta.partial_json or "").encode())


def _split(splitter: Splitter, chunk: bytes) -> list[sse.Event]:
    try:
        return splitter.feed(chunk)
    except TooLong as error:
        raise Malformed from error

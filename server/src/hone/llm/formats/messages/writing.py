"""A stream of Anthropic's Messages, written for a client."""

from collections.abc import Iterable, Iterator

import msgspec

from hone.llm.formats.base import Body, Event, Piece
from hone.llm.formats.messages import answers
from hone.llm.neutral import (
    Argued,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Mused,
    Wrote,
)
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode


class MessagesWriter:
    """Writes events as Anthropic does: blocks one after the other, the reason to stop at last."""

    def __init__(self, asked: Body) -> None:
        del asked
        self._index = -1
        self._open: str | None = None
        """The kind of the open block; of a call also its index."""
        self._usage = Usage()
        self._ended: Ended | None = None

    def write(self, delta: Delta) -> Iterable[Event]:
        """Write one more piece of the answer."""
        match delta:
            case Began():
                yield self._begun(delta)
            case Ended():
                yield from self._end(delta)
            case Counted(usage=usage):
                self._usage = usage
            case Closed():
                yield from self._closed()
            case _:
                yield from self._content(delta)

    def _content(self, delta: Wrote | Mused | Called | Argued) -> Iterator[Event]:
        match delta:
            case Wrote(text=text):
                yield from self._block("text", {"type": "text", "text": ""})
                yield self._more({"type": "text_delta", "text": text}, text)
            case Mused():
                yield from self._mused(delta)
            case Called():
                nothing: Object = {}
                block: Object = {"type": "tool_use", "id": delta.id, "name": delta.name}
                yield from self._block(f"call {delta.index}", block | {"input": nothing})
            case Argued(text=text):
                yield self._more({"type": "input_json_delta", "partial_json": text}, text)

    def _begun(self, delta: Began) -> Event:
        used = delta.usage or Usage()
        message: Object = {
            "id": delta.id,
            "type": "message",
            "role": "assistant",
            "model": delta.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": answers.counts(used),
        }
        return event("message_start", {"message": message}, Piece(begun=delta.usage))

    def _mused(self, delta: Mused) -> Iterator[Event]:
        if delta.sealed:
            block: Object = {"type": "redacted_thinking", "data": delta.sealed}
            yield from self._block("sealed", block)
            return
        yield from self._block("thinking", {"type": "thinking", "thinking": "", "signature": ""})
        if delta.text:
            yield self._more({"type": "thinking_delta", "thinking": delta.text}, delta.text)
        if delta.signature:
            yield self._more({"type": "signature_delta", "signature": delta.signature}, "")

    def _block(self, kind: str, start: Object) -> Iterator[Event]:
        """Open a block, and close the one before, unless it is of this kind."""
        if self._open == kind and kind != "sealed":
            return
        yield from self._stop()
        self._open = kind
        self._index += 1
        body: Object = {"index": self._index, "content_block": start}
        yield event("content_block_start", body, Piece())

    def _more(self, delta: Object, text: str) -> Event:
        body: Object = {"index": max(self._index, 0), "delta": delta}
        return event("content_block_delta", body, Piece(len(text.encode())))

    def _stop(self) -> Iterator[Event]:
        if self._open is not None:
            yield event("content_block_stop", {"index": self._index}, Piece())
        self._open = None

    def _end(self, delta: Ended) -> Iterator[Event]:
        """Close the last block; the usage that belongs to the end may still come."""
        if delta.choice:
            return
        yield from self._stop()
        self._ended = delta
        yield Event(b"", Piece(finished=(answers.reason(delta.finish, delta.sequence),)))

    def _closed(self) -> Iterator[Event]:
        ended = self._ended
        if ended is not None:
            reason = answers.reason(ended.finish, ended.sequence)
            stop = {"stop_reason": reason, "stop_sequence": ended.sequence}
            told = answers.counts(self._usage)
            # A whole answer tells for how long; the last event of a stream does not.
            del told["cache_creation"]
            body: Object = {"delta": stop, "usage": told}
            yield event("message_delta", body, Piece(usage=self._usage))
        yield event("message_stop", {}, Piece(done=True))


def event(name: str, body: Object, piece: Piece) -> Event:
    """Write one event, whose name stands in its data too."""
    data = _encode({"type": name, **body})
    return Event(b"event: %b\ndata: %b\n\n" % (name.encode(), data), piece, data)

"""A stream of OpenAI's Responses, written for a client (API reference, "Streaming events")."""

import time
from collections.abc import Iterable, Iterator

import msgspec

from hone.llm.formats.base import Body, Event, Piece
from hone.llm.formats.responses import answers
from hone.llm.neutral import (
    Argued,
    Asked,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Mused,
    Part,
    Text,
    Thought,
    Wrote,
)
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode
_NOTHING: list[object] = []


class ResponsesWriter:
    """Writes one item after the other: added, its pieces, done; the whole response at the end."""

    def __init__(self, asked: Body) -> None:
        self._asked = asked
        self._frame: Object = {}
        self._key = ""
        self._sequence = -1
        self._open: Part | None = None
        self._call = -1
        self._items: list[Object] = []
        self._finish = Finish.STOP
        self._usage: Usage | None = None

    def write(self, delta: Delta) -> Iterable[Event]:
        """Write one more piece of the answer."""
        match delta:
            case Began():
                yield from self._begun(delta)
            case Ended(finish=finish):
                yield from self._close()
                self._finish = finish
                yield Event(b"", Piece(finished=(finish.value,)))
            case Counted(usage=usage):
                self._usage = usage
            case Closed():
                yield self._closed()
            case _:
                yield from self._content(delta)

    def _content(self, delta: Wrote | Mused | Called | Argued) -> Iterator[Event]:
        match delta:
            case Wrote():
                yield from self._wrote(delta.text)
            case Mused():
                yield from self._mused(delta)
            case Called():
                yield from self._called(delta)
            case Argued():
                yield from self._argued(delta.text)

    def _begun(self, delta: Began) -> Iterator[Event]:
        self._key = delta.id
        self._frame = answers.frame(delta.id, delta.model, int(time.time()), self._asked)
        yield self._event("response.created", {"response": self._frame}, Piece(begun=delta.usage))
        yield self._event("response.in_progress", {"response": self._frame})

    def _wrote(self, text: str) -> Iterator[Event]:
        if not isinstance(self._open, Text):
            yield from self._add(Text(""))
            yield self._event(
                "response.content_part.added", self._place() | {"part": answers.OUTPUT_TEXT}
            )
        assert isinstance(self._open, Text)
        self._open = Text(self._open.text + text)
        body: Object = self._place() | {"delta": text, "logprobs": _NOTHING}
        yield self._event("response.output_text.delta", body, Piece(len(text.encode())))

    def _mused(self, delta: Mused) -> Iterator[Event]:
        if not isinstance(self._open, Thought):
            yield from self._add(Thought())
        assert isinstance(self._open, Thought)
        before = self._open
        text = before.text + delta.text
        sealed = delta.sealed or before.sealed
        self._open = Thought(text, delta.signature or before.signature, sealed)
        if delta.text:
            body: Object = self._place() | {"delta": delta.text}
            size = len(delta.text.encode())
            yield self._event("response.reasoning_text.delta", body, Piece(size))

    def _called(self, delta: Called) -> Iterator[Event]:
        yield from self._add(Asked(delta.id, delta.name, ""), Piece(len(delta.name.encode())))

    def _argued(self, text: str) -> Iterator[Event]:
        call = self._open
        if not isinstance(call, Asked):
            return
        self._open = Asked(call.id, call.name, call.arguments + text)
        body: Object = self._item_place() | {"delta": text}
        piece = Piece(len(text.encode()))
        yield self._event("response.function_call_arguments.delta", body, piece)

    def _add(self, part: Part, piece: Piece | None = None) -> Iterator[Event]:
        """Begin an item, after the end of the one before."""
        yield from self._close()
        self._open = part
        added: Object = {"output_index": self._index(), "item": self._item("in_progress")}
        yield self._event("response.output_item.added", added, piece)

    def _close(self) -> Iterator[Event]:
        """End the open item."""
        if self._open is None:
            return
        yield from self._done(self._open)
        done = self._item("completed")
        body: Object = {"output_index": self._index(), "item": done}
        yield self._event("response.output_item.done", body)
        self._items.append(done)
        self._open = None

    def _done(self, part: Part) -> Iterator[Event]:
        match part:
            case Text(text=text):
                body: Object = self._place() | {"text": text, "logprobs": _NOTHING}
                yield self._event("response.output_text.done", body)
                whole: Object = self._place() | {"part": answers.OUTPUT_TEXT | {"text": text}}
                yield self._event("response.content_part.done", whole)
            case Thought(text=text) if text:
                body = self._place() | {"text": text}
                yield self._event("response.reasoning_text.done", body)
            case Asked():
                body = self._item_place() | {"arguments": part.arguments, "name": part.name}
                yield self._event("response.function_call_arguments.done", body)
            case _:
                return

    def _closed(self) -> Event:
        used = self._usage or Usage()
        end = answers.ended(self._finish)
        whole = {**self._frame, **end, "output": self._items, "usage": answers.usage(used)}
        body: Object = {"response": whole}
        return self._event(f"response.{end['status']}", body, Piece(usage=self._usage, done=True))

    def _index(self) -> int:
        return len(self._items)

    def _item(self, status: str) -> Object:
        assert self._open is not None
        return answers.item(self._open, f"{self._key}_{self._index()}", status)

    def _item_place(self) -> Object:
        return {"item_id": self._item("")["id"], "output_index": self._index()}

    def _place(self) -> Object:
        return self._item_place() | {"content_index": 0}

    def _event(self, name: str, body: Object, piece: Piece | None = None) -> Event:
        self._sequence += 1
        data = _encode({"type": name, "sequence_number": self._sequence, **body})
        raw = b"event: %b\ndata: %b\n\n" % (name.encode(), data)
        return Event(raw, piece or Piece(), data)

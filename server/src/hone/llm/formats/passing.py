"""OpenAI's answers, passed on byte for byte: of each is read what the gateway must know."""

from collections.abc import Callable
from typing import Final

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Event, Piece, Reply, Stream
from hone.llm.sse import Splitter, TooLong

Raw = msgspec.Raw
_DONE: Final = Piece(done=True)


def read_each(splitter: Splitter, chunk: bytes, read: Callable[[bytes], Piece]) -> list[Event]:
    """Read the events that a chunk completes, up to the end or to what cannot be read."""
    passed: list[Event] = []
    try:
        for raw, data, _ in splitter.feed(chunk):
            if data is None:
                passed.append(Event(raw))
                continue
            piece = read(data)
            passed.append(Event(raw, piece, data))
            if piece.done:
                break
    except TooLong:
        passed.append(Event(b"", Piece(error=Malformed())))
    except Malformed as error:
        passed.append(Event(b"", Piece(error=error)))
    return passed


class Passing:
    """A stream whose events stay as they came."""

    __slots__ = ("_piece", "_splitter")

    def __init__(self, piece: Callable[[bytes], Piece]) -> None:
        self._splitter = Splitter()
        self._piece = piece

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes."""
        return read_each(self._splitter, chunk, self._piece)

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        return self._splitter.rest()

    def close(self) -> list[Event]:
        """End a complete answer; `[DONE]` is the gateway's to write."""
        return []


def chat_stream() -> Stream:
    """Pass a chat completion's chunks on, or a completion's."""
    return Passing(_chunk)


def chat_reply(body: bytes) -> Reply:
    """Read a chat completion, or a completion."""
    answer = openai.read(openai.answer, body)
    _accept(answer.error, there=bool(answer.choices))
    usage, finish, size = openai.usage(answer.usage), None, 0
    for choice in answer.choices or ():
        finish = finish or choice.finish_reason
        if usage is None:
            size += openai.size(choice.message) + openai.text_size(choice.text)
    return Reply(usage, finish, size, body)


def vectors_reply(body: bytes) -> Reply:
    """Read embeddings."""
    vectors = openai.read(openai.vectors, body)
    _accept(vectors.error, there=openai.given(vectors.data))
    return Reply(openai.usage(vectors.usage), None, 0, body)


def _chunk(data: bytes) -> Piece:
    if data == b"[DONE]":
        return _DONE
    answer = openai.read(openai.answer, data)
    if openai.given(answer.error):
        return Piece(error=refusals.of_error(0, answer.error))
    usage = openai.usage(answer.usage)
    if usage is None and answer.x_groq is not None:
        usage = openai.usage(answer.x_groq.usage)
    choices = answer.choices or ()
    size, finished = 0, ()
    for choice in choices:
        size += openai.size(choice.delta) + openai.text_size(choice.text)
        if choice.finish_reason:
            finished += (choice.finish_reason,)
    return Piece(size, finished, usage, None, usage is not None and not choices)


def _accept(error: Raw, *, there: bool) -> None:
    """Let an answer pass that is one; some vendors send their errors with status 200."""
    if openai.given(error):
        raise refusals.of_error(0, error)
    if not there:
        raise Malformed

"""Ollama's answer, whole or line by line: both have the same shape."""

from collections.abc import Iterator

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Raw
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
    Finish,
    Mused,
    Part,
    Text,
    Thought,
    Wrote,
)
from hone.llm.sse import LONGEST
from hone.llm.types import Usage

_NOTHING = Raw(b"")


class _Function(msgspec.Struct, gc=False):
    name: str = ""
    arguments: Raw = _NOTHING


class _Call(msgspec.Struct, gc=False):
    function: _Function
    id: str | None = None


class _Message(msgspec.Struct, gc=False):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[_Call] | None = None


class Counts(msgspec.Struct, gc=False):
    """Token counts, as an answer of any kind tells them."""

    prompt_eval_count: int | None = None
    eval_count: int | None = None


class _Told(Counts, gc=False):
    model: str | None = None
    created_at: str | None = None
    message: _Message | None = None
    done: bool = False
    done_reason: str | None = None
    error: Raw = _NOTHING


_decode = msgspec.json.Decoder(_Told).decode


def read(body: bytes) -> Answer:
    """Read the server's answer."""
    told = _read(body)
    if told.message is None:
        raise Malformed
    parts = tuple(_parts(told.message, told, 0))
    called = any(isinstance(part, Asked) for part in parts)
    choice = Choice(parts, _finish(told.done_reason, called=called))
    return Answer((choice,), usage(told), _id(told), told.model or "")


def usage(told: Counts) -> Usage | None:
    """Read token counts; None where there are none that make sense."""
    if told.prompt_eval_count is None and told.eval_count is None:
        return None
    prompt, written = told.prompt_eval_count or 0, told.eval_count or 0
    return None if min(prompt, written) < 0 else Usage(prompt, written)


def _read(body: bytes) -> _Told:
    told = openai.read(_decode, body)
    if openai.given(told.error):
        raise refusals.of_error(0, told.error)
    return told


def _id(told: _Told) -> str:
    """Make an answer's id of the moment when it was made; Ollama gives none."""
    return f"ollama-{''.join(filter(str.isdigit, told.created_at or ''))}"


def _parts(message: _Message, told: _Told, calls: int) -> Iterator[Part]:
    """Read what a message says, after so many calls before it."""
    if message.thinking:
        yield Thought(message.thinking)
    if message.content:
        yield Text(message.content)
    for at, call in enumerate(message.tool_calls or (), calls):
        function = call.function
        given = bytes(function.arguments)
        arguments = msgspec.json.format(given, indent=-1) if given else b"{}"
        made_up = f"call_{_id(told)}_{at}"
        yield Asked(call.id or made_up, function.name, arguments.decode())


def _finish(reason: str | None, *, called: bool) -> Finish:
    if reason == "length":
        return Finish.LENGTH
    return Finish.TOOL_CALLS if called else Finish.STOP


class OllamaReader:
    """Reads lines of JSON; calls come whole, and the line that is done is the last."""

    def __init__(self) -> None:
        self._rest = b""
        self._began = False
        self._calls = 0

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield from self._line(line)
        if len(self._rest) > LONGEST:
            raise Malformed

    def _line(self, line: bytes) -> Iterator[Delta]:
        told = _read(line)
        if not self._began:
            self._began = True
            yield Began(_id(told), told.model or "")
        for part in _parts(told.message or _Message(), told, self._calls):
            match part:
                case Text(text=text):
                    yield Wrote(text)
                case Thought(text=text):
                    yield Mused(text)
                case Asked():
                    yield Called(self._calls, part.id, part.name)
                    yield Argued(self._calls, part.arguments)
                    self._calls += 1
                case _:
                    continue
        if told.done:
            yield Ended(_finish(told.done_reason, called=self._calls > 0))
            counted = usage(told)
            if counted is not None:
                yield Counted(counted)
            yield Closed()

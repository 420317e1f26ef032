"""A chat completion's stream: chunks written for a client and read from a vendor."""

import time
from collections.abc import Iterable, Iterator

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Body, Event, Piece, Raw
from hone.llm.formats.chat import answers, shapes
from hone.llm.neutral import (
    Argued,
    Asked,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Mused,
    Thought,
    Wrote,
)
from hone.llm.sse import Splitter, TooLong

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode


class ChatWriter:
    """Writes chunks as OpenAI does; what the gateway holds back it finds by the pieces."""

    def __init__(self, asked: Body) -> None:
        del asked
        self._head: Object = {"id": "", "object": "chat.completion.chunk"}
        self._spoken: set[int] = set()
        self._thought = ""

    def write(self, delta: Delta) -> Iterable[Event]:
        """Write one more piece of the answer."""
        match delta:
            case Began(id=id_, model=model, usage=usage):
                self._head |= {"id": id_, "created": int(time.time()), "model": model}
                yield self._chunk(0, {"content": ""}, Piece(begun=usage))
            case Wrote():
                logprobs = Raw(delta.logprobs) if bytes(delta.logprobs) else None
                yield self._said(delta.choice, {"content": delta.text}, delta.text, logprobs)
            case Mused():
                yield from self._mused(delta)
            case Called() | Argued():
                yield self._asked(delta)
            case Ended():
                reason = delta.finish.value
                yield self._chunk(delta.choice, {}, Piece(finished=(reason,)), reason)
            case Counted(usage=usage):
                tail: Object = {"choices": [], "usage": answers.usage(usage)}
                yield _event(self._head | tail, Piece(usage=usage, bare=True))
            case Closed():
                yield Event(b"data: [DONE]\n\n", Piece(done=True))

    def _mused(self, delta: Mused) -> Iterator[Event]:
        if delta.text:
            self._thought += delta.text
            yield self._said(delta.choice, {"reasoning_content": delta.text}, delta.text)
        if delta.signature or delta.sealed:
            block = answers.block(Thought(self._thought, delta.signature, delta.sealed))
            self._thought = ""
            yield self._chunk(delta.choice, {"thinking_blocks": [block]}, Piece())

    def _asked(self, delta: Called | Argued) -> Event:
        if isinstance(delta, Argued):
            more = {"index": delta.index, "function": {"arguments": delta.text}}
            return self._said(delta.choice, {"tool_calls": [more]}, delta.text)
        call = answers.call(Asked(delta.id, delta.name, "", delta.signature))
        return self._said(delta.choice, {"tool_calls": [{"index": delta.index} | call]}, delta.name)

    def _said(self, choice: int, delta: Object, text: str, logprobs: Raw | None = None) -> Event:
        return self._chunk(choice, delta, Piece(len(text.encode())), None, logprobs)

    def _chunk(
        self,
        choice: int,
        delta: Object,
        piece: Piece,
        finish: str | None = None,
        logprobs: Raw | None = None,
    ) -> Event:
        if choice not in self._spoken:
            self._spoken.add(choice)
            delta = {"role": "assistant", **delta}
        told: Object = {"index": choice, "delta": delta, "logprobs": logprobs}
        return _event(self._head | {"choices": [told | {"finish_reason": finish}]}, piece)


def _event(body: Object, piece: Piece) -> Event:
    data = _encode(body)
    return Event(b"data: %b\n\n" % data, piece, data)


class _Delta(msgspec.Struct, gc=False):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    """OpenRouter's and vLLM's name."""
    tool_calls: list[shapes.ToolCall] | None = None


class _Choice(msgspec.Struct, gc=False):
    index: int = 0
    delta: _Delta | None = None
    finish_reason: str | None = None
    logprobs: Raw = shapes.NOTHING


class _Chunk(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: Raw = shapes.NOTHING
    error: Raw = shapes.NOTHING
    x_groq: openai.Side | None = None


_decode = msgspec.json.Decoder(_Chunk).decode


class ChatReader:
    """Reads chunks; a call of a tool begins with its first piece."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._began = False
        self._calls: set[tuple[int, int]] = set()

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says."""
        try:
            events = self._splitter.feed(chunk)
        except TooLong as error:
            raise Malformed from error
        for event in events:
            if event.data:
                yield from self._read(event.data)

    def _read(self, data: bytes) -> Iterator[Delta]:
        if data == b"[DONE]":
            yield Closed()
            return
        told = openai.read(_decode, data)
        if openai.given(told.error):
            raise refusals.of_error(0, told.error)
        if not self._began:
            self._began = True
            yield Began(told.id or "", told.model or "")
        for choice in told.choices or ():
            yield from self._choice(choice)
        usage = openai.usage(told.usage)
        if usage is None and told.x_groq is not None:
            usage = openai.usage(told.x_groq.usage)
        if usage is not None:
            yield Counted(usage)

    def _choice(self, choice: _Choice) -> Iterator[Delta]:
        delta, index = choice.delta or _Delta(), choice.index
        thought = delta.reasoning_content or delta.reasoning
        if thought:
            yield Mused(thought, choice=index)
        text = delta.content or delta.refusal
        if text:
            logprobs = choice.logprobs if openai.given(choice.logprobs) else shapes.NOTHING
            yield Wrote(text, index, logprobs)
        for at, call in enumerate(delta.tool_calls or ()):
            yield from self._call(index, call, at)
        if choice.finish_reason:
            yield Ended(answers.finish(choice.finish_reason), choice=index)

    def _call(self, choice: int, call: shapes.ToolCall, at: int) -> Iterator[Delta]:
        index = at if call.index is None else call.index
        function = call.function or shapes.Function()
        if (choice, index) not in self._calls:
            self._calls.add((choice, index))
            extra = call.extra_content
            signature = (extra.google.thought_signature or "") if extra and extra.google else ""
            yield Called(index, call.id or "", function.name or "", signature, choice)
        if function.arguments:
            yield Argued(index, function.arguments, choice)

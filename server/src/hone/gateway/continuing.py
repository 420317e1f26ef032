"""An answer that broke off on its way, gone on with by another attempt within the same stream.

The client keeps what it has. A model that is known to take a prefill is asked for the rest, and its
events are told as if the first model had gone on: the same id, one role, one finish reason, and the
usage of all attempts. What was asked for in a form that a second model cannot take up in the middle
(a tool's arguments, a thought, JSON by a schema, several choices) is not gone on with.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from hone.gateway.breaker import Breaker
from hone.gateway.operation import Operation
from hone.gateway.parsing import Ask
from hone.llm.errors import ProviderError, Rejected
from hone.llm.formats.base import Event, Stream
from hone.llm.sse import Splitter
from hone.llm.types import Endpoint, Target, Usage

log = logging.getLogger(__name__)

Raw = msgspec.Raw
_encode = msgspec.json.Encoder().encode
_object = msgspec.json.Decoder(dict[str, Raw]).decode
_list = msgspec.json.Decoder(list[Raw]).decode
_value = msgspec.json.Decoder().decode

_LENGTHS: Final = ("max_tokens", "max_completion_tokens")
_SHAPING: Final = ("response_format", "output_config", "output_format", "thinking", "logprobs")
"""With one of these an answer is more than its text."""
_NONE: Final = frozenset({b"", b"null", b"false"})
_WRONG: Final = frozenset({400, 422})
_PARAMETER: Final = re.compile(r"[.\[]")
SPARED: Final = 3600.0
"""For so many seconds a model that refused the beginning of an answer is not given one."""
_IDENTITY: Final = ("id", "created", "model", "system_fingerprint")
"""What all chunks of a chat completion have in common."""
_CONTINUED: Final = frozenset({Endpoint.CHAT, Endpoint.MESSAGES})


class _Choice(msgspec.Struct, gc=False):
    index: int = 0
    delta: dict[str, Any] = {}


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_Choice] = []


class _Block(msgspec.Struct, gc=False):
    type: str
    text: str = ""


class _Said(msgspec.Struct, gc=False):
    type: str
    index: int = 0
    content_block: _Block | None = None
    delta: _Block | None = None


class _Speaker(msgspec.Struct, gc=False):
    role: str


_chunk = msgspec.json.Decoder(_Chunk).decode
_said = msgspec.json.Decoder(_Said).decode
_speaker = msgspec.json.Decoder(_Speaker).decode


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the client has, and how the rest is asked for."""

    body: dict[str, Raw]
    """The client's request with the beginning of the answer as its last message."""
    owed: str
    """White space that the client has and the request has not: no vendor takes it at the end."""
    used: Usage
    """What the attempts took that wrote it."""
    identity: dict[str, Raw]
    """Of a chat completion's chunks."""
    block: int
    """Of a message: its last block, counted from 0."""
    open: bool
    """More may follow in that block."""


@dataclass(slots=True)
class _Delivered:
    """What was read out of a stream's events."""

    text: str = ""
    identity: dict[str, Raw] | None = None
    block: int = -1
    open: bool = False


def may(ask: Ask, targets: Sequence[tuple[Target, Breaker]], now: float) -> bool:
    """Tell whether anybody could go on with this answer."""
    if not ask.stream or ask.endpoint not in _CONTINUED or ask.choices != 1:
        return False
    return any(_takes(each, now) for each in targets) and not any(
        bytes(ask.body.get(name, b"")) not in _NONE for name in _SHAPING
    )


def able(targets: Sequence[tuple[Target, Breaker]], now: float) -> list[tuple[Target, Breaker]]:
    """Keep the targets that can go on with an answer."""
    return [each for each in targets if _takes(each, now) and each[1].available(now)]


def unable(error: ProviderError, planned: tuple[Target, Breaker], now: float) -> bool:
    """Tell whether a model refused the beginning and not what is asked; then it gets none for a while.

    Another model has taken what was asked. A request that is now called wrong, without the name of a
    parameter that is, is called so for its last message.
    """
    where = _PARAMETER.split(error.param or "messages")[0]
    if type(error) is not Rejected or error.upstream_status not in _WRONG or where != "messages":
        return False
    target, breaker = planned
    if breaker.spared_until <= now:
        log.warning("the model %s refused the beginning of an answer", target.model)
    breaker.spared_until = now + SPARED
    return True


def _takes(planned: tuple[Target, Breaker], now: float) -> bool:
    target, breaker = planned
    return target.profile.prefill and breaker.spared_until <= now


def begin(operation: Operation, before: Beginning | None = None) -> Beginning | None:
    """Return where another may go on from; None where nobody can."""
    ask, kept = operation.ask, operation.kept
    if not kept.continued or not kept.complete:
        return None
    used = operation.counted if before is None else before.used + operation.counted
    try:
        found = _READ[ask.endpoint](kept.whole())
        messages = _list(ask.body["messages"])
        spoken = not messages or _speaker(messages[-1]).role == "assistant"
    except msgspec.MsgspecError:
        return None
    text = "" if found is None or spoken else found.text.rstrip()
    if found is None or not text:
        return None
    last = Raw(_encode({"role": "assistant", "content": text}))
    body = {**ask.body, "messages": Raw(_encode([*messages, last]))}
    for name in _LENGTHS:
        if bytes(body.get(name, b"")) not in _NONE:
            # Four bytes make a token, as everywhere that nobody has told a count.
            left = _value(body[name]) - (len(text.encode()) + 3) // 4
            body[name] = Raw(_encode(max(left, 1)))
    owed = found.text[len(text) :]
    return Beginning(body, owed, used, found.identity or {}, found.block, found.open)


def _of_chat(delivered: bytes) -> _Delivered | None:
    found = _Delivered()
    parts: list[str] = []
    for event in Splitter().feed(delivered):
        if event.data is None:
            continue
        if found.identity is None:
            told = _object(event.data)
            found.identity = {name: told[name] for name in _IDENTITY if name in told}
        for choice in _chunk(event.data).choices:
            for name, value in choice.delta.items():
                if name == "content":
                    parts.append(value or "")
                elif name != "role" and value:
                    return None
    found.text = "".join(parts)
    return found


def _of_message(delivered: bytes) -> _Delivered | None:
    found = _Delivered()
    parts: list[str] = []
    for event in Splitter().feed(delivered):
        if event.data is None:
            continue
        said = _said(event.data)
        match said.type:
            case "content_block_start":
                if found.block >= 0 or said.content_block is None:
                    return None
                found.block, found.open = said.index, True
                inside = said.content_block
            case "content_block_delta":
                inside = said.delta
            case "content_block_stop":
                found.open = False
                continue
            case _:
                continue
        if inside is None or not inside.type.startswith("text"):
            return None
        parts.append(inside.text)
    found.text = "".join(parts)
    return found


_READ: Final = {Endpoint.CHAT: _of_chat, Endpoint.MESSAGES: _of_message}


class Spliced:
    """The rest of a stream, told as part of the first."""

    __slots__ = ("_beginning", "_opened", "_owed", "_shift", "_stream", "_write")

    def __init__(self, stream: Stream, endpoint: Endpoint, beginning: Beginning) -> None:
        self._stream = stream
        self._beginning = beginning
        self._owed = beginning.owed
        self._opened = False
        self._shift = 0
        self._write = self._chat if endpoint is Endpoint.CHAT else self._message

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes."""
        return [self._splice(event) for event in self._stream.feed(chunk)]

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        return self._stream.rest()

    def close(self) -> list[Event]:
        """End a complete answer whose vendor has not said that nothing follows."""
        return [self._splice(event) for event in self._stream.close()]

    def _splice(self, event: Event) -> Event:
        piece = event.piece
        if piece is None or piece.error is not None or not event.data.startswith(b"{"):
            return event
        return self._write(event)

    def _chat(self, event: Event) -> Event:
        """Write a chunk with the identity of the first; the role was told before."""
        piece = event.piece
        assert piece is not None
        if not (piece.size or piece.finished or piece.usage):
            return event._replace(raw=b"")
        told = _object(event.data) | self._beginning.identity
        choices: list[dict[str, Any]] = _value(told.get("choices", Raw(b"[]"))) or []
        for choice in choices:
            delta: dict[str, Any] = choice.get("delta") or {}
            delta.pop("role", None)
            if delta.get("content"):
                delta["content"] = self._pay(delta["content"])
        told["choices"] = Raw(_encode(choices))
        if piece.usage is not None:
            told["usage"] = Raw(_encode(_openai(self._beginning.used + piece.usage)))
        data = _encode(told)
        return event._replace(raw=b"data: %b\n\n" % data, data=data)

    def _message(self, event: Event) -> Event:
        """Write an event into the block that is open, or into those that follow it."""
        told: dict[str, Any] = _value(event.data)
        kind, before = told["type"], b""
        if kind == "message_start":
            return event._replace(raw=b"")
        if kind == "content_block_start" and not self._opened:
            self._opened = True
            last, text = self._beginning.block, told["content_block"].get("type") == "text"
            self._shift = last - told["index"] + (not (self._beginning.open and text))
            if self._beginning.open and text:
                return event._replace(raw=b"")
            if self._beginning.open:
                before = _event("content_block_stop", {"type": "content_block_stop", "index": last})
        if "index" in told:
            told["index"] += self._shift
        delta = told.get("delta")
        if delta and delta.get("text"):
            delta["text"] = self._pay(delta["text"])
        if event.piece is not None and event.piece.usage is not None:
            told["usage"] = _anthropic(self._beginning.used + event.piece.usage)
        return event._replace(raw=before + _event(kind, told), data=_encode(told))

    def _pay(self, text: str) -> str:
        """Leave out white space that the client has already."""
        owed, self._owed = self._owed, ""
        same = 0
        while same < min(len(owed), len(text)) and owed[same] == text[same]:
            same += 1
        if same == len(text):
            self._owed = owed[same:]
        return text[same:]


def _event(name: str, told: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(told))


def _openai(used: Usage) -> dict[str, object]:
    return {
        "prompt_tokens": used.input_tokens,
        "completion_tokens": used.output_tokens,
        "total_tokens": used.input_tokens + used.output_tokens,
        "prompt_tokens_details": {"cached_tokens": used.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": used.reasoning_tokens},
        "estimated": used.estimated,
    }


def _anthropic(used: Usage) -> dict[str, object]:
    return {
        "input_tokens": used.input_tokens - used.cached_tokens - used.written_tokens,
        "cache_read_input_tokens": used.cached_tokens,
        "cache_creation_input_tokens": used.written_tokens,
        "output_tokens": used.output_tokens,
        "estimated": used.estimated,
    }

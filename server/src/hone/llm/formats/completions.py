"""OpenAI's completions from before there were chats (API reference, "Completions"), asked in a chat."""

import time
from collections.abc import Iterable
from typing import Final

import msgspec

from hone.llm.errors import Unsupported
from hone.llm.formats.base import Body, ClientFormat, Event, Piece, Raw, typed
from hone.llm.formats.chat import answers
from hone.llm.neutral import (
    Answer,
    Began,
    Choice,
    Closed,
    Counted,
    Delta,
    Ended,
    Message,
    Request,
    Role,
    Sampling,
    Text,
    Wrote,
)
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode


class _Asked(msgspec.Struct, gc=False):
    prompt: str | list[str | int | list[int]]
    model: Raw = Raw(b"")
    suffix: str | None = None
    echo: bool | None = None
    best_of: int | None = None
    logprobs: int | None = None
    max_tokens: int | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    user: str | None = None


_decode = msgspec.json.Decoder(_Asked).decode
_KNOWN: Final = frozenset(_Asked.__struct_fields__)
_OURS: Final = frozenset({"stream", "stream_options"})


def read(body: Body) -> Request:
    """Read a request: the prompt becomes what a user says."""
    asked = typed(_decode, body)
    _refuse(asked)
    stop = (asked.stop,) if isinstance(asked.stop, str) else tuple(asked.stop or ())
    return Request(
        (Message(Role.USER, (Text(_prompt(asked)),)),),
        max_tokens=asked.max_tokens,
        stop=stop,
        sampling=Sampling(
            asked.temperature,
            asked.top_p,
            None,
            asked.seed,
            asked.presence_penalty or None,
            asked.frequency_penalty or None,
        ),
        choices=asked.n or 1,
        user=asked.user,
        dropped=tuple(sorted(body.keys() - _KNOWN - _OURS)),
    )


def _refuse(asked: _Asked) -> None:
    given = {
        "suffix": bool(asked.suffix),
        "echo": bool(asked.echo),
        "best_of": (asked.best_of or 1) > (asked.n or 1),
        "logprobs": asked.logprobs is not None,
    }
    for name, there in given.items():
        if there:
            raise Unsupported(f"'{name}': a model that only chats has no such thing.", param=name)


def _prompt(asked: _Asked) -> str:
    given = asked.prompt
    if isinstance(given, str):
        return given
    if len(given) == 1 and isinstance(given[0], str):
        return given[0]
    reason = "'prompt': a model that only chats takes one text."
    raise Unsupported(reason, param="prompt")


def write(answer: Answer, asked: Body) -> bytes:
    """Write an answer."""
    del asked
    return _encode(
        {
            "id": answer.id,
            "object": "text_completion",
            "created": int(time.time()),
            "model": answer.model,
            "choices": [
                _choice(at, _text(each), each.finish.value)
                for at, each in enumerate(answer.choices)
            ],
            "usage": answers.usage(answer.usage or Usage()),
        }
    )


def _text(choice: Choice) -> str:
    return "".join(part.text for part in choice.parts if isinstance(part, Text))


def _choice(index: int, text: str, finish: str | None) -> Object:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": finish}


class _Writer:
    """Writes chunks; of thoughts and calls a completion knows nothing."""

    def __init__(self, asked: Body) -> None:
        del asked
        self._head: Object = {"id": "", "object": "text_completion"}

    def write(self, delta: Delta) -> Iterable[Event]:
        """Write one more piece of the answer."""
        match delta:
            case Began(id=id_, model=model, usage=usage):
                self._head |= {"id": id_, "created": int(time.time()), "model": model}
                yield self._event([_choice(0, "", None)], Piece(begun=usage))
            case Wrote(text=text):
                choices = [_choice(delta.choice, text, None)]
                yield self._event(choices, Piece(len(text.encode())))
            case Ended():
                reason = delta.finish.value
                yield self._event([_choice(delta.choice, "", reason)], Piece(finished=(reason,)))
            case Counted(usage=usage):
                piece = Piece(usage=usage, bare=True)
                yield self._event([], piece, usage=answers.usage(usage))
            case Closed():
                yield Event(b"data: [DONE]\n\n", Piece(done=True))
            case _:
                return

    def _event(self, choices: list[Object], piece: Piece, **more: object) -> Event:
        data = _encode({**self._head, "choices": choices, **more})
        return Event(b"data: %b\n\n" % data, piece, data)


CLIENT = ClientFormat(read, write, _Writer)

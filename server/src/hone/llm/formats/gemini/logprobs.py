"""How probable the words of an answer were: read from Gemini, written in OpenAI's shape."""

from typing import Final

import msgspec

from hone.llm.formats.base import Raw

Object = dict[str, object]

_NOTHING: Final = Raw(b"")
_encode = msgspec.json.Encoder().encode


class Token(msgspec.Struct, gc=False, rename="camel"):
    """A token that was chosen, or that might have been."""

    token: str = ""
    log_probability: float = 0.0


class Top(msgspec.Struct, gc=False):
    """The most probable tokens at one place."""

    candidates: list[Token] | None = None


class Result(msgspec.Struct, gc=False, rename="camel"):
    """Gemini's `LogprobsResult`."""

    chosen_candidates: list[Token] | None = None
    top_candidates: list[Top] | None = None


def write(told: Result | None) -> Raw:
    """Write log probabilities; nothing where none are told."""
    if told is None or not told.chosen_candidates:
        return _NOTHING
    tops = told.top_candidates or []
    content = [
        _token(chosen) | {"top_logprobs": _alternatives(tops[at] if at < len(tops) else Top())}
        for at, chosen in enumerate(told.chosen_candidates)
    ]
    return Raw(_encode({"content": content, "refusal": None}))


def _alternatives(top: Top) -> list[Object]:
    return [_token(each) for each in top.candidates or ()]


def _token(told: Token) -> Object:
    return {
        "token": told.token,
        "logprob": told.log_probability,
        "bytes": list(told.token.encode()),
    }

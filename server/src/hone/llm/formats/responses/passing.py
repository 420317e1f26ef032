"""A stream of OpenAI's Responses, passed on as it comes."""

from typing import Final

import msgspec

from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Piece, Raw, Stream
from hone.llm.formats.passing import Passing
from hone.llm.formats.responses import answers

_NOTHING = Raw(b"")


class _Told(msgspec.Struct, gc=False):
    type: str
    delta: Raw = _NOTHING
    response: answers.Told | None = None


_decode = msgspec.json.Decoder(_Told).decode
_ENDS: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})


def stream() -> Stream:
    """Pass a stream on."""
    return Passing(_piece)


def _piece(data: bytes) -> Piece:
    told = openai.read(_decode, data)
    if told.type == "error":
        return Piece(error=refusals.of_error(0, Raw(data)))
    response = told.response
    if told.type in _ENDS and response is not None:
        if response.failed:
            return Piece(error=refusals.of_error(0, response.error))
        status = response.status or "completed"
        return Piece(finished=(status,), usage=response.counted(), done=True)
    return Piece(openai.text_size(told.delta) if told.type.endswith(".delta") else 0)

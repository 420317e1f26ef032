"""Labels and entities: what a trained model says of texts. Read as far as the log keeps it."""

from typing import Final

import msgspec

from hone.llm.errors import Malformed
from hone.llm.formats import openai, refusals
from hone.llm.formats.base import Reply, Told
from hone.llm.types import Endpoint
from hone.llm.unicode import clean

_LONGEST_LABEL: Final = 256
_LONGEST_VERSION: Final = 64


class _Result(msgspec.Struct, gc=False):
    label: str | None = None
    confidence: float | None = None


class _Answer(msgspec.Struct, gc=False):
    results: list[_Result] | None = None
    version: str = ""
    usage: msgspec.Raw = msgspec.Raw(b"")
    error: msgspec.Raw = msgspec.Raw(b"")


_answer = msgspec.json.Decoder(_Answer).decode


def reply(endpoint: Endpoint, body: bytes) -> Reply:
    """Read an answer; the label of a single text is told, of several only the version."""
    answer = openai.read(_answer, body)
    if openai.given(answer.error):
        raise refusals.of_error(0, answer.error)
    if not answer.results:
        raise Malformed
    version = clean(answer.version, _LONGEST_VERSION)
    told = Told(version)
    first = answer.results[0]
    if endpoint is Endpoint.CLASSIFY and len(answer.results) == 1:
        label = None if first.label is None else clean(first.label, _LONGEST_LABEL)
        told = Told(version, label, first.confidence)
    return Reply(openai.usage(answer.usage), None, 0, body, told)

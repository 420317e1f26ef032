"""Embeddings of OpenAI's API by Bedrock's InvokeModel, in Titan's words and in Cohere's.

Amazon Bedrock User Guide, "Amazon Titan Embeddings Text" and "Cohere Embed". Vectors stay the bytes
that they were, unless the client wants them as base64.
"""

import base64
from array import array
from collections.abc import Iterator, Mapping

import msgspec

from hone.llm.errors import Malformed, Unsupported
from hone.llm.formats import openai
from hone.llm.formats.base import Body, Raw, Reply, told, typed
from hone.llm.types import Usage

Object = dict[str, object]

_encode = msgspec.json.Encoder().encode


class _Asked(msgspec.Struct, gc=False):
    input: str | list[str | int | list[int]]
    dimensions: int | None = None
    encoding_format: str | None = None
    input_type: str | None = None
    """Cohere's: what the vectors are for."""


class _Answer(msgspec.Struct, gc=False, rename="camel"):
    embedding: Raw = Raw(b"")
    embeddings: Raw = Raw(b"")
    input_text_token_count: int | None = None


_asked = msgspec.json.Decoder(_Asked).decode
_answer = msgspec.json.Decoder(_Answer).decode
_vectors = msgspec.json.Decoder(list[Raw] | dict[str, list[Raw]]).decode
_numbers = msgspec.json.Decoder(list[float]).decode


def write(model: str, body: Body) -> Object:
    """Write a request for vectors; raise `Unsupported` for a model that makes none."""
    asked = typed(_asked, body)
    given = [asked.input] if isinstance(asked.input, str) else asked.input
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) < len(given):
        raise Unsupported("'input': Bedrock takes texts, not tokens.", param="input")
    if "cohere.embed" in model:
        written: Object = {
            "texts": texts,
            "input_type": asked.input_type or "search_document",
            "output_dimension": asked.dimensions,
        }
    elif "amazon.titan-embed" in model:
        if len(texts) != 1:
            reason = "'input': this model embeds one text per call; send one text."
            raise Unsupported(reason, param="input")
        written = {"inputText": texts[0], "dimensions": asked.dimensions}
    else:
        reason = "This model makes no embeddings that are known; Titan's and Cohere's are."
        raise Unsupported(reason, param="model")
    return {name: value for name, value in written.items() if told(value)}


def reply(asked: Body, body: bytes) -> Reply:
    """Write vectors as OpenAI does; of Cohere's, Bedrock's body does not tell the usage."""
    answer = openai.read(_answer, body)
    packed = _is_base64(asked)
    data = [
        {"object": "embedding", "index": index, "embedding": _packed(each) if packed else each}
        for index, each in enumerate(_all(answer))
    ]
    if not data:
        raise Malformed
    written: Object = {"object": "list", "data": data, "model": asked.get("model", Raw(b'""'))}
    count = answer.input_text_token_count
    usage = None if count is None or count < 0 else Usage(count)
    if usage is not None:
        told_usage: Mapping[str, int] = {
            "prompt_tokens": usage.input_tokens,
            "total_tokens": usage.input_tokens,
        }
        written["usage"] = told_usage
    return Reply(usage, None, 0, _encode(written))


def _all(answer: _Answer) -> Iterator[Raw]:
    if openai.given(answer.embedding):
        yield answer.embedding
    if openai.given(answer.embeddings):
        vectors = openai.read(_vectors, bytes(answer.embeddings))
        # By type, where a model answers so unasked: floats.
        yield from vectors if isinstance(vectors, list) else vectors.get("float", ())


def _is_base64(asked: Body) -> bool:
    return bytes(asked.get("encoding_format", b"")) == b'"base64"'


def _packed(vector: Raw) -> str:
    """Write a vector as OpenAI packs it: floats of 32 bits, the low byte first."""
    return base64.b64encode(array("f", openai.read(_numbers, bytes(vector))).tobytes()).decode()

"""Embeddings by Bedrock's InvokeModel, in Titan's words and in Cohere's.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
…/model-parameters-embed.html
"""

from array import array
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from hone.simulator.asks import EmbeddingAsk, Input
from hone.simulator.errors import Headers, Refused
from hone.simulator.formats.base import Inbound, encode
from hone.simulator.formats.bedrock.dialect import complain
from hone.simulator.formats.reading import decode

DIMENSIONS = {"amazon.titan-embed-text-v1": 1536}
USUAL_DIMENSIONS = 1024
MOST_TEXTS = 96


class InvokeRequest(msgspec.Struct, rename="camel"):
    """A text for Titan, or texts for Cohere."""

    input_text: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    dimensions: Literal[256, 512, 1024] | None = None
    texts: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_TEXTS)] | None = None
    input_type: str | None = msgspec.field(default=None, name="input_type")


class CohereAsk(EmbeddingAsk):
    """Texts for Cohere, which are sent back."""


def read(inbound: Inbound) -> EmbeddingAsk:
    """Read a request for vectors."""
    request = decode(inbound.body, _REQUEST, complain)
    if request.texts is not None:
        if request.input_type is None:
            raise _lacks("input_type")
        texts: list[Input] = [*request.texts]
        return CohereAsk(inbound.name, texts, USUAL_DIMENSIONS)
    if request.input_text is None:
        raise _lacks("inputText")
    usual = DIMENSIONS.get(inbound.name.partition("#")[0].partition(":")[0], USUAL_DIMENSIONS)
    return EmbeddingAsk(inbound.name, [request.input_text], request.dimensions or usual)


def write(ask: EmbeddingAsk, vectors: "Sequence[array[float]]") -> bytes:
    """Write the vectors."""
    lists = [vector.tolist() for vector in vectors]
    if isinstance(ask, CohereAsk):
        kind = "embeddings_floats"
        return encode({"embeddings": lists, "response_type": kind, "texts": ask.inputs})
    return encode(
        {
            "embedding": lists[0],
            "embeddingsByType": {"float": lists[0]},
            "inputTextTokenCount": ask.prompt_tokens(),
        }
    )


def headers(ask: EmbeddingAsk) -> Headers:
    """Tell how long the input was, which Cohere's body does not."""
    return ((b"x-amzn-bedrock-input-token-count", b"%d" % ask.prompt_tokens()),)


def _lacks(name: str) -> Refused:
    return Refused(
        f"Malformed input request: #: required key [{name}] not found, please reformat your input "
        "and try again."
    )


_REQUEST = msgspec.json.Decoder(InvokeRequest)

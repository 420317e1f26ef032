"""OpenAI's embeddings.

https://platform.openai.com/docs/api-reference/embeddings
"""

from array import array
from collections.abc import Sequence
from typing import Literal

import msgspec

from hone.simulator.asks import EmbeddingAsk, Input
from hone.simulator.embeddings import packed
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound, encode
from hone.simulator.formats.openai.chat_requests import AtLeastOne
from hone.simulator.formats.openai.dialect import complain, no_model
from hone.simulator.formats.reading import decode
from hone.simulator.grammar import split

DIMENSIONS = {"text-embedding-3-large": 3072}
USUAL_DIMENSIONS = 1536
MOST_INPUTS = 2048


class EmbeddingsRequest(msgspec.Struct):
    """A request for vectors."""

    model: str
    input: str | list[str | int | list[int]]
    dimensions: AtLeastOne | None = None
    encoding_format: Literal["float", "base64"] | None = None


def read(inbound: Inbound) -> EmbeddingAsk:
    """Read a request for vectors."""
    request = decode(inbound.body, _REQUEST, complain)
    if not request.model:
        raise no_model()
    most = DIMENSIONS.get(split(request.model)[0], USUAL_DIMENSIONS)
    if request.dimensions is not None and request.dimensions > most:
        raise Refused(
            f"Invalid value for 'dimensions' = {request.dimensions}. Must be less than or equal "
            f"to {most}.",
            param="dimensions",
        )
    return EmbeddingAsk(
        request.model,
        _inputs(request.input),
        request.dimensions or most,
        request.encoding_format == "base64",
    )


def write(ask: EmbeddingAsk, vectors: "Sequence[array[float]]") -> bytes:
    """Write the vectors."""
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": packed(vector) if ask.packed else vector.tolist(),
        }
        for index, vector in enumerate(vectors)
    ]
    count = ask.prompt_tokens()
    usage = {"prompt_tokens": count, "total_tokens": count}
    return encode({"object": "list", "data": data, "model": ask.model, "usage": usage})


def _inputs(given: str | list[str | int | list[int]]) -> list[Input]:
    if isinstance(given, str):
        found: list[Input] = [given]
    else:
        numbers = [item for item in given if isinstance(item, int)]
        texts: list[Input] = [item for item in given if not isinstance(item, int)]
        if numbers and texts:
            raise _wrong("'$.input' is invalid. Mixed texts and token numbers.")
        found = [numbers] if numbers else texts
    if not found or len(found) > MOST_INPUTS or not all(found):
        raise _wrong(f"'$.input' is invalid. Give 1 to {MOST_INPUTS} inputs, none of them empty.")
    return found


def _wrong(message: str) -> Refused:
    return Refused(message, param="input")


_REQUEST = msgspec.json.Decoder(EmbeddingsRequest)

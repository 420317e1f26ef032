"""Vectors from a hash: unit length, the same for the same seed, model and text."""

import base64
import hashlib
import math
import sys
from array import array

from hone.simulator import tokens
from hone.simulator.errors import Refused
from hone.simulator.requests import EmbeddingsRequest

DIMENSIONS = {"text-embedding-3-large": 3072}
DEFAULT_DIMENSIONS = 1536
MAX_INPUTS = 2048

Input = str | list[int]


def inputs(request: EmbeddingsRequest) -> list[Input]:
    """Return what to embed: texts or lists of token numbers."""
    given = request.input
    if isinstance(given, str):
        found: list[Input] = [given]
    else:
        numbers = [item for item in given if isinstance(item, int)]
        texts: list[Input] = [item for item in given if not isinstance(item, int)]
        if numbers and texts:
            raise _wrong("'$.input' is invalid. Mixed texts and token numbers.")
        found = [numbers] if numbers else texts
    if not found or len(found) > MAX_INPUTS or not all(found):
        raise _wrong(f"'$.input' is invalid. Give 1 to {MAX_INPUTS} inputs, none of them empty.")
    return found


def dimensions(request: EmbeddingsRequest, model: str) -> int:
    """Return how long the vectors are."""
    most = DIMENSIONS.get(model, DEFAULT_DIMENSIONS)
    if request.dimensions is not None and request.dimensions > most:
        raise Refused(
            f"Invalid value for 'dimensions' = {request.dimensions}. Must be less than or equal "
            f"to {most}.",
            param="dimensions",
        )
    return request.dimensions or most


def token_count(given: Input) -> int:
    """Count an input's tokens as `tokens` documents."""
    return tokens.of_text(given) if isinstance(given, str) else len(given)


def vector(seed: int, model: str, given: Input, length: int) -> "array[float]":
    """Return a unit vector of 32-bit floats."""
    chance = hashlib.shake_128(repr((seed, model, given)).encode()).digest(2 * length)
    whole = array("h", chance)
    if sys.byteorder == "big":
        whole.byteswap()
    norm = math.hypot(*whole) or 1.0
    return array("f", [value / norm for value in whole])


def packed(values: "array[float]") -> str:
    """Write a vector as `encoding_format: base64` does: little-endian floats in base64."""
    if sys.byteorder == "big":
        values = array("f", values)
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode()


def _wrong(message: str) -> Refused:
    return Refused(message, param="input")

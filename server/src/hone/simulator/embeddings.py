"""Vectors from a hash: unit length, the same for the same seed, model and text."""

import base64
import hashlib
import math
import sys
from array import array

from hone.simulator.asks import Input


def vector(seed: int, model: str, given: Input, length: int) -> "array[float]":
    """Return a unit vector of 32-bit floats."""
    chance = hashlib.shake_128(repr((seed, model, given)).encode()).digest(2 * length)
    whole = array("h", chance)
    if sys.byteorder == "big":
        whole.byteswap()
    norm = math.hypot(*whole) or 1.0
    return array("f", [value / norm for value in whole])


def packed(values: "array[float]") -> str:
    """Write a vector in base64: little-endian floats."""
    if sys.byteorder == "big":
        values = array("f", values)
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode()

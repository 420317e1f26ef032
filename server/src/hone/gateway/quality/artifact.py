"""A predictor as bytes: msgpack below zstd, numbers as little-endian 32-bit floats."""

import sys
from array import array
from math import isfinite
from typing import Final

import msgspec
import zstandard

from hone.gateway.quality import features
from hone.gateway.quality.predictor import Familiar, Head, Limits, Numbers, Predictor

FORMAT: Final = "hone-quality/1"
LARGEST: Final = 256 << 20
"""Bytes of an artifact unpacked."""
MOST_DIMENSIONS: Final = 8192


class ArtifactUnreadable(Exception):
    """The artifact is damaged, or was made for another version of Hone: make it anew."""


class _Head(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    bias: float
    words: bytes
    signals: bytes
    embedding: bytes


class _Artifact(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    features: int
    models: list[str]
    priors: list[float]
    encoder: str
    words: bytes
    form: bytes
    words_limits: tuple[float, float]
    form_limits: tuple[float, float]
    heads: list[_Head]
    embedded: list[_Head]
    card: dict[str, float]


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(_Artifact).decode


def pack(predictor: Predictor) -> bytes:
    """Write a predictor; equal predictors give equal bytes."""
    known = predictor.familiar
    plain = _Artifact(
        FORMAT,
        features.VERSION,
        list(predictor.models),
        list(predictor.priors),
        predictor.encoder,
        _bytes(known.words),
        _bytes(known.form),
        (known.words_limits.usual, known.words_limits.strange),
        (known.form_limits.usual, known.form_limits.strange),
        [_pack_head(head) for head in predictor.heads],
        [_pack_head(head) for head in predictor.embedded],
        dict(predictor.card),
    )
    return zstandard.ZstdCompressor(level=9).compress(_encode(plain))


def unpack(content: bytes) -> Predictor:
    """Read a predictor; raise `ArtifactUnreadable` for anything that is not one."""
    try:
        size = zstandard.frame_content_size(content)
        if not 0 < size <= LARGEST:
            raise ArtifactUnreadable
        plain = _decode(zstandard.ZstdDecompressor().decompress(content))
        _check(plain)
        return Predictor(
            tuple(plain.models),
            tuple(plain.priors),
            Familiar(
                _numbers(plain.words, features.SLOTS),
                _numbers(plain.form, features.SIGNAL_SLOTS),
                Limits(*plain.words_limits),
                Limits(*plain.form_limits),
            ),
            tuple(_head(head, 0) for head in plain.heads),
            tuple(_head(head, len(plain.embedded[0].embedding) // 4) for head in plain.embedded),
            plain.encoder,
            plain.card,
        )
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise ArtifactUnreadable from error


def _check(plain: _Artifact) -> None:
    """Refuse what would predict nonsense, or fail at a request."""
    count = len(plain.models)
    limits = (plain.words_limits, plain.form_limits)
    sound = (
        plain.format == FORMAT
        and plain.features == features.VERSION
        and 0 < count == len(set(plain.models)) == len(plain.priors) == len(plain.heads)
        and len(plain.embedded) in {0, count}
        and bool(plain.embedded) == bool(plain.encoder)
        and all(0 <= prior <= 1 for prior in plain.priors)
        and all(isfinite(usual) and usual < strange < float("inf") for usual, strange in limits)
        and all(isfinite(head.bias) for head in (*plain.heads, *plain.embedded))
    )
    if not sound or (plain.embedded and len(plain.embedded[0].embedding) > 4 * MOST_DIMENSIONS):
        raise ArtifactUnreadable


def _pack_head(head: Head) -> _Head:
    return _Head(head.bias, _bytes(head.words), _bytes(head.signals), _bytes(head.embedding))


def _head(plain: _Head, dimensions: int) -> Head:
    return Head(
        plain.bias,
        _numbers(plain.words, features.SLOTS),
        _numbers(plain.signals, features.SIGNAL_SLOTS),
        _numbers(plain.embedding, dimensions),
    )


def _bytes(numbers: Numbers) -> bytes:
    return _swapped(numbers).tobytes()


def _numbers(content: bytes, count: int) -> Numbers:
    numbers = array("f")
    numbers.frombytes(content)
    numbers = _swapped(numbers)
    if len(numbers) != count or not all(map(isfinite, numbers)):
        raise ArtifactUnreadable
    return numbers


def _swapped(numbers: Numbers) -> Numbers:
    if sys.byteorder == "little":
        return numbers
    other = array("f", numbers)
    other.byteswap()
    return other

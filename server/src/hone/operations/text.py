"""JSON values that PostgreSQL takes and an answer can carry."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, cast

from hone.llm.unicode import clean

_REPLACEMENT: Final = "\ufffd"
_MAX_DEPTH: Final = 64


def clean_json(value: object) -> object:
    """Clean every text of a JSON value; raise ValueError for what cannot be stored as jsonb."""
    return _walk(value, 0, lenient=False)


def showable(value: object) -> object:
    """Clean a JSON value that is stored already; what cannot be shown is replaced."""
    return _walk(value, 0, lenient=True)


def _walk(value: object, depth: int, *, lenient: bool) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _refused("NaN or Infinity", None, lenient=lenient)
    if not isinstance(value, Mapping | list | tuple):
        return value
    if depth >= _MAX_DEPTH:
        return _refused(f"more than {_MAX_DEPTH} levels", _REPLACEMENT, lenient=lenient)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value).items()
        return {clean(key): _walk(each, depth + 1, lenient=lenient) for key, each in pairs}
    parts = cast("Sequence[object]", value)
    return [_walk(each, depth + 1, lenient=lenient) for each in parts]


def _refused(what: str, instead: object, *, lenient: bool) -> object:
    if lenient:
        return instead
    raise ValueError(f"must not contain {what}")

"""JSON that is cut anywhere is still JSON when it is closed, and says nothing that it had not said."""

import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from hone.llm import partial

words = st.text(st.sampled_from('a,:"\\[]{}\n\u00e9\U0001f600'), max_size=12)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)
containers = st.dictionaries(words, values, min_size=1) | st.lists(values, min_size=1)


@given(value=containers, cut=st.integers(1, 400), ascii_only=st.booleans(), spaced=st.booleans())
def test_what_is_closed_is_the_beginning_of_what_was_cut(
    value: object, cut: int, ascii_only: bool, spaced: bool
) -> None:
    indent = 1 if spaced else None
    whole = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    told = json.loads(partial.closed(whole[:cut]))
    assert begins(told, value)
    if cut >= len(whole):
        assert told == value


def begins(told: object, value: object) -> bool:
    """Tell whether the one is the beginning of the other."""
    match told, value:
        case str(), str():
            # Half of a pair of surrogates may be its end.
            return value.startswith((told, told[:-1]))
        case dict(), dict():
            pairs = cast("dict[str, Any]", told), cast("dict[str, Any]", value)
            return all(begins(each, pairs[1][name]) for name, each in pairs[0].items())
        case list(), list():
            lists = cast("list[Any]", told), cast("list[Any]", value)
            return all(map(begins, *lists)) and len(lists[0]) <= len(lists[1])
        case _:
            return told == value


def test_what_is_no_json_is_nothing() -> None:
    assert partial.closed(b"") == b""
    assert partial.closed(b"<html>") == b""
    assert partial.closed(b'{"a": [1}') == b""
    assert partial.closed(b'{"a": 1} {"b": "') == b'{"a": 1}'

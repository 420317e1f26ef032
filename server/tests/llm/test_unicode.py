"""Text that nothing refuses."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hone.llm.unicode import clean, mend


@given(st.text(st.characters(), max_size=50))
def test_clean_text_can_be_stored(text: str) -> None:
    tidy = clean(text, 20)
    assert "\0" not in tidy
    tidy.encode()
    assert len(tidy) <= 20
    if "\0" not in text and text.isascii():
        assert tidy == text[:20]


@given(st.recursive(st.text(st.characters(), max_size=9) | st.none(), st.lists, max_leaves=9))
def test_mended_json_is_utf_8_and_otherwise_the_same(value: object) -> None:
    written = json.dumps(value)
    mended = json.loads(mend(written.encode()))
    json.dumps(mended, ensure_ascii=False).encode()
    if "\\ud" not in written:
        assert mended == value


def test_an_escaped_backslash_is_no_escape() -> None:
    assert mend(rb'"\\ud800 \ud800\ud83d\ude00 \udc00"') == rb'"\\ud800 \ufffd\ud83d\ude00 \ufffd"'

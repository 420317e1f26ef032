"""A form is read the same, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.batches.errors import FormUnreadable
from hone.batches.forms import LONGEST_FIELD, Field, FileStart, Form, Found, boundary_of

contents = st.binary(max_size=200) | st.sampled_from(
    [b"", b"\r\n", b"--b", b"\r\n--", b"\r\n--x\r\n"]
)


def _form(purpose: str, content: bytes, boundary: bytes) -> bytes:
    head = b"--%b\r\nContent-Disposition: form-data; name=" % boundary
    return (
        b'%b"purpose"\r\n\r\n%b\r\n%b"file"; filename="a \\"b\\".jsonl"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%b\r\n--%b--\r\n"
        % (head, purpose.encode(), head, content, boundary)
    )


def _read(form: Form, data: bytes, cuts: list[int]) -> list[Found]:
    found: list[Found] = []
    places = sorted({min(cut, len(data)) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        found += form.take(data[start:end])
    return found


@given(st.text("abc-_", max_size=20), contents, st.lists(st.integers(0, 600), max_size=8))
def test_what_was_sent_is_read(purpose: str, content: bytes, cuts: list[int]) -> None:
    form = Form(b"----boundary7f3a")
    found = _read(form, _form(purpose, content, b"----boundary7f3a"), cuts)
    assert form.ended
    assert found[0] == Field("purpose", purpose)
    assert found[1] == FileStart("file", 'a "b".jsonl')
    assert b"".join(each for each in found[2:] if isinstance(each, bytes)) == content


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4))
def test_what_is_no_form_is_refused_or_has_no_end(data: bytes, cuts: list[int]) -> None:
    form = Form(b"boundary")
    try:
        _read(form, data, cuts)
    except FormUnreadable:
        return
    assert not form.ended or b"--boundary" in data


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "text/x; boundary=a",
    ],
)
def test_what_says_no_boundary_is_no_form(kind: str) -> None:
    with pytest.raises(FormUnreadable):
        boundary_of(kind)


def test_a_boundary_may_be_quoted() -> None:
    assert boundary_of('multipart/form-data; charset=utf-8; boundary="a b"') == b"a b"
    assert boundary_of("Multipart/Form-Data;boundary=ab") == b"ab"


def test_a_field_and_a_head_have_an_end() -> None:
    long = b'--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n' + b"y" * (LONGEST_FIELD + 100)
    for data in (long, b"--b\r\n" + b"x" * 10_000):
        with pytest.raises(FormUnreadable):
            list(Form(b"b").take(data))

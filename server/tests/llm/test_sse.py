"""Server-sent events, however they are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.llm import sse

LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
TEXT = st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Write events in one style of line end; return them and their data."""
    end = draw(LINE_ENDS)
    stream, data = b"", list[bytes]()
    for lines in draw(st.lists(st.lists(TEXT, min_size=1, max_size=3), max_size=6)):
        encoded = [line.encode() for line in lines]
        if draw(st.booleans()):
            stream += b": a comment" + end
        stream += b"".join(b"data: " + line + end for line in encoded) + end
        data.append(b"\n".join(encoded))
    return stream, data


@given(streams(), st.lists(st.integers(0, 400), max_size=12))
def test_events_do_not_depend_on_where_chunks_end(
    made: tuple[bytes, list[bytes]], cuts: list[int]
) -> None:
    stream, data = made
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    splitter = sse.Splitter()
    events: list[sse.Event] = []
    for start, end in itertools.pairwise(edges):
        events += splitter.feed(stream[start:end])
    assert [event.data for event in events if event.data is not None] == data
    assert b"".join(event.raw for event in events) + splitter.rest() == stream
    assert splitter.rest() in {b"", b"\n"}


@pytest.mark.parametrize(
    ("raw", "data", "name"),
    [
        (b"data: one\n\n", b"one", None),
        (b"data:one\n\n", b"one", None),
        (b"data:  one\n\n", b" one", None),
        (b"data\n\n", b"", None),
        (b"data: a\ndata: b\n\n", b"a\nb", None),
        (b"event: ping\ndata: {}\n\n", b"{}", b"ping"),
        (b"id: 7\nretry: 10\n\n", None, None),
        (b": only a comment\n\n", None, None),
        (b"\xef\xbb\xbfdata: first\n\n", b"first", None),
        (b"data: mixed\r\n\n", b"mixed", None),
    ],
)
def test_fields_are_read_as_the_standard_says(
    raw: bytes, data: bytes | None, name: bytes | None
) -> None:
    assert sse.Splitter().feed(raw) == [sse.Event(raw, data, name)]


def test_an_event_that_does_not_end_is_given_up() -> None:
    splitter = sse.Splitter(limit=100)
    assert not splitter.feed(b"data: " + b"x" * 90)
    with pytest.raises(sse.TooLong):
        splitter.feed(b"y" * 10)

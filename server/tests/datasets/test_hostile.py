"""Whatever bytes are sent as a file: they are read, or refused in words, and take little memory."""

import tracemalloc
from collections.abc import Iterator
from itertools import islice
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.datasets.errors import ExampleWrong
from hone.datasets.formats import Cut, Damaged, Row, cutter, read, writer
from hone.datasets.formats.cutting import LONGEST
from hone.datasets.schemas import Kind
from hone.datasets.shapes import LONGEST_TEXT

SHAPES = ("json", "jsonl", "csv")
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES = ("input", "text", "output", "label", "messages", "conversations", "prompt", "chosen",
         "rejected", "entities", "preferred_output", "non_preferred_output", "split", "weight",
         "source", "status", "user", "conversation")  # fmt: skip
PIECES = (b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf",
          b'"text"', b'"intent"', b'"x"', b"text,intent", b"a;b", b"1e999", b"\\ud800", b" ", b"PAR1")  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES) | st.binary(max_size=5), max_size=60).map(b"".join)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda some: st.lists(some, max_size=4)
    | st.dictionaries(
        st.sampled_from(("role", "content", "from", "value", "start", "end", "label")) | st.text(max_size=4),
        some, max_size=4),
    max_leaves=12,
)  # fmt: skip
SAYABLE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
).filter(lambda said: bool(said.strip()))


def _cut(shape: str, content: bytes, size: int) -> list[Cut]:
    cutting = cutter(shape)
    found = [
        cut
        for place in range(0, len(content), size)
        for cut in cutting.take(content[place : place + size])
    ]
    return [*found, *cutting.rest()]


@given(st.sampled_from(SHAPES), SOUP, st.integers(1, 50))
def test_any_bytes_are_records_or_told(shape: str, content: bytes, size: int) -> None:
    found, damage = list[Cut](), "."
    try:
        found = _cut(shape, content, size)
    except Damaged as error:
        damage = str(error)
    assert damage.endswith(".")
    for cut in found:
        assert (cut.record is None) == bool(cut.problem)
        assert cut.line >= 1
        if cut.record is not None:
            _read(cut.record, "intent")


def _read(record: dict[str, Any], kind: Kind) -> None:
    problem = "."
    try:
        read(record, kind)
    except ExampleWrong as error:
        problem = error.message
    assert problem.endswith(".")


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), VALUES, max_size=6),
       st.sampled_from(KINDS))  # fmt: skip
def test_any_record_is_an_example_or_told(record: dict[str, Any], kind: Kind) -> None:
    _read(record, kind)


@given(st.lists(st.tuples(SAYABLE, SAYABLE), min_size=1, max_size=8), st.sampled_from(SHAPES),
       st.integers(1, 99))  # fmt: skip
def test_what_is_written_is_read_as_it_was(
    pairs: list[tuple[str, str]], shape: str, size: int
) -> None:
    rows = [
        Row(f"ex_{number}", "d", "response", asked, said, "user", "validated", 1.0, 1.0, None)
        for number, (asked, said) in enumerate(pairs)
    ]
    writing = writer(shape)
    content = writing.head + writing.write(rows) + writing.tail
    found = [read(cut.record or {}, "response") for cut in _cut(shape, content, size)]
    assert [(each.input, each.output) for each in found] == pairs


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a 5" disk,x\nb 3" disk,y\nlast,z\n', "quote within a field"),
        (b'"' + b"long " * 40_000 + b'",x\nlast,z\n', "characters"),
        (b"half\rline,x\nlast,z\n", "quote"),
        (b"caf\xe9,x\nlast,z\n", "UTF-8"),
        (b"nul\0,x\nlast,z\n", "NUL"),
        (b"a,b,c\nlast,z\n", "3 fields"),
        (b"x" * (LONGEST + 2) + b"\nlast,z\n", "1 MB"),
        (b'last,z\n"no end,x\nand more', "no end"),
    ],
)
def test_a_line_of_a_table_that_is_wrong_takes_no_other_with_it(content: bytes, words: str) -> None:
    kept, problems = list[str](), list[str]()
    for cut in _cut("csv", b"text,label\n" + content, 70_000):
        try:
            assert cut.record is not None, cut.problem
            kept.append(read(cut.record, "intent").input)  # pyright: ignore[reportArgumentType]
        except (AssertionError, ExampleWrong) as error:
            problems.append(str(error))
    assert kept == ["last"]
    assert words in " ".join(problems)
    assert LONGEST_TEXT < 200_000


def test_what_is_no_object_in_a_list_is_told() -> None:
    found = _cut("json", b'[{"text": "a"}, "b", ["c", {"text": "d"}], {"text": "e"}]', 5)
    assert [each.record and each.record["text"] for each in found] == ["a", None, None, "e"]


def _endless(begin: bytes, piece: bytes) -> Iterator[bytes]:
    yield begin
    while True:
        yield piece


@pytest.mark.parametrize(
    ("shape", "begin", "piece", "pieces"),
    [
        ("jsonl", b'{"text": "', b"x" * 65536, 1000),
        ("jsonl", b"", b'{"text": "' + b"y" * 30_000 + b'", "intent": "a"}\n', 500),
        ("json", b'[{"text": "', b"x" * 65536, 1000),
        ("json", b"", b" " * 65536, 1000),
        ("json", b"[", b'{"text": "' + b"y" * 30_000 + b'", "intent": "a"},', 500),
        ("csv", b'a,b\n"', b"x" * 8000 + b"\n", 2000),
        ("csv", b"a,b\n", b"x" * 65536, 1000),
        ("csv", b"a,b\n", b"one," + b"y" * 30_000 + b"\n", 500),
    ],
)
def test_a_file_without_an_end_takes_little_memory(
    shape: str, begin: bytes, piece: bytes, pieces: int
) -> None:
    cutting = cutter(shape)
    tracemalloc.start()
    try:
        for data in islice(_endless(begin, piece), pieces):
            for _ in cutting.take(data):
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20

"""Lines of a batch, parts of a file: pure pieces that take whatever comes."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.batches import lines, sealing
from hone.batches.answers import answered, took
from hone.core import ids
from hone.core.crypto import Unreadable
from hone.core.keyring import Key
from hone.gateway import Answer

CHAT = "/v1/chat/completions"


def _line(custom_id: str) -> bytes:
    body: dict[str, object] = {"model": "m", "messages": []}
    return json.dumps(
        {"custom_id": custom_id, "method": "POST", "url": CHAT, "body": body}
    ).encode()


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_any_line_is_judged(line: bytes) -> None:
    check = lines.Check(CHAT)
    assert check.take(1, line)
    assert [each.line for each in check.finish()] == [1]


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=30))
def test_each_id_stands_once(given_ids: list[str]) -> None:
    check = lines.Check(CHAT)
    for number, custom_id in enumerate(given_ids, 1):
        check.take(number, _line(custom_id))
    told = check.finish()
    assert len(told) == len(given_ids) - len(set(given_ids))
    assert {each.code for each in told} <= {"duplicate_custom_id"}


def test_errors_are_listed_up_to_a_hundred() -> None:
    check = lines.Check(CHAT)
    for number in range(1, 251):
        check.take(number, b"{")
    told = check.finish()
    assert len(told) == lines.MOST_ERRORS + 1
    assert "150 more" in told[-1].message


def test_a_file_has_its_most_lines() -> None:
    check = lines.Check(CHAT, total=lines.MOST_LINES)
    assert not check.take(lines.MOST_LINES + 1, _line("a"))
    assert [each.code for each in check.finish()] == ["too_many_requests"]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_lines_are_put_together_again(data: bytes, cuts: list[int]) -> None:
    cutter, found = sealing.Lines(), list[bytes]()
    places = sorted({min(cut, len(data)) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        found += cutter.take(data[start:end])
    assert b"\n".join([*found, *(cutter.rest() or [b""])]) == data


@given(st.lists(st.binary(max_size=100), max_size=8), st.integers(1, 40))
def test_a_file_is_cut_and_sealed_and_read_again(pieces: list[bytes], size: int) -> None:
    cutter, key, file_id = sealing.Cutter(size), Key(ids.new(), os.urandom(32)), ids.new()
    parts = [part for piece in pieces for part in cutter.take(piece)] + [cutter.rest()]
    assert all(len(part) == size for part in parts[:-1])
    sealed = [sealing.seal(key, file_id, number, part) for number, part in enumerate(parts)]
    read = [sealing.unseal(key, file_id, number, each) for number, each in enumerate(sealed)]
    assert b"".join(read) == b"".join(pieces)
    with pytest.raises(Unreadable):
        sealing.unseal(key, file_id, 1, sealed[0])
    with pytest.raises(Unreadable):
        sealing.unseal(key, ids.new(), 0, sealed[0])


@given(st.binary(max_size=80))
def test_whatever_is_answered_is_one_line(body: bytes) -> None:
    answer = Answer(502, [(b"x-request-id", b"op_1")], body)
    written = answered(ids.new(), 1, "a\nb", answer)
    assert b"\n" not in written
    assert json.loads(written)["custom_id"] == "a\nb"


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 2, "prompt_tokens_details": None}, (3, 0, 2, 0)),
        (
            {
                "input_tokens": 9,
                "output_tokens": 7,
                "input_tokens_details": {"cached_tokens": 4},
                "output_tokens_details": {"reasoning_tokens": 5},
            },
            (9, 4, 7, 5),
        ),
        (None, (0, 0, 0, 0)),
        ("many", (0, 0, 0, 0)),
    ],
)
def test_usage_is_read_as_each_endpoint_tells_it(
    usage: object, tokens: tuple[int, int, int, int]
) -> None:
    answer = Answer(
        200, [(b"x-hone-cost-usd", b"0.000000000042")], json.dumps({"usage": usage}).encode()
    )
    found = took(answer)
    assert found.cost == 42
    assert tokens == (
        found.input_tokens,
        found.cached_tokens,
        found.output_tokens,
        found.reasoning_tokens,
    )

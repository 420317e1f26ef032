"""What is known of a model: its failures and its times, drawn from what was seen."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.llm.errors import Broken, Limited, Rejected, TimedOut
from hone.replay import Try, pool
from hone.replay.history import recalled
from tests.replay.calls import attempt, model

MODEL = model("large")


def seen_as(seconds: float, tokens: int, first: float, failed: bool) -> Try:
    """Make an attempt; its first token came after a part of its time, or was not told."""
    code = "upstream_error" if failed else None
    return attempt(MODEL, seconds, tokens, first=seconds * first if first else None, error=code)


tries = st.builds(
    seen_as,
    st.floats(0, 600),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.1, 0.9]),
    st.booleans(),
)
chances = st.floats(0, 1, exclude_max=True)


@given(st.lists(tries, max_size=30), chances, chances, st.integers(0, 100_000), st.booleans())
def test_whatever_was_seen_a_draw_is_possible(
    seen: list[Try], fails: float, quantile: float, tokens: int, stream: bool
) -> None:
    for known in (pool(seen), pool(seen).again(Random(1))):
        found = known.draw(fails, quantile, tokens, stream=stream)
        if found.failed is not None:
            assert found.failed in seen
        elif any(each.error is None for each in seen):
            assert found.seconds is not None
            assert found.seconds >= 0
            assert found.first is None or found.first <= found.seconds
        else:
            assert found.seconds is None
        assert known.attempts == len(seen)


@given(st.floats(0.1, 5), st.floats(0, 0.1), st.integers(1, 4000))
def test_a_longer_answer_takes_longer_by_what_a_token_took(
    fixed: float, each: float, tokens: int
) -> None:
    seen = [attempt(MODEL, fixed + each * length, length) for length in (10, 200, 1000)]
    found = pool(seen).draw(0.5, 0.5, tokens, stream=False)
    assert found.seconds == pytest.approx(fixed + each * tokens, rel=1e-6)


def test_quantiles_of_like_answers_are_those_that_were_seen() -> None:
    seen = [attempt(MODEL, seconds) for seconds in (4.0, 1.0, 3.0, 2.0)]
    known = pool(seen)
    drawn = [known.draw(0.5, (place + 0.5) / 4, 50, stream=False).seconds for place in range(4)]
    assert drawn == pytest.approx([1, 2, 3, 4])


def test_failures_come_as_often_as_they_came() -> None:
    seen = [attempt(MODEL, error="upstream_error", status=500)] * 3 + [attempt(MODEL)] * 7
    known = pool(seen)
    drawn = [known.draw((place + 0.5) / 100, 0.5, 50, stream=False) for place in range(100)]
    assert sum(each.failed is not None for each in drawn) == 30
    again = known.again(Random(5))
    assert 0 < again.rate < 1
    assert again.rate != known.rate


def test_without_answers_of_a_kind_the_other_kind_tells() -> None:
    known = pool([attempt(MODEL, 2.0, first=0.5)] * 9)
    assert known.draw(0.5, 0.5, 50, stream=True).first == 0.5
    whole = known.draw(0.5, 0.5, 50, stream=False)
    assert (whole.seconds, whole.first) == (pytest.approx(2.0), None)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("rate_limited", 429, Limited),
        ("upstream_timeout", 0, TimedOut),
        ("string_above_max_length", 400, Rejected),
        ("upstream_error", 500, Broken),
        ("something_new", 0, Broken),
    ],
)
def test_errors_are_recalled_as_what_they_were(code: str, status: int, kind: type) -> None:
    assert isinstance(recalled(code, status), kind)

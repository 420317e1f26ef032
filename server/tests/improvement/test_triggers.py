"""Triggers, budgets and debounce, as pure functions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.feedback.figures import wilson
from hone.improvement.schemas.triggers import (
    AccuracyBelow,
    Drift,
    FeedbackBatch,
    Interval,
    NewExamples,
    usual,
)
from hone.improvement.triggers import Seen, Share, Spent, held_back, look, settled

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=5)


def share(right: int, wrong: int) -> Share | None:
    found = wilson(right, right + wrong)
    return found and Share(**found.model_dump(), count=right + wrong)


def seen(
    new: int = 412,
    right: int = 961,
    wrong: int = 39,
    hours: float = 2,
    corrections: int = 0,
    drift: str | None = None,
) -> Seen:
    return Seen(
        now=NOW,
        new=new,
        corrections=corrections,
        trained="1.2.0",
        trained_at=NOW - timedelta(hours=hours),
        accuracy=share(right, wrong),
        drift=drift,
    )


def test_nothing_to_do_is_told_with_every_number() -> None:
    found = look(usual(), seen())
    assert not found.fires
    assert found.words == (
        "Nothing to do: accuracy 96.1 % (94.7 % to 97.1 %) of 1,000 judged answers holds 95.0 %;"
        " 412 of 1,000 new examples since 1.2.0; by the clock it is due at 2026-11-27 10:00 UTC."
    )


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (
            seen(right=80, wrong=20),
            "accuracy_below",
            "Accuracy 80.0 % (71.1 % to 86.7 %) of 100 judged answers is below 95.0 %.",
        ),
        (seen(new=1000), "new_examples", "1,000 of 1,000 new examples since 1.2.0."),
        (seen(hours=25), "interval", "It was trained 25 hours ago, 24 are the most."),
        (
            seen(corrections=100),
            "feedback_batch",
            "100 of 100 corrected answers since 1.2.0.",
        ),
        (seen(drift="intents drifted"), "drift", "Intents drifted."),
    ],
    ids=["accuracy", "examples", "time", "corrections", "drift"],
)
def test_each_trigger_fires_and_says_why(given: Seen, kind: str, words: str) -> None:
    found = look([*usual(), FeedbackBatch(), Drift()], given)
    assert [each.kind for each in found.triggers if each.fires] == [kind]
    assert (found.fires, found.words) == (True, words)


def test_without_anything_new_there_is_nothing_to_learn() -> None:
    found = look(usual(), seen(new=3, right=50, wrong=50), least_new=10)
    assert not found.fires
    assert "only 3 new examples since 1.2.0, and 10 are needed" in found.words


def test_a_few_wrong_answers_are_no_fallen_accuracy() -> None:
    [few] = look([AccuracyBelow()], seen(right=8, wrong=4)).triggers
    assert "12 of 30 judged answers that are needed" in few.words
    [unsure] = look([AccuracyBelow()], seen(right=94, wrong=6)).triggers
    assert not unsure.fires
    assert "is not surely below 95.0 %" in unsure.words


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 500))
def test_more_that_is_wrong_never_makes_it_fire_less(right: int, wrong: int, more: int) -> None:
    def fires(wrong: int) -> bool:
        return look([AccuracyBelow()], seen(right=right, wrong=wrong)).fires

    assert fires(wrong) <= fires(wrong + more)


@given(st.integers(0, 5000), st.integers(0, 5000), st.floats(0, 1000), st.integers(0, 400))
def test_a_look_is_consistent(new: int, corrections: int, hours: float, wrong: int) -> None:
    wanted = [*usual(), FeedbackBatch(), Drift(), NewExamples(count=5), Interval(hours=1)]
    given = seen(new=new, corrections=corrections, hours=hours, wrong=wrong)
    found = look(wanted, given, least_new=10)
    assert all((each.near == 1.0) == each.fires for each in found.triggers)
    assert all(0 <= each.near <= 1 for each in found.triggers)
    assert found.fires == (new >= 10 and any(each.fires for each in found.triggers))
    assert found.words.endswith((".", "examples."))


def test_what_is_used_up_holds_the_next_turn_back() -> None:
    assert held_back(Spent(3, 0.5), 4, 1.0, MINUTES, NOW) is None
    assert held_back(Spent(4, 0.5), 4, None, MINUTES, NOW) == (
        "The budget is used up: 4 of 4 runs in 24 hours."
    )
    assert held_back(Spent(3, 1.0), 4, 1.0, MINUTES, NOW) == (
        "The budget is used up: $1.00 of $1.00 in 30 days."
    )


@given(st.integers(1, 100), st.floats(0, 200_000))
def test_after_failures_the_pause_doubles_up_to_a_day(failed: int, ago: float) -> None:
    spent = Spent(0, 0.0, failed, NOW - timedelta(seconds=ago))
    wait = min(300 * 2**failed, 86_400)
    if abs(ago - wait) > 1:
        assert (held_back(spent, 4, None, MINUTES, NOW) is not None) == (ago < wait)


def test_a_clock_that_was_set_back_holds_nothing_for_ever() -> None:
    spent = Spent(0, 0.0, 3, NOW + timedelta(days=400))
    assert held_back(spent, 4, None, MINUTES, NOW) is None


@given(st.none() | st.floats(-1000, 1000), st.integers(0, 900))
def test_a_trigger_must_fire_for_a_while(ago: float | None, wait: int) -> None:
    fired = None if ago is None else NOW - timedelta(seconds=ago)
    due = ago is not None and ago >= wait
    if ago is None or abs(ago - wait) > 0.001:
        assert settled(fired, timedelta(seconds=wait), NOW) == due

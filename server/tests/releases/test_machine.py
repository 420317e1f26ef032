"""The state machine of releases: whatever happens, in whatever order, it never does what it must not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.releases import machine
from hone.releases.machine import OVER, Course, Facts, Move, NotNow, Standing, Step, asked, decide

STEPS = (Step(0.1, units=10, seconds=60), Step(0.5, seconds=60), Step(1.0, seconds=60))
COURSE = Course(STEPS)
DONE = Facts(seconds=60, units=10, served=True)
EARLY = Facts(seconds=59, units=10, served=True)

steps = st.lists(
    st.builds(
        Step,
        share=st.sampled_from([0.1, 0.25, 0.5, 1.0]),
        units=st.sampled_from([0, 10]),
        seconds=st.sampled_from([0.0, 60.0]),
        approval=st.booleans(),
    ),
    max_size=4,
).map(lambda found: tuple(sorted(found, key=lambda each: each.share)))
courses = st.builds(
    Course,
    steps=steps,
    approval_at_end=st.booleans(),
    shadow=st.booleans(),
    patience=st.just(120.0),
    returns=st.just(True),
)
facts = st.builds(
    Facts,
    live=st.sampled_from(["former", "former", "former", "candidate", "other"]),
    seconds=st.sampled_from([0.0, 1.0, 3.0, 60.0, 500.0]),
    units=st.sampled_from([0, 9, 10, 1000]),
    served=st.sampled_from([True, True, False, None]),
    deprecated=st.sampled_from([False, False, False, True]),
    harm=st.sampled_from([None, None, None, "it fails"]),
    signal=st.sampled_from([None, None, "it is slow"]),
)
events = st.lists(
    st.one_of(
        facts, st.sampled_from(["advance", "hold", "resume", "approve", "rollback", "cancel"])
    ),
    max_size=40,
)


def go(course: Course, at: Standing, event: Any) -> Move | None:
    """Let something happen."""
    if isinstance(event, str):
        try:
            return asked(course, at, event)  # type: ignore[arg-type]
        except NotNow:
            return None
    live = "candidate" if at.promoted and event.live == "former" else event.live
    return decide(course, at, replace(event, live=live))


@settings(max_examples=400, deadline=None)
@given(courses, events)
def test_whatever_happens_it_never_does_what_it_must_not(
    course: Course, happens: list[Any]
) -> None:
    at, promotions, seen = Standing(), 0, 0.0
    for event in happens:
        move = go(course, at, event)
        if move is None:
            continue
        to = move.to
        assert move.words
        # Splits only while something is watched; each CHECK of the table holds.
        assert to.share is None or to.state in {"running", "holding", "promoting"}
        assert (to.state == "holding") == (to.held_by is not None)
        assert to.state != "rolling_back" or to.ends_as is not None
        # A share never falls but to nothing at all, and what is promoted was written as such.
        if to.share is not None:
            assert to.share >= seen
            seen = to.share
        promotions += move.promote
        assert move.promote <= to.promoted
        assert not (move.promote and move.restore)
        assert not move.restore or (at.promoted and to.share is None)
        # Only what ends takes the candidate away, and everything that ends does.
        assert move.retire == (to.state in OVER)
        at = to
    assert promotions <= 1


@given(courses)
def test_left_alone_a_release_that_is_well_succeeds(course: Course) -> None:
    course = replace(course, approval_at_end=False)
    course = replace(course, steps=tuple(replace(each, approval=False) for each in course.steps))
    at = Standing()
    for _ in range(20):
        live = "candidate" if at.promoted else "former"
        move = decide(course, at, replace(DONE, live=live, seconds=500, units=1000))
        if move is None:
            break
        at = move.to
    assert at.state == "succeeded"


def walk(*happens: Any, course: Course = COURSE) -> Standing:
    """Let things happen one after the other, and say where that leads."""
    at = Standing()
    for event in happens:
        move = go(course, at, event)
        at = at if move is None else move.to
    return at


def test_a_step_waits_for_its_time_and_its_units() -> None:
    running = walk(DONE, DONE)
    assert (running.state, running.step, running.share) == ("running", 0, 0.1)
    assert walk(DONE, DONE, EARLY) == running
    assert walk(DONE, DONE, replace(DONE, units=9)) == running
    assert walk(DONE, DONE, DONE).share == 0.5
    assert walk(DONE, DONE, DONE, DONE).share == 1.0
    promoting = walk(DONE, DONE, DONE, DONE, DONE)
    assert (promoting.state, promoting.share, promoting.promoted) == ("promoting", 1.0, True)
    settling = walk(DONE, DONE, DONE, DONE, DONE, DONE)
    assert (settling.state, settling.share) == ("promoting", None)
    assert walk(*[DONE] * 7).state == "succeeded"


def test_harm_takes_it_back_also_while_it_holds() -> None:
    harmed = replace(EARLY, harm="it fails")
    for happens in ((DONE, DONE), (DONE, DONE, "hold")):
        back = walk(*happens, harmed)
        assert (back.state, back.ends_as, back.share) == ("rolling_back", "rolled_back", None)
        assert walk(*happens, harmed, Facts(seconds=2.9)).state == "rolling_back"
        assert walk(*happens, harmed, Facts(seconds=3)).state == "rolled_back"


def test_a_signal_holds_once_and_is_heard() -> None:
    slow = replace(EARLY, signal="it is slow")
    held = walk(DONE, DONE, slow)
    assert (held.state, held.held_by) == ("holding", "signal")
    assert walk(DONE, DONE, slow, "resume", slow).state == "running"


def test_what_somebody_does_by_hand_ends_it() -> None:
    for live in ("other", "candidate"):
        ended = walk(DONE, DONE, replace(EARLY, live=live))
        assert (ended.state, ended.ends_as) == ("rolling_back", "cancelled")
    after = walk(*[DONE] * 5, replace(EARLY, live="other"))
    assert (after.state, after.ends_as) == ("rolling_back", "rolled_back")


def test_what_is_never_served_fails_and_changes_nothing() -> None:
    waiting = Facts(seconds=119, served=False)
    assert walk(DONE, waiting).state == "preparing"
    for served in (False, None):
        assert walk(DONE, replace(waiting, seconds=120, served=served)).ends_as == "failed"
    # After its promotion a predictor that is away is waited for; one that serves another version is not.
    away = replace(waiting, seconds=500, served=None)
    assert walk(*[DONE] * 5, away).state == "promoting"
    assert walk(*[DONE] * 5, replace(away, served=False)).ends_as == "failed"


def test_buttons_say_what_can_be_done() -> None:
    of = {
        "preparing": ["rollback", "cancel"],
        "running": ["advance", "hold", "rollback", "cancel"],
        "promoting": ["rollback"],
        "succeeded": ["rollback"],
    }
    for count, state in ((1, "preparing"), (2, "running"), (5, "promoting"), (7, "succeeded")):
        at = walk(*[DONE] * count)
        assert at.state == state
        assert machine.buttons(COURSE, at) == of[state]
    held = walk(DONE, DONE, "hold")
    assert machine.buttons(COURSE, held) == ["advance", "resume", "rollback", "cancel"]
    wanted = Course(STEPS[:1], approval_at_end=True)
    waits = walk(DONE, DONE, DONE, course=wanted)
    assert machine.buttons(wanted, waits) == ["advance", "approve", "rollback", "cancel"]
    with pytest.raises(NotNow, match="Nothing was live before"):
        asked(replace(COURSE, returns=False), Standing("succeeded", promoted=True), "rollback")

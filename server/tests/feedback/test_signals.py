"""Conversations tell of their answers: what is read in them, and that each is counted once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hone import feedback
from hone.core import clock, ids
from hone.feedback.signals import Turn, likeness, read, wants_a_person
from tests.feedback.conftest import Desk

START = datetime(2026, 6, 1, tzinfo=UTC)


def turns(*asked: str, status: str = "success", minutes: int = 1) -> list[Turn]:
    return [
        Turn(ids.new(), START + timedelta(minutes=minutes * place), each, status)
        for place, each in enumerate(asked)
    ]


def kinds(found: list[Turn], *, over: bool = False) -> list[tuple[int, str]]:
    places = {turn.id: place for place, turn in enumerate(found)}
    return [(places[each], kind) for each, kind in read(found, over=over).signals]


def test_a_question_that_comes_again_was_not_answered() -> None:
    asked = turns("How do I reset my password?", "how can I reset the password", "Thanks!")
    assert kinds(asked) == [(0, "rephrase")]
    assert read(asked, over=True).completed
    assert kinds(turns("reset my password", "reset my password", minutes=20)) == []
    assert kinds(turns("Where is my parcel?", "Do you sell gift cards?")) == []


def test_who_leaves_after_asking_again_or_after_a_failure_gave_up() -> None:
    again = turns("cancel my blue order", "please cancel my blue order")
    assert kinds(again) == [(0, "rephrase")]
    assert kinds(again, over=True) == [(0, "rephrase"), (1, "abandon")]
    assert kinds(turns("Hello there", status="error"), over=True) == [(0, "abandon")]
    assert not read(again, over=True).completed


@pytest.mark.parametrize(
    ("asked", "wants"),
    [
        ("I want to talk to a human", True),
        ("Can you connect me with a real person?", True),
        ("please transfer me to an agent", True),
        ("speak to someone in charge", True),
        ("Which agent does the travel bookings?", False),
        ("What makes a person happy?", False),
    ],
)
def test_a_wish_for_a_person_is_heard(asked: str, wants: bool) -> None:
    assert wants_a_person(asked) is wants
    assert read(turns(asked), over=True).escalated is wants


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_mutual(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


async def test_conversations_are_observed_once(desk: Desk) -> None:
    await desk.log(input="cancel my blue order", conversationId="t-1")
    await desk.log(input="please cancel my blue order", conversationId="t-1")
    await desk.log(input="I want a human agent", conversationId="t-2", userId="u-2")
    soon, later = (clock.now() + timedelta(minutes=each) for each in (1, 45))
    await feedback.observe(desk.owner, desk.keyring, soon)
    assert await _signals(desk) == {("t-1", "rephrase"), ("t-2", "handover")}
    assert await _conversations(desk) == (None,) * 5
    for _ in range(2):
        await feedback.observe(desk.owner, desk.keyring, later)
    assert await _signals(desk) == {
        ("t-1", "rephrase"),
        ("t-1", "abandon"),
        ("t-2", "handover"),
    }
    assert await _conversations(desk) == (2, 3, 0, 1, 2)
    summary = await desk.get("/api/ai/feedback/summary", period="day")
    talks, signals = summary["conversations"], summary["signals"]
    assert (talks["ended"], talks["conversationLength"]) == (2, 1.5)
    assert talks["escalationRate"]["value"] == 0.5
    assert talks["taskCompletion"]["value"] == talks["userRetention"]["value"] == 0
    assert signals == {"rephrase": 1, "abandon": 1, "handover": 1, "copy": 0, "retry": 0}
    assert (await desk.get("/api/ai/feedback/summary"))["told"] == 0, "nobody said a word"


async def _signals(desk: Desk) -> set[tuple[str, str]]:
    async with desk.owner.transaction() as session:
        rows = await session.execute(text("SELECT conversation_id, kind FROM feedback_signals"))
        return {(row.conversation_id, row.kind) for row in rows}


async def _conversations(desk: Desk) -> tuple[int | None, ...]:
    sums = ", ".join(
        f"sum({each})" for each in ("ended", "calls", "completed", "escalated", "known")
    )
    async with desk.owner.transaction() as session:
        return tuple(
            (await session.execute(text(f"SELECT {sums} FROM feedback_conversations"))).one()
        )


async def test_a_client_tells_of_copies_and_retries(desk: Desk) -> None:
    operation = await desk.log()
    for _ in range(2):
        told = await desk.send("/v1/feedback", 200, operation_id=operation, metric="copy")
        assert (told["object"], told["state"]) == ("signal", "accepted")
    signals = (await desk.get("/api/ai/feedback/summary"))["signals"]
    assert signals["copy"] == 1
    answer = await desk.http.post("/v1/feedback", json={"conversation_id": "t", "metric": "retry"})
    assert answer.status_code == 422

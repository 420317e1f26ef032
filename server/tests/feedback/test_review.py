"""A poisoned batch and contradictions are held, and somebody decides of them."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hone.core import clock, ids
from hone.feedback.suspicion import LEAST, Correction, History, out_of_line
from hone.identity import Permission
from tests.feedback.conftest import Desk
from tests.fixtures.app import client, grant

WRONG = 1_000
REVIEW = "/api/ai/feedback/review"


async def many_calls(desk: Desk, count: int) -> list[str]:
    """Record calls at one stroke; what was asked comes with the feedback."""
    made = [ids.new() for _ in range(count)]
    async with desk.owner.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO operations (organization_id, id, created_at, kind, source, status, model,"
                " confidence) SELECT :organization, id, at, 'classification', 'log', 'success',"
                " 'ticket-classifier', 0.97 FROM unnest(CAST(:ids AS uuid[]),"
                " CAST(:moments AS timestamptz[])) AS v (id, at)"
            ),
            {
                "organization": desk.organization_id,
                "ids": made,
                "moments": [ids.created_at(each) for each in made],
            },
        )
    return [ids.public("op", each) for each in made]


async def correct(desk: Desk, operation: str, user: str, answer: str = "refund") -> None:
    body = {"operation_id": operation, "metric": "demonstration", "value": answer}
    await desk.send("/v1/feedback", 200, **body, input=f"Ticket {operation}", user=user)


async def test_a_thousand_wrong_corrections_of_one_person_teach_nothing(desk: Desk) -> None:
    calls = await many_calls(desk, WRONG + 5)
    honest, poisoned = calls[:5], calls[5:]
    for operation in honest:
        await correct(desk, operation, "careful", f"label of {operation}")
    await desk.settle()
    for start in range(0, WRONG, 200):
        part = poisoned[start : start + 200]
        for near in range(0, len(part), 4):
            await asyncio.gather(
                *(correct(desk, each, "mallory") for each in part[near : near + 4])
            )
        await desk.settle()
    taught = Counter(each.person for each in await desk.lessons())
    assert taught == {"careful": 5}
    counts = await desk.get("/api/ai/feedback/summary")
    assert (counts["held"], counts["told"]) == (WRONG, 5)
    assert (await desk.items(state="held", limit=1))[0]["reason"] == "out_of_line"
    told = Counter(each.name for each in await desk.told())
    assert told["feedback.held"] == WRONG

    refused = await desk.send(REVIEW, 200, person="mallory", action="reject", note="spam")
    assert refused == {"changed": WRONG, "remaining": 0}
    (late,) = await many_calls(desk, 1)
    await correct(desk, late, "mallory")
    await desk.settle()
    (item,) = await desk.items(state="held")
    assert item["reason"] == "barred"


async def test_what_counted_before_is_taken_back_and_may_be_given_again(desk: Desk) -> None:
    calls = await many_calls(desk, LEAST + 60)
    for operation in calls[:10]:
        await correct(desk, operation, "zealous")
    await desk.settle()
    assert len(await desk.lessons()) == 10
    for operation in calls[10:]:
        await correct(desk, operation, "zealous")
    await desk.settle()
    assert await desk.lessons() == []
    await desk.told()
    accepted = await desk.send(REVIEW, 200, person="zealous", action="accept")
    assert accepted["changed"] == len(calls)
    assert len(await desk.lessons()) == len(calls)
    names = Counter(each.name for each in await desk.told())
    assert names == {"feedback.accepted": len(calls), "feedback.person_reviewed": 1}
    (late,) = await many_calls(desk, 1)
    await correct(desk, late, "zealous")
    await desk.settle()
    assert await desk.items(state="held") == [], "who is trusted is not held again"


async def test_people_who_do_not_agree_go_to_review(desk: Desk) -> None:
    operation = await desk.log()
    await desk.give(operation, "negative", correctedCategory="refund", userId="a")
    await desk.settle()
    assert len(await desk.lessons()) == 1
    await desk.give(operation, "negative", correctedCategory="Fraud", userId="b")
    await desk.settle()
    held = await desk.items(state="held")
    assert {each["reason"] for each in held} == {"contradiction"}
    assert len(held) == 2
    assert await desk.lessons() == []
    right = next(each["id"] for each in held if each["expected"] == "Fraud")
    wrong = next(each["id"] for each in held if each["expected"] == "refund")
    assert (await desk.send(REVIEW, 200, ids=[right], action="accept"))["remaining"] == 1
    assert (await desk.send(REVIEW, 200, ids=[wrong], action="reject"))["remaining"] == 0
    assert [each.expected for each in await desk.lessons()] == ["Fraud"]
    shown = await desk.get(f"/api/ai/feedback/{right}")
    assert (shown["state"], shown["reviewedBy"]) == ("accepted", shown["reviewedBy"])


async def test_the_same_correction_of_two_people_is_none(desk: Desk) -> None:
    operation = await desk.log()
    for user, label in (("a", "Technical Issue"), ("b", " technical  issue")):
        await desk.give(operation, "negative", correctedCategory=label, userId=user)
    await desk.settle()
    assert await desk.items(state="held") == []


async def test_only_who_curates_data_reviews(desk: Desk) -> None:
    given_ = await desk.give(await desk.log())
    body = {"ids": [given_["id"]], "action": "reject"}
    everyday = {Permission.FEEDBACK_READ, Permission.FEEDBACK_WRITE}
    async with client(desk.app, grant(desk.app, desk.organization_id, everyday)) as http:
        assert (await http.post(REVIEW, json=body)).status_code == 403
    assert (await desk.http.post(REVIEW, json=body | {"ids": ["fb_1"]})).status_code == 404
    await desk.settle()
    await desk.send(REVIEW, 200, **body)
    assert (await desk.get("/api/ai/feedback/summary"))["told"] == 0


def history(
    count: int,
    *,
    named: bool = True,
    expected: str | None = "refund",
    confidence: float | None = None,
    disputed: bool = False,
) -> History:
    made = Correction(clock.now(), expected, confidence, disputed=disputed, agreed=False)
    return History([made] * count, count, 0, 0, named)


@given(st.integers(0, LEAST - 1))
def test_nobody_is_out_of_line_for_a_few_corrections(count: int) -> None:
    assert out_of_line(history(count, confidence=1.0, disputed=True)) == []


@pytest.mark.parametrize(
    ("found", "signs"),
    [
        (history(30, confidence=0.99), ["one_label", "confident"]),
        (history(30), []),
        (history(100, named=False, expected=None), []),
        (history(300, named=True, expected=None), ["rate"]),
        (history(300, named=False, expected=None), []),
        (history(30, disputed=True), ["one_label", "disputed"]),
    ],
)
def test_two_signs_must_agree(found: History, signs: list[str]) -> None:
    assert out_of_line(found) == signs

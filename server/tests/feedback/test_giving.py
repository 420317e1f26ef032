"""Feedback is given in the ways that the requirements print, and counts within a second."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from hone.core import clock, ids
from hone.gateway import ContentMode
from hone.identity import Permission
from tests.feedback.conftest import LOGGED, Desk
from tests.fixtures.app import client, grant, statements
from tests.fixtures.database import make_organization

PRINTED: dict[str, Any] = {
    "operationType": "classification",
    "operationId": 123,
    "feedback": "negative",
    "correctedCategory": "Technical Issue",
}


@pytest.mark.parametrize("path", ["/api/ai/feedback", "/ai/feedback"])
async def test_a_correction_counts_as_printed(desk: Desk, path: str) -> None:
    operation = await desk.log(externalId=123)
    given = await desk.send(path, **PRINTED)
    assert given["id"].startswith("fb_")
    assert (given["state"], given["operationId"]) == ("received", operation)
    assert await desk.settle() == 1
    (item,) = await desk.items()
    expected = {
        "state": "accepted",
        "operationType": "classification",
        "operationId": operation,
        "model": "ticket-classifier",
        "feedback": "negative",
        "given": "billing",
        "expected": "Technical Issue",
        "correction": "Technical Issue",
        "corrected": True,
        "comment": None,
    }
    assert {name: item[name] for name in expected} == expected
    (event,) = [each for each in await desk.told() if each.name.startswith("feedback")]
    assert (event.name, event.subject) == ("feedback.recorded", given["id"])
    (lesson,) = await desk.lessons()
    assert (lesson.input, lesson.given, lesson.expected) == (
        LOGGED["input"],
        "billing",
        "Technical Issue",
    )
    assert not lesson.positive
    shown = await desk.get(f"/api/ai/operations/{operation}")
    assert shown["satisfactionScore"] == 1


async def test_a_suggestion_is_judged_by_its_use(desk: Desk) -> None:
    operation = await desk.log(operationType="suggestion", output="Try turning it off.")
    comment = "Great, it helped: the printer works again."
    await desk.send(
        "/api/ai/feedback",
        operationType="suggestion",
        operationId=operation,
        feedback="positive",
        wasUsed=True,
        wasHelpful=True,
        comment=comment,
    )
    await desk.settle()
    (item,) = await desk.items(operation=operation)
    assert (item["wasUsed"], item["wasHelpful"], item["comment"]) == (True, True, comment)
    assert item["sentiment"] > 0.3
    assert item["quality"] > 0.1
    summary = await desk.get("/api/ai/feedback/summary", period="day")
    assert summary["suggestions"]["usageRate"]["value"] == 1
    assert summary["sentiment"]["positive"] == 1
    (lesson,) = await desk.lessons()
    assert (lesson.expected, lesson.positive) == ("Try turning it off.", True)


@pytest.mark.parametrize("path", ["/api/ai/feedback/submit", "/ai/feedback/submit"])
async def test_a_rating_counts_as_printed(desk: Desk, path: str) -> None:
    operation = await desk.log()
    given = await desk.send(
        path,
        operationId=operation,
        feedbackType="accurate",
        rating=2,
        comment="wrong and slow, please fix",
    )
    assert given["metric"] == "accurate"
    await desk.settle()
    (item,) = await desk.items()
    assert (item["rating"], item["feedback"], item["score"]) == (2, "negative", 0.25)
    assert item["sentiment"] < -0.3
    summary = await desk.get("/api/ai/feedback/summary")
    assert summary["ratings"] == [0, 1, 0, 0, 0]
    assert summary["averageRating"] == 2
    trends = await desk.get("/api/ai/feedback/trends", period="day")
    assert sum(each["negative"] for each in trends["items"]) == 1
    assert (await desk.get(f"/api/ai/operations/{operation}"))["satisfactionScore"] == 2


async def test_anything_is_said_of_any_call_in_the_style_of_v1(desk: Desk) -> None:
    operation = await desk.log(operationType="chat", output="Hello.")
    for metric, value in (
        ("thumbs", True),
        ("relevance", 0.25),
        ("turns", 7),
        ("comment", "nice"),
        ("demonstration", "Good morning, how can I help?"),
    ):
        given = await desk.send(
            "/v1/feedback", 200, operation_id=operation, metric=metric, value=value
        )
        assert (given["object"], given["metric"]) == ("feedback", metric)
    await desk.settle()
    found = {each["metric"]: each for each in await desk.items()}
    assert found["thumbs"]["feedback"] == "positive"
    assert (found["relevance"]["score"], found["relevance"]["feedback"]) == (0.25, "negative")
    assert (found["turns"]["score"], found["turns"]["value"]) == (None, 7)
    assert found["comment"]["comment"] == "nice"
    assert found["demonstration"]["correction"] == "Good morning, how can I help?"
    answers = {each.expected for each in await desk.lessons()}
    assert answers == {"Hello.", "Good morning, how can I help?"}


async def test_a_whole_conversation_is_judged(desk: Desk) -> None:
    await desk.log(conversationId="talk-1", modelId="first")
    await desk.log(conversationId="talk-1", modelId="second")
    await desk.send("/v1/feedback", 200, conversation_id="talk-1", value=False, comment="no help")
    await desk.settle()
    (item,) = await desk.items(conversation="talk-1")
    assert (item["operationId"], item["model"], item["feedback"]) == (None, "second", "negative")


async def test_what_is_said_again_takes_the_place_of_the_first(desk: Desk) -> None:
    operation = await desk.log()
    first = await desk.give(operation, "positive", comment="fine")
    await desk.settle()
    again = await desk.give(operation, "positive", comment="fine")
    assert (again["id"], again["state"]) == (first["id"], "accepted")
    assert await desk.settle() == 0, "the same words change nothing"
    changed = await desk.give(operation, "negative", correctedCategory="refund")
    assert (changed["id"], changed["state"]) == (first["id"], "received")
    await desk.settle()
    (item,) = await desk.items()
    assert (item["feedback"], item["expected"], item["comment"]) == ("negative", "refund", None)
    summary = await desk.get("/api/ai/feedback/summary")
    assert (summary["told"], summary["positive"], summary["negative"]) == (1, 0, 1)
    assert summary["commented"] == 0
    other = await desk.give(operation, userId="u-2")
    assert other["id"] != first["id"]


async def test_the_same_idempotency_key_is_heard_once(desk: Desk) -> None:
    operation = await desk.log()
    body = {"operation_id": operation, "value": True}
    headers = {"idempotency-key": "k-1"}
    first = await desk.http.post("/v1/feedback", json=body, headers=headers)
    second = await desk.http.post("/v1/feedback", json=body | {"value": False}, headers=headers)
    assert second.json()["id"] == first.json()["id"]
    await desk.settle()
    assert [each["feedback"] for each in await desk.items()] == ["positive"]


async def test_many_at_once_are_one(desk: Desk) -> None:
    operation = await desk.log()
    await asyncio.gather(*(desk.give(operation) for _ in range(4)))
    await desk.settle()
    assert len(await desk.items()) == 1
    assert (await desk.get("/api/ai/feedback/summary"))["told"] == 1


async def test_feedback_waits_for_a_call_that_is_on_its_way(desk: Desk) -> None:
    early = ids.new()
    given = await desk.send("/v1/feedback", 200, operation_id=ids.public("op", early), value=True)
    assert given["state"] == "received"
    assert await desk.settle() == 0
    async with desk.owner.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO operations (organization_id, id, created_at, kind, source, status, model)"
                " VALUES (:organization, :id, :at, 'chat', 'log', 'success', 'late')"
            ),
            {"organization": desk.organization_id, "id": early, "at": ids.created_at(early)},
        )
        await session.execute(text("UPDATE feedback SET due_at = now()"))
    assert await desk.settle() == 1
    (item,) = await desk.items()
    assert (item["state"], item["model"]) == ("accepted", "late")


async def test_a_call_that_never_comes_is_given_up(desk: Desk) -> None:
    await desk.send("/v1/feedback", 200, operation_id=ids.public("op", ids.new()), value=True)
    async with desk.owner.transaction() as session:
        old = "UPDATE feedback SET updated_at = now() - interval '2 hours'"
        await session.execute(text(old))
    assert await desk.settle() == 1
    (item,) = await desk.items(state="rejected")
    assert item["reason"] == "no_operation"
    assert (await desk.get("/api/ai/feedback/summary"))["told"] == 0


async def test_a_call_that_is_not_there_is_said_so(desk: Desk) -> None:
    old = ids.new(int(clock.now().timestamp() * 1000) - 3_600_000)
    for named in (ids.public("op", old), 999, "ffff" * 8 + "-", "f" * 32):
        answer = await desk.http.post("/api/ai/feedback", json=PRINTED | {"operationId": named})
        assert answer.status_code == 404, named
        assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("/api/ai/feedback", {"operationType": "poem"}, 422, "operationType"),
        ("/api/ai/feedback", {"feedback": "meh"}, 422, "feedback"),
        ("/api/ai/feedback", {"comment": "x" * 4001}, 422, "comment"),
        ("/api/ai/feedback", {"color": "red"}, 422, "color"),
        ("/api/ai/feedback", {"feedback": None, "correctedCategory": None}, 422, None),
        ("/api/ai/feedback/submit", {"feedbackType": "kind", "rating": 3}, 422, "feedbackType"),
        ("/api/ai/feedback/submit", {"feedbackType": "fast", "rating": 6}, 422, "rating"),
        ("/v1/feedback", {"value": "text"}, 422, "value"),
        ("/v1/feedback", {"metric": "a b"}, 400, "metric"),
        ("/v1/feedback", {"value": 1e300}, 400, "value"),
        ("/v1/feedback", {}, 422, "value"),
    ],
)
async def test_what_is_wrong_is_said(
    desk: Desk, path: str, body: dict[str, Any], status: int, param: str | None
) -> None:
    operation = await desk.log()
    if path == "/v1/feedback":
        sent: dict[str, Any] = {"operation_id": operation} | body
    elif path.endswith("submit"):
        sent = {"operationId": operation} | body
    else:
        sent = PRINTED | {"operationId": operation} | body
    answer = await desk.http.post(path, json=sent)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["param"] == param


async def test_one_request_is_one_statement(desk: Desk) -> None:
    operation = await desk.log()
    with statements(desk.database) as sent:
        await desk.give(operation, "negative", correctedCategory="refund")
    assert len(sent) == 2, "the organization, and the feedback"


async def test_words_lie_sealed_and_are_shown_to_readers_of_contents(desk: Desk) -> None:
    operation = await desk.log()
    await desk.give(operation, "negative", comment="the sparrow is late", correction="a sparrow")
    async with desk.owner.transaction() as session:
        row = (await session.execute(text("SELECT f::text FROM feedback f"))).scalar_one()
        sealed = await session.scalar(text("SELECT sealed FROM feedback"))
    assert "sparrow" not in row
    assert b"sparrow" not in bytes(sealed)
    token = grant(desk.app, desk.organization_id, {Permission.FEEDBACK_READ})
    async with client(desk.app, token) as http:
        (item,) = (await http.get("/api/ai/feedback")).json()["items"]
    assert (item["comment"], item["correction"]) == (None, None)
    assert "contents:read" in item["withheld"]
    assert (await desk.items())[0]["comment"] == "the sparrow is late"


async def test_an_organization_may_keep_no_words(desk: Desk) -> None:
    organization_id = await make_organization(desk.database, "Discreet")
    token = grant(desk.app, organization_id, content=ContentMode.NONE)
    async with client(desk.app, token) as http:
        logged = await http.post("/api/ai/operations/log", json=LOGGED)
        body = {"operationId": logged.json()["id"], "feedbackType": "helpful", "rating": 5}
        await http.post("/api/ai/feedback/submit", json=body | {"comment": "lovely"})
        (item,) = (await http.get("/api/ai/feedback")).json()["items"]
    assert (item["comment"], item["commented"]) == (None, True)
    assert item["sentiment"] > 0
    async with desk.owner.transaction() as session:
        assert (
            await session.scalar(text("SELECT count(*) FROM feedback WHERE sealed IS NOT NULL"))
            == 0
        )


async def test_another_organization_sees_nothing(desk: Desk) -> None:
    operation = await desk.log()
    given = await desk.give(operation)
    await desk.settle()
    stranger = await make_organization(desk.database, "Stranger")
    async with client(desk.app, grant(desk.app, stranger)) as http:
        body = PRINTED | {"operationId": operation}
        assert (await http.post("/api/ai/feedback", json=body)).status_code in {201, 404}
        assert (await http.get(f"/api/ai/feedback/{given['id']}")).status_code == 404
        assert (await http.get("/api/ai/feedback/summary")).json()["told"] == 0
        listed = (await http.get("/api/ai/feedback")).json()["items"]
        assert all(each["model"] is None for each in listed), "what waits there finds nothing"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/ai/feedback"),
        ("POST", "/v1/feedback"),
        ("GET", "/api/ai/feedback"),
        ("GET", "/api/ai/feedback/summary"),
        ("GET", "/api/ai/feedback/trends"),
        ("POST", "/api/ai/feedback/review"),
    ],
)
async def test_without_the_permission_nothing_is_done(desk: Desk, method: str, path: str) -> None:
    body = PRINTED if path.endswith("/ai/feedback") else {"operation_id": "1", "value": True}
    if path.endswith("review"):
        body = {"ids": ["fb_1"], "action": "accept"}
    token = grant(desk.app, desk.organization_id, {Permission.AI_QUERY})
    async with client(desk.app, token) as http:
        sent = None if method == "GET" else body
        assert (await http.request(method, path, json=sent)).status_code == 403

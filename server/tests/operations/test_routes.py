"""Looking operations up: one by its id, many by filters, a window at a glance."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hone.core import clock, ids
from hone.core.keyring import CONTENT, Key
from hone.gateway import DataKey, Status, contents
from hone.identity import Permission
from tests.fixtures.app import client, grant, statements
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk
from tests.operations.frames import KEY_ID, attempt, identifier, land, opened, settled

LIST = "/api/ai/operations"
EMPTY: dict[str, Any] = {"items": [], "total": 0, "next": None, "searchedUntil": None}
REQUEST = {"model": "assistant", "messages": [{"role": "user", "content": "What does it cost?"}]}
ANSWER = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "From 900 EUR."}}]}
STREAM = b"""data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"From "}}]}

data: {"choices":[{"index":0,"delta":{"content":"900 EUR."}}]}

data: [DONE]

"""


def made_at(at: datetime) -> bytes:
    return ids.new(int(at.timestamp() * 1000)).bytes


async def content_key(desk: Desk) -> Key:
    month = ids.month(int(clock.now().timestamp() * 1000))
    async with desk.database.transaction(desk.organization_id) as session:
        return await desk.app.state.keyring.ensure(session, desk.organization_id, CONTENT, month)


async def land_with_content(desk: Desk, content: contents.Content) -> str:
    key = await content_key(desk)
    operation_id = ids.new()
    context = contents.context(desk.organization_id, operation_id)
    sealed = contents.pack(content, DataKey(key.id, "", key.secret), context)
    frame = settled(
        desk.organization_id, id=operation_id.bytes, content_key=key.id.bytes, content=sealed
    )
    await land(desk.owner_url, [frame])
    return identifier(frame)


def chat(answer: bytes, kind: contents.Kind, request: bytes | None = None) -> contents.Content:
    return contents.Content(request or json.dumps(REQUEST).encode(), answer, kind)


async def test_an_operation_shows_what_was_routed_billed_and_said(desk: Desk) -> None:
    made = await land_with_content(desk, chat(json.dumps(ANSWER).encode(), "json"))
    answer = await desk.http.get(f"{LIST}/{made}")
    assert answer.status_code == 200
    shown = answer.json()
    created_at = ids.created_at(UUID(made.removeprefix("op_")))
    assert datetime.fromisoformat(shown.pop("createdAt")) == created_at
    assert shown == {
        "id": made,
        "modelName": "gpt-4o",
        "route": "assistant",
        "provider": "openai",
        "kind": "chat",
        "status": "success",
        "errorCode": None,
        "inputTokens": 120,
        "outputTokens": 30,
        "costUsd": 0.0006,
        "latencyMs": 411.5,
        "ttftMs": 101.75,
        "stream": True,
        "userId": "u-1",
        "conversationId": "c-1",
        "caller": {"kind": "key", "id": ids.public("key", KEY_ID), "name": None},
        "neighbours": {"previous": None, "next": None},
        "lineage": {
            "conversation": "c-1",
            "feedback": None,
            "example": None,
            "dataset": None,
            "run": None,
            "version": None,
            "release": None,
        },
        "source": "gateway",
        "httpStatus": 200,
        "finishReason": "stop",
        "upstream": "gpt-4o-2026-08-06",
        "keyId": ids.public("key", KEY_ID),
        "externalId": None,
        "batchId": None,
        "split": None,
        "totalTokens": 150,
        "cachedTokens": 20,
        "cacheWriteTokens": 40,
        "cacheWriteHourTokens": 15,
        "reasoningTokens": 5,
        "usageEstimated": False,
        "revenueUsd": None,
        "overheadMs": 0.25,
        "confidence": None,
        "satisfactionScore": None,
        "attempts": [
            {
                "number": 1,
                "model": "gpt-4o",
                "provider": "openai",
                "upstream": "gpt-4o-2026-08-06",
                "status": 200,
                "error": None,
                "errorMessage": None,
                "startedMs": 0.4,
                "durationMs": 410.5,
                "ttftMs": 101.25,
                "inputTokens": 120,
                "outputTokens": 30,
                "cachedTokens": 20,
                "cacheWriteTokens": 40,
                "cacheWriteHourTokens": 15,
                "reasoningTokens": 5,
                "estimated": False,
                "costUsd": 0.0006,
            }
        ],
        "candidates": [
            {"model": "gpt-4o", "propensity": 0.75},
            {"model": "claude-sonnet", "propensity": 0.25},
        ],
        "reason": None,
        "metadata": None,
        "messages": [
            {"role": "user", "content": "What does it cost?"},
            {"role": "assistant", "content": "From 900 EUR."},
        ],
        "messagesWithheld": None,
    }


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (
            chat(STREAM, "sse"),
            [*REQUEST["messages"], {"role": "assistant", "content": "From 900 EUR."}],
        ),
        (chat(b"", "json"), REQUEST["messages"]),
        (chat(b"not json", "json", b"nor this"), []),
        (
            chat(b'{"data":[]}', "json", b'{"input":["a","b"]}'),
            [{"role": "user", "content": ["a", "b"]}],
        ),
        (
            chat(
                rb'{"choices":[{"message":{"role":"assistant","content":"\u0000\ud800"}}]}',
                "json",
                rb'{"messages":[{"role":"user","content":"\udfff","n":NaN}]}',
            ),
            [
                {"role": "user", "content": "\ufffd", "n": None},
                {"role": "assistant", "content": "\ufffd\ufffd"},
            ],
        ),
        (
            chat(b"[]", "json", b'{"input":' + b"[" * 100 + b"]" * 100 + b"}"),
            None,
        ),
        (chat(b"[]", "json", b"[" * 100_000), []),
    ],
)
async def test_whatever_was_said_can_be_shown(
    desk: Desk, content: contents.Content, messages: list[object] | None
) -> None:
    made = await land_with_content(desk, content)
    answer = await desk.http.get(f"{LIST}/{made}")
    assert answer.status_code == 200
    if messages is not None:
        assert answer.json()["messages"] == messages


async def test_messages_need_their_own_permission(desk: Desk) -> None:
    made = await land_with_content(desk, chat(b"", "json"))
    token = grant(desk.app, desk.organization_id, {Permission.OPERATIONS_READ})
    async with client(desk.app, token) as http:
        shown = (await http.get(f"{LIST}/{made}")).json()
    assert shown["messages"] is None
    assert shown["messagesWithheld"] == "Reading contents needs the permission 'contents:read'."


async def test_messages_say_why_they_are_missing(desk: Desk) -> None:
    made = await land_with_content(desk, chat(b"", "json"))
    async with desk.owner.transaction() as session:
        await session.execute(text("UPDATE operation_contents SET sealed = 'altered'"))
    assert (await desk.http.get(f"{LIST}/{made}")).json()["messagesWithheld"] == (
        "This content cannot be read."
    )
    async with desk.owner.transaction() as session:
        await session.execute(text("DELETE FROM data_keys"))
    assert (await desk.http.get(f"{LIST}/{made}")).json()["messagesWithheld"] == (
        "The key that sealed this content was destroyed."
    )
    async with desk.owner.transaction() as session:
        await session.execute(text("DELETE FROM operation_contents"))
    shown = (await desk.http.get(f"{LIST}/{made}")).json()
    assert shown["messages"] is None
    assert shown["messagesWithheld"] == "No content was kept of this operation."


async def test_a_content_of_another_operation_does_not_open(desk: Desk) -> None:
    first = await land_with_content(desk, chat(b"", "json"))
    second = await land_with_content(desk, chat(b"", "json"))
    async with desk.owner.transaction() as session:
        await session.execute(
            text(
                "UPDATE operation_contents SET sealed ="
                " (SELECT sealed FROM operation_contents WHERE id = :first) WHERE id = :second"
            ),
            {"first": UUID(first.removeprefix("op_")), "second": UUID(second.removeprefix("op_"))},
        )
    shown = (await desk.http.get(f"{LIST}/{second}")).json()
    assert shown["messages"] is None


async def test_an_interrupted_call_is_shown_as_such(desk: Desk) -> None:
    frame = opened(desk.organization_id)
    await land(desk.owner_url, interrupted=[[frame]])
    shown = (await desk.http.get(f"{LIST}/{identifier(frame)}")).json()
    assert (shown["status"], shown["errorCode"]) == ("interrupted", "interrupted")
    assert shown["usageEstimated"] is True
    assert shown["attempts"][0]["costUsd"] == shown["costUsd"] == 0.00025


async def test_an_operation_is_found_by_its_bare_id_and_by_no_other(desk: Desk) -> None:
    frame = settled(desk.organization_id)
    await land(desk.owner_url, [frame])
    made = UUID(bytes=frame.id)
    for name in (str(made), made.hex, ids.public("op", made)):
        assert (await desk.http.get(f"{LIST}/{name}")).status_code == 200
    old = ids.new(1_500_000_000_000)
    for name in (
        ids.public("key", made),
        ids.public("op", old),
        "op_" + "f" * 32,
        "00000000-0000-0000-0000-000000000000",
        "nothing",
        "%00",
        "%ff",
        "x" * 3000,
    ):
        answer = await desk.http.get(f"{LIST}/{name}")
        assert answer.status_code == 404, name
        assert answer.json()["error"]["code"] == "not_found"
        assert "yet" not in answer.json()["error"]["message"]


async def test_a_call_that_was_just_answered_may_need_a_moment(desk: Desk) -> None:
    answer = await desk.http.get(f"{LIST}/{ids.public('op', ids.new())}")
    assert answer.status_code == 404
    assert "a second" in answer.json()["error"]["message"]


async def test_a_foreign_operation_looks_like_a_missing_one(desk: Desk) -> None:
    frame = settled(await make_organization(desk.database, "Other"))
    await land(desk.owner_url, [frame])
    answer = await desk.http.get(f"{LIST}/{identifier(frame)}")
    assert answer.status_code == 404
    assert (await desk.http.get(LIST)).json() == EMPTY


@pytest.mark.parametrize("path", [LIST, f"{LIST}/op_1", "/api/ai/overview"])
async def test_reading_needs_a_permission(desk: Desk, path: str) -> None:
    async with client(desk.app, grant(desk.app, desk.organization_id, {"ai:query"})) as http:
        answer = await http.get(path)
    assert answer.status_code == 403
    assert answer.json()["error"]["details"] == {"permission": "operations:read"}
    async with client(desk.app) as http:
        assert (await http.get(path)).status_code == 401


async def names(desk: Desk, **query: Any) -> list[str]:
    answer = await desk.http.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return [row["userId"] for row in answer.json()["items"]]


async def test_pages_follow_each_other_newest_first(desk: Desk) -> None:
    now = clock.now()
    # Two of each millisecond: the id decides between them.
    frames = [
        settled(desk.organization_id, id=made_at(now + timedelta(milliseconds=number // 2)))
        for number in range(25)
    ]
    await land(desk.owner_url, frames)
    expected = [identifier(frame) for frame in sorted(frames, key=lambda each: each.id)][::-1]
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "10"} | ({"cursor": cursor} if cursor else {})
        page = (await desk.http.get(LIST, params=query)).json()
        assert page["total"] == 25
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == expected


async def test_a_list_item_is_brief(desk: Desk) -> None:
    await land(desk.owner_url, [settled(desk.organization_id)])
    (item,) = (await desk.http.get(LIST)).json()["items"]
    assert list(item) == [
        "id", "createdAt", "modelName", "route", "provider", "kind", "status", "errorCode",
        "inputTokens", "outputTokens", "cachedTokens", "cacheWriteTokens",
        "cacheWriteHourTokens", "costUsd", "latencyMs",
        "ttftMs", "stream", "userId", "conversationId",
    ]  # fmt: skip


async def test_totals_stop_at_ten_thousand(desk: Desk) -> None:
    frames = [settled(desk.organization_id, user="many") for _ in range(10_001)]
    await land(desk.owner_url, frames[1:])
    assert (await desk.http.get(LIST, params={"limit": 1})).json()["total"] == 10_000
    await land(desk.owner_url, frames[:1])
    page = (await desk.http.get(LIST, params={"limit": 1})).json()
    assert (page["total"], len(page["items"])) == (None, 1)


async def fill(desk: Desk) -> None:
    organization_id, now = desk.organization_id, clock.now()
    await land(
        desk.owner_url,
        [
            settled(organization_id, user="plain", conversation="c-9", id=made_at(now)),
            settled(
                organization_id,
                user="failed",
                status=Status.ERROR,
                error="upstream_timeout",
                latency_ms=9000.0,
                id=made_at(now - timedelta(hours=1)),
            ),
            settled(
                organization_id,
                user="dear",
                route="big",
                endpoint="embeddings",
                key_id=organization_id.bytes,
                attempts=[attempt(model="o-100%_x", cost=2 * 10**12)],
                id=made_at(now - timedelta(hours=2)),
            ),
            settled(organization_id, user="old", id=made_at(now - timedelta(days=20))),
        ],
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["plain", "failed", "dear", "old"]),
        ({"model": "o-100%_x"}, ["dear"]),
        ({"model": ["o-100%_x", "gpt-4o"]}, ["plain", "failed", "dear", "old"]),
        ({"status": "error"}, ["failed"]),
        ({"status": "success", "kind": "chat"}, ["plain", "old"]),
        ({"kind": "embeddings"}, ["dear"]),
        ({"route": "big"}, ["dear"]),
        ({"user": "old"}, ["old"]),
        ({"conversation": "c-9"}, ["plain"]),
        ({"errorCode": "upstream_timeout"}, ["failed"]),
        ({"minCost": 1.5}, ["dear"]),
        ({"minLatency": 5000}, ["failed"]),
        ({"q": "TIMEOUT"}, ["failed"]),
        ({"q": "0%_"}, ["dear"]),
        ({"q": "%"}, ["dear"]),
        ({"q": "\\"}, []),
        ({"q": "gpt"}, ["plain", "failed", "old"]),
        ({"q": "'; DROP TABLE operations; --"}, []),
        ({"q": "a\0b"}, []),
        ({"user": "a\0b"}, []),
        ({"key": ids.public("key", KEY_ID)}, ["plain", "failed", "old"]),
        ({"key": str(KEY_ID), "status": "error"}, ["failed"]),
        ({"from": "1970-01-01", "to": "1971-01-01T00:00:00Z"}, []),
    ],
    ids=str,
)
async def test_filters_narrow_the_list(desk: Desk, query: dict[str, Any], found: list[str]) -> None:
    await fill(desk)
    assert await names(desk, **query) == found


async def test_a_time_range_includes_its_start_and_not_its_end(desk: Desk) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    await land(desk.owner_url, [settled(desk.organization_id, id=made_at(at))])
    later = (at + timedelta(milliseconds=1)).isoformat()
    assert await names(desk, **{"from": at.isoformat(), "to": later}) == ["u-1"]
    assert await names(desk, **{"from": "2026-03-04T05:06:07"}) == ["u-1"]
    assert await names(desk, to=at.isoformat()) == []
    assert await names(desk, **{"from": later}) == []


async def test_search_goes_back_as_far_as_it_is_told(desk: Desk) -> None:
    await fill(desk)
    now = clock.now()
    start = (now - timedelta(days=30)).isoformat()
    assert await names(desk, q="gpt", **{"from": start}) == ["plain", "failed", "old"]
    assert await names(desk, q="gpt") == ["plain", "failed", "old"]


async def test_search_finds_an_operation_by_its_id(desk: Desk) -> None:
    frame = settled(desk.organization_id, user="sought")
    await land(desk.owner_url, [frame, settled(desk.organization_id)])
    assert await names(desk, q=identifier(frame)) == ["sought"]
    assert await names(desk, q="op_" + "f" * 32) == []


@pytest.mark.parametrize(
    ("query", "status", "param"),
    [
        ({"limit": 0}, 422, "limit"),
        ({"limit": 501}, 422, "limit"),
        ({"limit": "ten"}, 422, "limit"),
        ({"from": "yesterday"}, 422, "from"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, 422, "to"),
        ({"minCost": -1}, 422, "minCost"),
        ({"minCost": "nan"}, 422, "minCost"),
        ({"minLatency": "inf"}, 422, "minLatency"),
        ({"key": "not a key"}, 422, "key"),
        ({"q": ""}, 422, "q"),
        ({"q": "x" * 201}, 422, "q"),
        ({"model": ["m"] * 51}, 422, "model"),
        ({"color": "red"}, 422, "color"),
        ({"cursor": "nonsense"}, 400, "cursor"),
        ({"cursor": "WyJub3QgYW4gaWQiXQ"}, 400, "cursor"),
        ({"cursor": "WyJmZmZmZmZmZmZmZmY3MDAwODAwMDAwMDAwMDAwMDAwMCJd"}, 400, "cursor"),
    ],
    ids=str,
)
async def test_a_bad_query_is_refused_by_name(
    desk: Desk, query: dict[str, Any], status: int, param: str
) -> None:
    answer = await desk.http.get(LIST, params=query)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)


async def test_a_search_that_takes_too_long_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hone.operations.repository.PAGE_TIMEOUT_MS", 1)
    async with desk.owner.transaction() as session:
        await session.execute(text("LOCK TABLE operations"))
        answer = await desk.http.get(LIST)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "search_too_broad"


async def test_a_total_that_takes_too_long_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hone.operations.repository.COUNT_TIMEOUT_MS", 1)
    async with desk.owner.transaction() as session:
        # Slow for everyone who counts: each row is looked at by a function that sleeps.
        await session.execute(
            text(
                "CREATE FUNCTION slow() RETURNS boolean LANGUAGE plpgsql"
                " AS 'BEGIN PERFORM pg_sleep(0.02); RETURN true; END'"
            )
        )
        await session.execute(
            text("CREATE POLICY slow ON operations AS RESTRICTIVE USING (slow())")
        )
    await land(desk.owner_url, [settled(desk.organization_id) for _ in range(3)])
    page = (await desk.http.get(LIST, params={"limit": 1, "minLatency": 1})).json()
    assert (page["total"], len(page["items"])) == (None, 1)


async def test_few_queries_answer_a_request(desk: Desk) -> None:
    frames = [settled(desk.organization_id) for _ in range(5)]
    await land(desk.owner_url, frames)
    made = await land_with_content(desk, chat(b"", "json"))
    for path, expected in (
        (LIST, 5),
        (f"{LIST}?limit=2", 8),
        (f"{LIST}/{made}", 7),
        ("/api/ai/overview?window=24h", 3),
    ):
        with statements(desk.database) as sent:
            assert (await desk.http.get(path)).status_code == 200
        assert len(sent) <= expected, (path, sent)

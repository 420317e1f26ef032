"""Calls that were made elsewhere are recorded as they are told."""

import asyncio
import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from hone.core import clock, ids
from hone.gateway import ContentMode
from hone.identity import Permission
from hone.operations.models import OperationMinute
from tests.fixtures.app import client, grant, statements
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk

LOG = "/api/ai/operations/log"
PRINTED: dict[str, Any] = {
    "modelId": "ticket-classifier",
    "operationType": "classification",
    "input": "my card was declined",
    "output": "billing",
    "confidence": 0.61,
    "responseTimeMs": 120,
    "inputTokens": 9,
    "outputTokens": 1,
    "success": True,
    "errorMessage": None,
    "userId": "u-1",
    "conversationId": None,
    "externalId": 123,
    "metadata": {"ticket": 7},
}
JSON = {"content-type": "application/json"}
LEAST = {"modelId": "m", "operationType": "chat"}


@pytest.mark.parametrize("path", [LOG, "/ai/operations/log"])
async def test_a_call_is_logged_as_printed(desk: Desk, path: str) -> None:
    answer = await desk.http.post(path, json=PRINTED)
    assert answer.status_code == 201, answer.text
    logged = answer.json()
    assert logged["id"].startswith("op_")
    assert abs(datetime.fromisoformat(logged["createdAt"]) - clock.now()).total_seconds() < 10
    expected = {
        "modelName": "ticket-classifier",
        "kind": "classification",
        "source": "log",
        "status": "success",
        "inputTokens": 9,
        "outputTokens": 1,
        "latencyMs": 120,
        "confidence": 0.61,
        "userId": "u-1",
        "conversationId": None,
        "externalId": "123",
        "metadata": {"ticket": 7},
        "errorCode": None,
        "messages": [
            {"role": "user", "content": "my card was declined"},
            {"role": "assistant", "content": "billing"},
        ],
    }
    assert {name: logged[name] for name in expected} == expected
    for name in (logged["id"], "123"):
        shown = await desk.http.get(f"/api/ai/operations/{name}")
        assert shown.status_code == 200
        assert shown.json() == logged


async def test_snake_case_is_understood_too(desk: Desk) -> None:
    answer = await desk.http.post(
        LOG, json={"model_id": "m", "operation_type": "chat", "response_time_ms": 5}
    )
    assert answer.status_code == 201
    logged = answer.json()
    assert (logged["modelName"], logged["latencyMs"]) == ("m", 5)
    assert (logged["messages"], logged["messagesWithheld"]) == (
        None,
        "No content was kept of this operation.",
    )


async def test_a_failed_call_says_why(desk: Desk) -> None:
    body = {**LEAST, "success": False, "errorMessage": "no such queue"}
    logged = (await desk.http.post(LOG, json=body)).json()
    assert (logged["status"], logged["errorCode"]) == ("error", "reported_error")
    assert logged["attempts"][0]["errorMessage"] == "no such queue"


async def test_the_same_external_id_again_is_the_same_operation(desk: Desk) -> None:
    first = await desk.http.post(LOG, json=PRINTED)
    again = await desk.http.post(LOG, json={**PRINTED, "externalId": "123", "output": "other"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = await make_organization(desk.database, "Other")
    async with client(desk.app, grant(desk.app, other)) as http:
        theirs = await http.post(LOG, json=PRINTED)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != first.json()["id"]
    assert (await desk.http.get("/api/ai/operations")).json()["total"] == 1


async def test_the_same_external_id_at_the_same_time_is_one_operation(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.http.post(LOG, json=PRINTED) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_logged_call_counts_in_its_minute(desk: Desk) -> None:
    money = {"costUsd": 0.1, "revenueUsd": 0.3, "satisfactionScore": 4.5, "provider": "own"}
    body = {**LEAST, "responseTimeMs": 120, **money}
    await desk.http.post(LOG, json=body)
    logged = (await desk.http.post(LOG, json=body)).json()
    assert (logged["costUsd"], logged["revenueUsd"]) == (0.1, 0.3)
    assert (logged["satisfactionScore"], logged["provider"]) == (4.5, "own")
    async with desk.owner.transaction() as session:
        minutes = (await session.scalars(select(OperationMinute))).all()
    assert sum(minute.requests for minute in minutes) == 2
    assert sum(minute.cost for minute in minutes) == 2 * 10**11
    assert {(minute.model, minute.route, minute.status) for minute in minutes} == {
        ("m", "", "success")
    }
    assert sum(sum(minute.latency) for minute in minutes) == 2
    totals = (await desk.http.get("/api/ai/overview?window=15m")).json()["totals"]
    assert totals["requests"] == 2


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ([{"role": "system", "content": "s"}], [{"role": "system", "content": "s"}]),
        (["a", 1], [{"role": "user", "content": ["a", 1]}]),
        ({"ticket": 7}, [{"role": "user", "content": {"ticket": 7}}]),
        ("a\0b\ud800", [{"role": "user", "content": "a\ufffdb\ufffd"}]),
        (None, []),
    ],
)
async def test_any_input_can_be_kept(
    desk: Desk, asked: object, shown: list[dict[str, object]]
) -> None:
    answer = await desk.http.post(
        LOG,
        content=json.dumps({**LEAST, "input": asked, "output": {"label": "x"}}),
        headers=JSON,
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["messages"] == [
        *shown,
        {"role": "assistant", "content": {"label": "x"}},
    ]


async def test_contents_lie_sealed(desk: Desk) -> None:
    await desk.http.post(LOG, json=PRINTED)
    async with desk.owner.transaction() as session:
        sealed = (await session.execute(text("SELECT sealed FROM operation_contents"))).scalar_one()
    assert b"declined" not in bytes(sealed)


async def test_an_organization_may_keep_no_contents(desk: Desk) -> None:
    organization_id = await make_organization(desk.database, "Discreet")
    token = grant(desk.app, organization_id, content=ContentMode.NONE)
    async with client(desk.app, token) as http:
        logged = (await http.post(LOG, json=PRINTED)).json()
    assert logged["messages"] is None
    async with desk.owner.transaction() as session:
        kept = await session.scalar(text("SELECT count(*) FROM operation_contents"))
    assert kept == 0


async def test_who_may_not_read_contents_does_not_get_them_back(desk: Desk) -> None:
    token = grant(desk.app, desk.organization_id, {Permission.OPERATIONS_WRITE})
    async with client(desk.app, token) as http:
        for _ in range(2):
            logged = (await http.post(LOG, json=PRINTED)).json()
            assert logged["messages"] is None
            assert "contents:read" in logged["messagesWithheld"]


async def test_logging_needs_its_permission(desk: Desk) -> None:
    token = grant(desk.app, desk.organization_id, {Permission.OPERATIONS_READ})
    async with client(desk.app, token) as http:
        answer = await http.post(LOG, json=PRINTED)
    assert answer.status_code == 403
    assert answer.json()["error"]["details"] == {"permission": "operations:write"}


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"modelId": None}, "modelId"),
        ({"modelId": ""}, "modelId"),
        ({"modelId": 7}, "modelId"),
        ({"modelId": "x" * 513}, "modelId"),
        ({"operationType": "x" * 65}, "operationType"),
        ({"confidence": 1.01}, "confidence"),
        ({"confidence": "NaN"}, "confidence"),
        ({"responseTimeMs": -1}, "responseTimeMs"),
        ({"inputTokens": 2**31}, "inputTokens"),
        ({"inputTokens": 1.5}, "inputTokens"),
        ({"outputTokens": -1}, "outputTokens"),
        ({"costUsd": 1e9}, "costUsd"),
        ({"revenueUsd": -1}, "revenueUsd"),
        ({"satisfactionScore": 1e9}, "satisfactionScore"),
        ({"success": "perhaps"}, "success"),
        ({"errorMessage": "x" * 2001}, "errorMessage"),
        ({"externalId": ""}, "externalId"),
        ({"externalId": "x" * 257}, "externalId"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {str(number): 1 for number in range(101)}}, "metadata"),
        ({"metadata": {"a": float("nan")}}, "metadata"),
        ({"input": float("inf")}, "input"),
        ({"input": json.loads("[" * 70 + "]" * 70)}, "input"),
        ({"colour": "red"}, "colour"),
        ({"\ud800": "red"}, None),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
async def test_a_bad_value_is_refused_by_name(
    desk: Desk, changes: dict[str, object], param: str | None
) -> None:
    answer = await desk.http.post(LOG, content=json.dumps({**PRINTED, **changes}), headers=JSON)
    assert answer.status_code == 422, answer.text
    if param is not None:
        assert answer.json()["error"]["param"].split(".")[0] == param


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    answer = await desk.http.post(LOG, content=body, headers=JSON)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["code"] in {"invalid_json", "invalid"}


@pytest.mark.parametrize("field", ["responseTimeMs", "confidence", "satisfactionScore"])
async def test_a_number_that_is_too_small_for_its_column_is_nought(desk: Desk, field: str) -> None:
    answer = await desk.http.post(LOG, json={**PRINTED, field: 5e-324})
    assert answer.status_code == 201, answer.text


async def test_text_that_cannot_be_stored_is_cleaned(desk: Desk) -> None:
    body = {
        **PRINTED,
        "userId": "a\0",
        "externalId": "\ud800x",
        "metadata": {"k\0": "\udfff", "list": ["\0"], "big": 10**30},
    }
    answer = await desk.http.post(LOG, content=json.dumps(body), headers=JSON)
    assert answer.status_code == 201, answer.text
    logged = answer.json()
    assert (logged["userId"], logged["externalId"]) == ("a\ufffd", "\ufffdx")
    assert logged["metadata"] == {"k\ufffd": "\ufffd", "list": ["\ufffd"], "big": 10**30}


async def test_a_month_without_a_partition_is_told_apart(desk: Desk) -> None:
    month = ids.month(int(clock.now().timestamp() * 1000)).replace("-", "_")
    async with desk.owner.transaction() as session:
        await session.execute(text(f"DROP TABLE operations_{month}"))
    answer = await desk.http.post(LOG, json=PRINTED)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "month_not_ready"
    assert answer.headers["retry-after"] == "1"


async def test_few_statements_log_a_call(desk: Desk) -> None:
    await desk.http.post(LOG, json=PRINTED)
    with statements(desk.database) as sent:
        answer = await desk.http.post(LOG, json={**PRINTED, "externalId": 124})
    assert answer.status_code == 201
    assert len(sent) <= 11, sent

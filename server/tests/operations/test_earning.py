"""What calls earned: told with the call, or later, and added up with what they cost."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import http, ids
from hone.gateway import Status
from hone.operations import revenue
from hone.operations.costs.routes import router as costs
from tests.fixtures.app import client, grant
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk
from tests.operations.frames import attempt, identifier, land, opened, settled

PICO = 10**12


async def _rows(desk: Desk, query: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(desk.owner_url) as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def _tell(desk: Desk, **earned: float | None) -> dict[str, Any]:
    items = [{"operationId": each, "revenueUsd": usd} for each, usd in earned.items()]
    answer = await desk.http.post("/api/ai/operations/revenue", json={"items": items})
    assert answer.status_code == 200, answer.text
    return answer.json()


@given(st.decimals(0, 10_000, places=12), st.booleans())
def test_what_is_told_is_kept_to_the_pico_dollar(usd: Any, as_text: bool) -> None:
    told = f'"{usd:f}"' if as_text else f"{usd:f}"
    metadata = f'{{"a": 1, "revenue_usd": {told}}}'.encode()
    exact = int(usd * PICO)
    # A number goes through a double, which holds fifteen digits.
    allowed = 0 if as_text else exact * 2**-52 + 1
    assert abs((revenue.told(metadata) or 0) - exact) <= allowed


@pytest.mark.parametrize(
    "value",
    [True, None, [1], {"usd": 1}, "", "much", "-1", -0.01, 10_001, "1e400", "NaN", "9" * 50],
)
def test_what_makes_no_sense_says_nothing(value: object) -> None:
    assert revenue.told(json.dumps({"revenue_usd": value}).encode()) is None
    assert revenue.told(json.dumps({"nested": {"revenue_usd": 1}}).encode()) is None


async def test_a_call_says_what_it_earned_unless_it_failed(desk: Desk) -> None:
    sold = {"metadata": b'{"revenue_usd":"0.25"}'}
    frames = [
        settled(desk.organization_id, **sold),
        settled(desk.organization_id, status=Status.ERROR, **sold),
        settled(desk.organization_id, metadata=b'{"revenue_usd":"a lot"}'),
    ]
    await land(desk.owner_url, frames, [[opened(desk.organization_id, **sold)]])
    found = [await desk.http.get(f"/api/ai/operations/{identifier(each)}") for each in frames]
    assert [each.json()["revenueUsd"] for each in found] == [0.25, None, None]
    died = await _rows(desk, "SELECT revenue FROM operations WHERE status = 'interrupted'")
    assert died == [(None,)]


async def test_what_is_told_later_counts_in_every_sum(desk: Desk) -> None:
    http.add_routers(desk.app, costs)
    calls = [settled(desk.organization_id, attempts=[attempt(cost=PICO // 4)]) for _ in range(3)]
    await land(desk.owner_url, calls)
    theirs = str(ids.new())
    logged = {"modelId": "gpt-4o", "operationType": "chat", "externalId": theirs, "costUsd": 0.25}
    made = await desk.http.post("/api/ai/operations/log", json={**logged, "revenueUsd": 5})
    assert made.status_code == 201
    first, second, _ = map(identifier, calls)
    unknown = ids.public("op", ids.new())
    earned = {first: 1.5, second: 0, theirs: 2.25, unknown: 9, "sale-8": 9}
    told = await _tell(desk, **earned)
    assert told == {"changed": 3, "unchanged": 0, "missing": [unknown, "sale-8"]}
    again = await _tell(desk, **earned)
    assert (again["changed"], again["unchanged"]) == (0, 3)
    report = (await desk.http.get("/api/costs", params={"by": "model"})).json()
    (item,) = report["items"]
    for each in (report["total"], item):
        assert (each["costUsd"], each["revenueUsd"], each["marginUsd"]) == (1.0, 3.75, 2.75)
        assert (each["calls"], each["earningCalls"]) == (4, 3)
    assert (await _tell(desk, **{theirs: None}))["changed"] == 1
    total = (await desk.http.get("/api/costs")).json()["total"]
    assert (total["revenueUsd"], total["earningCalls"]) == (1.5, 2)
    events = await _rows(
        desk, "SELECT data FROM event_inbox WHERE name = 'revenue.told' ORDER BY id"
    )
    assert [data for (data,) in events] == [
        {"operations": 3, "revenueBefore": 5 * PICO, "revenueAfter": 375 * PICO // 100},
        {"operations": 1, "revenueBefore": 225 * PICO // 100, "revenueAfter": 0},
    ]
    differ = await _rows(
        desk,
        "SELECT span, sum(cost), sum(revenue), sum(calls) FROM operation_costs GROUP BY 1"
        " HAVING (sum(cost), sum(revenue), sum(calls)) IS DISTINCT FROM"
        " (SELECT (sum(cost), sum(coalesce(revenue, 0)), count(*)::numeric) FROM operations)",
    )
    assert differ == []


async def test_another_organization_earns_nothing_from_ours(desk: Desk) -> None:
    call = settled(desk.organization_id)
    await land(desk.owner_url, [call])
    other = await make_organization(desk.database, "Other")
    body = {"items": [{"operationId": identifier(call), "revenueUsd": 1}]}
    async with client(desk.app, grant(desk.app, other)) as http:
        answer = await http.post("/api/ai/operations/revenue", json=body)
    assert answer.json() == {"changed": 0, "unchanged": 0, "missing": [identifier(call)]}
    async with client(desk.app, grant(desk.app, desk.organization_id, ["operations:read"])) as http:
        assert (await http.post("/api/ai/operations/revenue", json=body)).status_code == 403


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"operationId": "a", "revenueUsd": -1}],
        [{"operationId": "a", "revenueUsd": 10_001}],
        [{"operationId": "a"}],
        [{"operationId": "a", "revenueUsd": 1}, {"operationId": "a", "revenueUsd": 2}],
        [{"operationId": f"a{number}", "revenueUsd": 1} for number in range(1001)],
    ],
)
async def test_what_cannot_be_meant_is_refused(desk: Desk, items: list[Any]) -> None:
    answer = await desk.http.post("/api/ai/operations/revenue", json={"items": items})
    assert answer.status_code == 422

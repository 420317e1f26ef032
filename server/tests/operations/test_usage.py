"""What each route and each model did comes from the sums of minutes."""

from datetime import timedelta
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Database
from hone.gateway import Status
from hone.identity import Permission
from tests.fixtures.app import client, grant
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk
from tests.operations.frames import attempt, land, settled


def _id(minutes_ago: int) -> bytes:
    at = clock.now() - timedelta(minutes=minutes_ago)
    return ids.new(int(at.timestamp() * 1000)).bytes


async def _land(desk: Desk, organization_id: UUID) -> None:
    await land(
        desk.owner_url,
        [
            *(settled(organization_id, id=_id(1), latency_ms=100.0) for _ in range(3)),
            settled(organization_id, id=_id(1), status=Status.ERROR, latency_ms=1000.0),
            settled(organization_id, id=_id(1), attempts=[attempt(model="mini", cost=10**12)]),
            settled(organization_id, id=_id(30)),
        ],
    )


async def test_models_are_summed_up_the_busiest_first(desk: Desk) -> None:
    await _land(desk, desk.organization_id)
    answer = await desk.http.get("/api/ai/usage", params={"by": "model", "window": "15m"})
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert (first["requests"], first["errors"]) == (4, 1)
    assert 900 < first["p95Ms"] < 1100
    assert (second["name"], second["requests"], second["errors"]) == ("mini", 1, 0)
    assert second["costUsd"] == 1
    day = (await desk.http.get("/api/ai/usage", params={"by": "model"})).json()
    assert (day["window"], day["items"][0]["requests"]) == ("24h", 5)


async def test_routes_are_summed_up(desk: Desk) -> None:
    await _land(desk, desk.organization_id)
    (only,) = (await desk.http.get("/api/ai/usage", params={"by": "route"})).json()["items"]
    assert (only["requests"], only["errors"]) == (6, 1)
    bad = await desk.http.get("/api/ai/usage", params={"by": "user_id"})
    assert bad.status_code == 422


async def test_only_ones_own_is_summed_up_and_only_with_the_permission(
    desk: Desk, database: Database
) -> None:
    await _land(desk, await make_organization(database))
    assert (await desk.http.get("/api/ai/usage", params={"by": "route"})).json()["items"] == []
    token = grant(desk.app, desk.organization_id, {Permission.AI_QUERY})
    async with client(desk.app, token) as http:
        assert (await http.get("/api/ai/usage", params={"by": "route"})).status_code == 403

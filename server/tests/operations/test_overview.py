"""The overview's figures come from the sums of minutes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import clock, ids
from hone.gateway import SHADOW, Exposure, Settled, Status
from hone.operations import overview
from hone.operations.schemas import Window
from tests.operations.conftest import Desk
from tests.operations.frames import attempt, identifier, land, opened, settled


def made_at(at: datetime) -> bytes:
    return ids.new(int(at.timestamp() * 1000)).bytes


def copied(organization_id: UUID, **changes: object) -> Settled:
    """Make the frame of a copy for a release that is tried unseen."""
    met = Exposure(ids.new().bytes, SHADOW, 1.0, 7)
    return settled(organization_id, exposure=met, **changes)


async def test_a_copy_that_nobody_met_costs_and_counts_for_nothing_else(desk: Desk) -> None:
    mine, slow = desk.organization_id, [attempt(model="next", cost=10**12)]
    now = clock.now()
    first, second, copy, other, third = (
        made_at(now - timedelta(milliseconds=100 - number)) for number in range(5)
    )
    talk = [settled(mine, id=each, latency_ms=100.0) for each in (first, second, third)]
    copies = [
        copied(mine, id=copy, latency_ms=60_000.0, attempts=slow),
        copied(mine, id=other, latency_ms=60_000.0, attempts=slow, status=Status.ERROR, error="x"),
    ]
    await land(desk.owner_url, [*talk, *copies])
    for window in ("15m", "24h"):
        shown = (await desk.http.get("/api/ai/overview", params={"window": window})).json()
        totals = shown["totals"]
        assert (totals["requests"], totals["errors"]) == (3, 0)
        assert 90 < totals["p99Ms"] < 130
        assert totals["costUsd"] == pytest.approx(3 * 0.0006 + 2), "what was spent was spent"
    used = (await desk.http.get("/api/ai/usage", params={"by": "model", "window": "15m"})).json()
    assert [(each["name"], each["requests"], each["errors"]) for each in used["items"]] == [
        ("gpt-4o", 3, 0),
        ("next", 0, 0),
    ]
    asked = f"/api/ai/operations/{identifier(talk[1])}"
    whole = (await desk.http.get(asked)).json()
    assert whole["neighbours"]["next"] == identifier(talk[2]), (
        "a conversation goes on with what was answered"
    )
    listed = (await desk.http.get("/api/ai/operations")).json()
    assert len(listed["items"]) == 5, "the log hides nothing"


async def test_a_window_is_summed_up(desk: Desk) -> None:
    organization_id, now = desk.organization_id, clock.now()
    earlier, before = now - timedelta(minutes=5), now - timedelta(minutes=20)
    await land(
        desk.owner_url,
        [
            *(settled(organization_id, id=made_at(now), latency_ms=100.0) for _ in range(6)),
            settled(organization_id, id=made_at(now), status=Status.ERROR, latency_ms=1000.0),
            settled(organization_id, id=made_at(now), status=Status.CANCELLED, ttft_ms=None),
            settled(
                organization_id,
                id=made_at(earlier),
                attempts=[attempt(model="mini", cost=10**12)],
            ),
            settled(organization_id, id=made_at(before), latency_ms=50.0),
        ],
        interrupted=[[opened(organization_id, id=made_at(now))]],
    )
    answer = await desk.http.get("/api/ai/overview", params={"window": "15m"})
    assert answer.status_code == 200
    shown = answer.json()
    assert list(shown) == ["asOf", "window", "totals", "series", "models"]
    totals = shown["totals"]
    assert list(totals) == [
        "requests", "errors", "errorRate", "costUsd", "inputTokens", "outputTokens",
        "requestsPerSecond", "p50Ms", "p95Ms", "p99Ms", "ttftP50Ms", "previous",
    ]  # fmt: skip
    assert (totals["requests"], totals["errors"]) == (10, 2)
    assert totals["errorRate"] == 0.2
    assert totals["costUsd"] == pytest.approx(8 * 0.0006 + 1 + 0.00025)
    assert (totals["inputTokens"], totals["outputTokens"]) == (9 * 120 + 100, 270)
    assert totals["requestsPerSecond"] == pytest.approx(10 / (14.5 * 60), rel=0.05)
    assert totals["p50Ms"] == pytest.approx(100, rel=0.1)
    assert totals["p99Ms"] == pytest.approx(1000, rel=0.1)
    assert totals["ttftP50Ms"] == pytest.approx(101.75, rel=0.1)
    assert totals["previous"]["requests"] == 1
    assert totals["previous"]["errorRate"] == 0
    assert totals["previous"]["costUsd"] == 0.0006
    assert totals["previous"]["p95Ms"] == pytest.approx(50, rel=0.1)
    series = shown["series"]
    assert list(series[0]) == ["at", "requests", "errors", "costUsd", "p50Ms", "p95Ms", "p99Ms"]
    assert len(series) == 15
    assert sum(point["requests"] for point in series) == 10
    assert [point["requests"] for point in series if point["requests"]] == [1, 9]
    assert series[0]["p95Ms"] is None
    (big, small) = shown["models"]
    assert list(big) == ["model", "requests", "share", "errors", "costUsd", "p95Ms"]
    assert (big["model"], big["requests"], big["share"], big["errors"]) == ("gpt-4o", 9, 0.9, 2)
    assert (small["model"], small["costUsd"]) == ("mini", 1.0)


@pytest.mark.parametrize(("window", "points"), [("15m", 15), ("1h", 60), ("6h", 120), ("24h", 96)])
async def test_where_nothing_happened_there_are_zeros(desk: Desk, window: str, points: int) -> None:
    shown = (await desk.http.get("/api/ai/overview", params={"window": window})).json()
    assert shown["window"] == window
    assert len(shown["series"]) == points
    assert shown["totals"]["requests"] == 0
    assert shown["totals"]["errorRate"] == 0
    assert shown["totals"]["p50Ms"] is None
    assert shown["models"] == []


async def test_an_hour_is_the_default_and_a_week_is_not_offered(desk: Desk) -> None:
    assert (await desk.http.get("/api/ai/overview")).json()["window"] == "1h"
    answer = await desk.http.get("/api/ai/overview", params={"window": "7d"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "window")


moments = st.integers(1_577_836_800_000, 3_786_912_000_000).map(
    lambda milliseconds: datetime.fromtimestamp(milliseconds / 1000, UTC)
)


@given(st.sampled_from(["15m", "1h", "6h", "24h"]), moments)
def test_a_plan_covers_the_present_and_as_much_before(window: Window, now: datetime) -> None:
    planned = overview.plan(window, now)
    assert planned.points <= 120
    assert planned.end - planned.step <= now < planned.end
    assert planned.start.timestamp() % planned.step.total_seconds() == 0
    assert timedelta(0) <= planned.length - (now - planned.start) < timedelta(minutes=1)
    assert planned.before + planned.length == planned.start

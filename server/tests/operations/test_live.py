"""The pulse tells what is going on right now."""

from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest

from hone import operations
from hone.core import clock, ids
from hone.core.db import Database
from hone.gateway import Status
from tests.fixtures.app import statements
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import attempt, identifier, land, settled


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def pulse(
    database: Database, organization_id: UUID, state: operations.PulseState
) -> dict[str, object]:
    async with database.transaction(organization_id) as session:
        return await operations.pulse(session, organization_id, state)


async def test_a_quiet_house_has_a_quiet_pulse(database: Database, organization_id: UUID) -> None:
    shown = await pulse(database, organization_id, operations.PulseState())
    minute = shown.pop("minute")
    assert isinstance(minute, dict)
    assert (minute["requests"], minute["p95Ms"]) == (0, None)
    assert shown == {
        "requestsPerSecond": 0.0,
        "errorsPerSecond": 0.0,
        "costPerHourUsd": 0.0,
        "latency": {"p50Ms": None, "p95Ms": None, "p99Ms": None},
        "modelDistribution": [],
        "operations": [],
    }


async def test_the_rate_is_what_came_in_the_last_seconds(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    hands = Hands()
    state = operations.PulseState(clock=hands)
    await land(urls.owner, [settled(organization_id) for _ in range(100)])
    await pulse(database, organization_id, state)
    hands.at += 2
    failed = [settled(organization_id, status=Status.ERROR) for _ in range(4)]
    await land(urls.owner, [*failed, *(settled(organization_id) for _ in range(16))])
    shown = await pulse(database, organization_id, state)
    assert (shown["requestsPerSecond"], shown["errorsPerSecond"]) == (10.0, 2.0)
    hands.at += 3
    shown = await pulse(database, organization_id, state)
    assert (shown["requestsPerSecond"], shown["errorsPerSecond"]) == (4.0, 0.8)
    hands.at += 5
    shown = await pulse(database, organization_id, state)
    assert (shown["requestsPerSecond"], shown["errorsPerSecond"]) == (0.0, 0.0)


async def test_before_that_the_rate_is_that_of_the_last_minutes(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    await land(urls.owner, [settled(organization_id) for _ in range(120)])
    shown = await pulse(database, organization_id, operations.PulseState())
    rate = shown["requestsPerSecond"]
    assert isinstance(rate, float)
    assert 1.0 <= rate <= 2.1


async def test_a_pulse_sums_up_the_last_minutes(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    long_ago = ids.new(int((clock.now() - timedelta(minutes=30)).timestamp() * 1000)).bytes
    cheap = attempt(model="mini", cost=10**9)
    await land(
        urls.owner,
        [
            *(settled(organization_id, latency_ms=200.0) for _ in range(3)),
            settled(organization_id, attempts=[cheap], latency_ms=200.0),
            settled(organization_id, id=long_ago, attempts=[attempt(model="old")]),
        ],
    )
    shown = await pulse(database, organization_id, operations.PulseState())
    assert shown["modelDistribution"] == [
        {"model": "gpt-4o", "requests": 3, "share": 0.75},
        {"model": "mini", "requests": 1, "share": 0.25},
    ]
    latency = shown["latency"]
    assert isinstance(latency, dict)
    assert latency["p95Ms"] == pytest.approx(200, rel=0.1)
    cost = shown["costPerHourUsd"]
    assert isinstance(cost, float)
    assert 0.0028 * 12 <= cost <= 0.0028 * 15.1
    minute = shown["minute"]
    assert list(cast("dict[str, object]", minute)) == [
        "at",
        "requests",
        "errors",
        "costUsd",
        "p50Ms",
        "p95Ms",
        "p99Ms",
    ]


async def test_each_operation_is_shown_once(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    state = operations.PulseState()
    frames = [settled(organization_id) for _ in range(25)]
    await land(urls.owner, frames)
    await land(urls.owner, [settled(await make_organization(database, "Other"))])
    newest = [identifier(frame) for frame in sorted(frames, key=lambda each: each.id)][::-1]
    assert await shown_ids(database, organization_id, state) == newest[:20]
    assert await shown_ids(database, organization_id, state) == []
    # A long call began before those that are shown, and ends after them.
    late = settled(organization_id, id=ids.new(int(clock.now().timestamp() * 1000) - 5).bytes)
    await land(urls.owner, [late])
    seen = await shown_ids(database, organization_id, state)
    assert seen in ([identifier(late)], [])


async def shown_ids(
    database: Database, organization_id: UUID, state: operations.PulseState
) -> list[str]:
    rows = (await pulse(database, organization_id, state))["operations"]
    return [row["id"] for row in cast("list[dict[str, str]]", rows)]


async def test_a_pulse_takes_few_queries(database: Database, organization_id: UUID) -> None:
    with statements(database) as sent:
        await pulse(database, organization_id, operations.PulseState())
    assert len(sent) <= 4

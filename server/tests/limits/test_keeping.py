"""What dead processes held comes back: once their spool is drained, or nothing was heard of them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from hone import limits
from hone.core import ids
from hone.core.db import Database
from tests.fixtures.database import make_organization

FOREVER = datetime.fromtimestamp(0, UTC)


@pytest_asyncio.fixture
async def organization(database: Database) -> UUID:
    return await make_organization(database)


async def _run(owner: Database, statement: str, **values: object) -> list[tuple[object, ...]]:
    async with owner.transaction() as session:
        found = await session.execute(text(statement), values)
        return [tuple(row) for row in found.all()] if statement.startswith("SELECT") else []


async def _limit(owner: Database, organization: UUID, measure: str, period: str | None) -> UUID:
    made = ids.new()
    await _run(
        owner,
        "INSERT INTO limits (id, organization_id, subject_kind, subject_id, measure, period, amount)"
        " VALUES (:id, :organization, 'organization', :organization, :measure, :period, 100)",
        id=made,
        organization=organization,
        measure=measure,
        period=period,
    )
    return made


async def _lease(
    owner: Database, limit: UUID, organization: UUID, start: datetime, granted: int, used: int
) -> UUID:
    """Lease units to a new holder, who was heard of just now."""
    holder = ids.new()
    names = {"limit": limit, "start": start, "organization": organization, "holder": holder}
    await _run(
        owner,
        "INSERT INTO limit_windows AS w (limit_id, window_start, organization_id, granted)"
        " VALUES (:limit, :start, :organization, :granted) ON CONFLICT (limit_id, window_start)"
        " DO UPDATE SET granted = w.granted + excluded.granted",
        **{name: value for name, value in names.items() if name != "holder"},
        granted=granted,
    )
    await _run(
        owner,
        "INSERT INTO limit_leases (limit_id, window_start, holder, organization_id, granted, turn)"
        " VALUES (:limit, :start, :holder, :organization, :granted, 1)",
        **names,
        granted=granted,
    )
    await _run(owner, "INSERT INTO limit_holders VALUES (:holder, now())", holder=holder)
    if used:
        await _run(
            owner,
            "INSERT INTO limit_uses (limit_id, window_start, holder, organization_id, used)"
            " VALUES (:limit, :start, :holder, :organization, :used)",
            **names,
            used=used,
        )
    return holder


async def _granted(owner: Database, limit: UUID) -> object:
    query = "SELECT granted FROM limit_windows WHERE limit_id = :limit"
    ((granted,),) = await _run(owner, query, limit=limit)
    return granted


async def _finish(owner: Database, holder: UUID) -> None:
    await _run(
        owner,
        "INSERT INTO spool_marks (lane, segment, position, finished_at) VALUES (:lane, 1, 1, now())",
        lane=holder.hex,
    )


async def test_processes_that_died_keep_what_they_used(owner: Database, organization: UUID) -> None:
    limit = await _limit(owner, organization, "requests", "day")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = await _lease(owner, limit, organization, today, 20, 7)
    second = await _lease(owner, limit, organization, today, 30, 0)
    await _lease(owner, limit, organization, today, 5, 1)
    for _ in range(2):
        await limits.keep(owner, silent=True)
        assert await _granted(owner, limit) == 55
    await _finish(owner, first)
    await _finish(owner, second)
    for _ in range(2):
        await limits.keep(owner, silent=True)
        assert await _granted(owner, limit) == 7 + 0 + 5


async def test_only_places_go_by_the_clock(owner: Database, organization: UUID) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    places = await _limit(owner, organization, "concurrency", None)
    requests = await _limit(owner, organization, "requests", "day")
    silent = await _lease(owner, places, organization, FOREVER, 4, 0)
    await _lease(owner, places, organization, FOREVER, 3, 0)
    also = await _lease(owner, requests, organization, today, 6, 0)
    await _run(
        owner,
        "UPDATE limit_holders SET renewed_at = now() - interval '31 s' WHERE holder = ANY(:holders)",
        holders=[silent, also],
    )
    await limits.keep(owner, silent=False)
    assert await _granted(owner, places) == 7
    for _ in range(2):
        await limits.keep(owner, silent=True)
        assert await _granted(owner, places) == 3
    assert await _granted(owner, requests) == 6


async def test_each_step_is_told_once(owner: Database, organization: UUID) -> None:
    limit = await _limit(owner, organization, "requests", "month")
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    await _lease(owner, limit, organization, month, 90, 85)
    told = "SELECT data ->> 'step' FROM event_inbox WHERE name = 'limit.reached' ORDER BY id"
    for _ in range(2):
        await limits.keep(owner, silent=True)
        assert await _run(owner, told) == [("50",), ("80",)]
    await _run(owner, "UPDATE limit_uses SET used = 100")
    await limits.keep(owner, silent=True)
    assert await _run(owner, told) == [("50",), ("80",), ("100",)]

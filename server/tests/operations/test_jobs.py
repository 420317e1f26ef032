"""Partitions ahead of time; retention by organization."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import text

from hone import operations, privacy
from hone.core import clock, ids
from hone.core.db import Database
from hone.operations import partitions
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import land, settled


async def keep_for(owner: Database, organization_id: UUID, days: int | None) -> None:
    async with owner.transaction() as session:
        await session.execute(
            text("UPDATE organizations SET retention_days = :days WHERE id = :id"),
            {"days": days, "id": organization_id},
        )


async def ages(owner: Database, organization_id: UUID, table: str = "operations") -> list[int]:
    """Tell the age in days of what an organization has."""
    async with owner.transaction() as session:
        found = await session.execute(
            text(f"SELECT created_at FROM {table} WHERE organization_id = :id"),
            {"id": organization_id},
        )
        return sorted(round((clock.now() - at) / timedelta(days=1)) for (at,) in found)


async def fill(owner_url: str, organization_id: UUID, *days: float) -> None:
    frames = [
        settled(
            organization_id,
            id=ids.new(_milliseconds(clock.now() - timedelta(days=each))).bytes,
            content_key=organization_id.bytes,
            content=b"sealed",
        )
        for each in days
    ]
    await land(owner_url, frames)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def months(owner_url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(owner_url) as connection:
        return [name for name, _ in await partitions.attached(connection)]


async def test_the_present_and_the_next_month_are_prepared(urls: Urls, owner: Database) -> None:
    present = partitions.month_of(clock.now())
    made = await operations.keep_partitions(owner)
    assert made == [
        partitions.name(parent, month)
        for month in (present, partitions.following(present))
        for parent in partitions.PARENTS
    ]
    assert await operations.keep_partitions(owner) == []


async def test_rows_beyond_an_organizations_retention_go(
    urls: Urls, database: Database, owner: Database, organization_id: UUID
) -> None:
    other = await make_organization(database, "Other")
    await keep_for(owner, organization_id, 30)
    for each in (organization_id, other):
        await fill(urls.owner, each, 1, 29, 31, 40, 400)
    await privacy.apply_retention(owner, clock.now())
    for table in ("operations", "operation_contents"):
        assert await ages(owner, organization_id, table) == [1, 29]
        assert await ages(owner, other, table) == [1, 29, 31, 40, 400]


async def test_more_than_a_batch_goes_in_batches(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    await keep_for(owner, organization_id, 30)
    await make_keeper(owner)
    await fill(urls.owner, organization_id, 2, *[31 + number / 1000 for number in range(2100)])
    await privacy.apply_retention(owner, clock.now())
    for table in partitions.PARENTS:
        assert await ages(owner, organization_id, table) == [2]


async def make_keeper(owner: Database) -> None:
    """Make an organization that keeps everything, so that no month is dropped whole."""
    async with owner.transaction() as session:
        await session.execute(
            text("INSERT INTO organizations (id, name, slug) VALUES (:id, 'Keeper', 'keeper')"),
            {"id": ids.new()},
        )


async def test_months_that_nobody_keeps_are_dropped_whole(
    urls: Urls, database: Database, owner: Database, organization_id: UUID
) -> None:
    other = await make_organization(database, "Other")
    await keep_for(owner, organization_id, 30)
    await keep_for(owner, other, 100)
    before = await months(urls.owner)
    for each in (organization_id, other):
        await fill(urls.owner, each, 1, 60, 400)
    await privacy.apply_retention(owner, clock.now())
    assert await ages(owner, organization_id) == [1]
    assert await ages(owner, other) == [1, 60]
    oldest = partitions.month_of(clock.now() - timedelta(days=100))
    left = await months(urls.owner)
    assert set(before) <= set(left)
    assert min(name[-7:] for name in left) >= f"{oldest:%Y_%m}"


async def test_a_month_that_is_being_read_is_left_for_the_next_run(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    await keep_for(owner, organization_id, 30)
    await fill(urls.owner, organization_id, 1, 400)
    old = partitions.name("operations", partitions.month_of(clock.now() - timedelta(days=400)))
    async with await psycopg.AsyncConnection.connect(urls.owner) as reader:
        await reader.execute(f"SELECT count(*) FROM {old}".encode())
        await privacy.apply_retention(owner, clock.now())
        assert old in await months(urls.owner)
        await reader.rollback()
    assert await ages(owner, organization_id) == [1], "its rows are gone nevertheless"
    await privacy.apply_retention(owner, clock.now())
    assert old not in await months(urls.owner)


async def test_without_organizations_nothing_is_dropped(urls: Urls, owner: Database) -> None:
    await operations.keep_partitions(owner)
    before = await months(urls.owner)
    await privacy.apply_retention(owner, clock.now())
    assert await months(urls.owner) == before

"""Partitions are made once, whoever tries, and give nobody a way around row-level security."""

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.operations import partitions
from tests.fixtures.database import Urls
from tests.operations.frames import land, settled

NOVEMBER = date(2026, 11, 1)


async def ensure(url: str, *months: date) -> list[str]:
    async with (
        await psycopg.AsyncConnection.connect(url, autocommit=True) as connection,
        connection.transaction(),
    ):
        return await partitions.ensure(connection, months)


async def test_a_month_gets_its_two_partitions_once(urls: Urls) -> None:
    made = await ensure(urls.owner, NOVEMBER)
    assert made == ["operations_2026_11", "operation_contents_2026_11"]
    assert await ensure(urls.owner, NOVEMBER, NOVEMBER) == []


async def test_processes_that_try_at_once_do_not_fail(urls: Urls) -> None:
    months = [date(2026, month, 1) for month in range(1, 7)]
    made = await asyncio.gather(*(ensure(urls.owner, *months) for _ in range(4)))
    assert sorted(name for names in made for name in names) == sorted(
        partitions.name(parent, month) for parent in partitions.PARENTS for month in months
    )


async def test_a_partition_is_built_while_others_read_and_write(urls: Urls) -> None:
    await ensure(urls.owner, NOVEMBER)
    async with await psycopg.AsyncConnection.connect(urls.owner) as busy:
        await busy.execute("LOCK TABLE operations IN ROW EXCLUSIVE MODE")
        async with asyncio.timeout(10):
            assert await ensure(urls.owner, date(2026, 12, 1))


async def test_a_partition_has_the_indexes_of_its_parent(urls: Urls) -> None:
    await ensure(urls.owner, NOVEMBER)
    async with await psycopg.AsyncConnection.connect(urls.owner) as connection:
        found = await connection.execute(
            "SELECT amname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " JOIN pg_am ON pg_am.oid = relam WHERE indrelid = 'operations_2026_11'::regclass"
        )
        methods = sorted(str(name) for (name,) in await found.fetchall())
        found = await connection.execute(
            "SELECT attstorage FROM pg_attribute WHERE attname = 'sealed'"
            " AND attrelid = 'operation_contents_2026_11'::regclass"
        )
        storage = await found.fetchone()
    assert methods == ["brin", *["btree"] * 9]
    assert storage == (b"e",) or storage == ("e",)


@pytest.mark.parametrize("parent", partitions.PARENTS)
async def test_a_partition_cannot_be_read_or_written_directly(
    urls: Urls, organization_id: UUID, parent: str
) -> None:
    at = datetime(2026, 11, 15, tzinfo=UTC)
    await ensure(urls.owner, NOVEMBER)
    await land(urls.owner, [settled(organization_id)])
    name = partitions.name(parent, partitions.month_of(at))
    for statement in (f"SELECT * FROM {name}", f"DELETE FROM {name}", f"TRUNCATE {name}"):
        async with await psycopg.AsyncConnection.connect(urls.app) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement.encode())


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2190, 1, 1)))
def test_months_follow_each_other(day: date) -> None:
    month = partitions.month_of(day)
    after = partitions.following(month)
    assert month <= day < after
    assert after.day == 1
    assert (after - month).days in {28, 29, 30, 31}


def test_the_month_of_a_moment_is_told_in_utc() -> None:
    east = timezone(timedelta(hours=14))
    assert partitions.month_of(datetime(2026, 12, 1, 3, tzinfo=east)) == NOVEMBER

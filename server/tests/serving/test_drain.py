"""From the spool to the database: once, in the face of whatever happens in between."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio

from hone.core import ids
from hone.core.counters import Counters
from hone.core.db import Database
from hone.gateway import Spool
from hone.serving import hold_spool
from hone.serving.drain import Drain
from tests.fixtures.database import Urls, make_organization
from tests.serving.frames import opened, settled


@pytest_asyncio.fixture
async def organization(database: Database) -> UUID:
    return await make_organization(database)


@pytest_asyncio.fixture
async def connection(urls: Urls) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as made:
        yield made


@pytest.fixture
def counters(tmp_path: Path) -> Iterator[Counters]:
    made = Counters(tmp_path / "metrics", "drain")
    yield made
    made.close()


def _drain(tmp_path: Path, urls: Urls, counters: Counters) -> Drain:
    return Drain(tmp_path / "spool", urls.owner, counters)


async def _stored(connection: psycopg.AsyncConnection) -> list[tuple[UUID, str]]:
    found = await connection.execute("SELECT id, status FROM operations ORDER BY id")
    return [(row[0], row[1]) for row in await found.fetchall()]


async def _until_idle(drain: Drain, connection: psycopg.AsyncConnection) -> None:
    while await drain.advance(connection):
        pass


async def test_a_settled_call_is_stored_once_however_often_a_drain_starts(
    tmp_path: Path,
    urls: Urls,
    organization: UUID,
    connection: psycopg.AsyncConnection,
    counters: Counters,
) -> None:
    spool = Spool(tmp_path / "spool")
    made = [ids.new() for _ in range(5)]
    for each in made:
        spool.append(opened(organization, each))
        spool.append(settled(organization, each))
        await _until_idle(_drain(tmp_path, urls, counters), connection)
    assert await _stored(connection) == [(each, "success") for each in sorted(made)]
    spool.close()
    await _until_idle(_drain(tmp_path, urls, counters), connection)
    assert await _stored(connection) == [(each, "success") for each in sorted(made)]
    assert not list((tmp_path / "spool").glob("*/*.seg"))


async def test_a_call_whose_process_died_is_interrupted_with_an_estimated_cost(
    tmp_path: Path,
    urls: Urls,
    organization: UUID,
    connection: psycopg.AsyncConnection,
    counters: Counters,
) -> None:
    spool = Spool(tmp_path / "spool")
    lost = ids.new()
    spool.append(opened(organization, lost))
    drain = _drain(tmp_path, urls, counters)
    await _until_idle(drain, connection)
    assert await _stored(connection) == []
    spool.close()
    await _until_idle(drain, connection)
    assert await _stored(connection) == [(lost, "interrupted")]
    found = await connection.execute("SELECT cost, usage_estimated FROM operations")
    assert await found.fetchone() == (12 * 2_500_000, True)


async def test_a_new_drain_still_knows_what_was_open_before_its_time(
    tmp_path: Path,
    urls: Urls,
    organization: UUID,
    connection: psycopg.AsyncConnection,
    counters: Counters,
) -> None:
    spool = Spool(tmp_path / "spool")
    lost = ids.new()
    spool.append(opened(organization, lost))
    await _until_idle(_drain(tmp_path, urls, counters), connection)
    spool.close()
    await _until_idle(_drain(tmp_path, urls, counters), connection)
    assert await _stored(connection) == [(lost, "interrupted")]


async def test_a_row_that_cannot_be_stored_is_set_aside_and_the_rest_lands(
    tmp_path: Path,
    urls: Urls,
    organization: UUID,
    connection: psycopg.AsyncConnection,
    counters: Counters,
) -> None:
    spool = Spool(tmp_path / "spool")
    good, bad = ids.new(), ids.new()
    spool.append(settled(organization, bad, cost=1 << 63))
    spool.append(settled(organization, good))
    await _until_idle(_drain(tmp_path, urls, counters), connection)
    assert await _stored(connection) == [(good, "success")]
    found = await connection.execute("SELECT organization_id FROM quarantine")
    assert await found.fetchall() == [(organization,)]
    spool.close()


async def test_nothing_is_deleted_while_a_backup_holds_the_spool(
    tmp_path: Path,
    urls: Urls,
    organization: UUID,
    connection: psycopg.AsyncConnection,
    counters: Counters,
) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(settled(organization, ids.new()))
    spool.close()
    drain = _drain(tmp_path, urls, counters)
    with hold_spool(tmp_path / "spool"):
        await _until_idle(drain, connection)
        assert list((tmp_path / "spool").glob("*/*.seg"))
    await _until_idle(_drain(tmp_path, urls, counters), connection)
    assert not list((tmp_path / "spool").glob("*/*.seg"))
    assert len(await _stored(connection)) == 1

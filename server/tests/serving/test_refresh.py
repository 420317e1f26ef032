"""The snapshot follows the database: by NOTIFY, by polling, through outages, and coalesced."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from hone import identity
from hone.core import crypto, ids
from hone.core.db import Database, UnsafeRole
from hone.core.keyring import Keyring, MasterKey
from hone.gateway import Current
from hone.identity import KeyCreate
from hone.serving import Refresher, refresh
from tests.core.facts import promised
from tests.fixtures.app import empty_shelf, statements
from tests.fixtures.database import Urls, make_organization

RING = Keyring(MasterKey.generate())


@pytest_asyncio.fixture
async def organization(database: Database) -> UUID:
    return await make_organization(database)


@pytest_asyncio.fixture
async def refresher(database: Database) -> AsyncIterator[Refresher]:
    """Follow the database during a test."""
    made = Refresher(database, RING, Current(), empty_shelf())
    async with _following(made):
        await _until(lambda: made.current.ready)
        yield made


@asynccontextmanager
async def _following(refresher: Refresher) -> AsyncGenerator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(refresher.run())
        yield
        task.cancel()


async def _until(fact: Callable[[], object], within: float = 60.0) -> float:
    """Wait until something is true; return how long that took."""
    began = time.monotonic()
    async with asyncio.timeout(within):
        for pause in itertools.repeat(0.005):
            if fact():
                break
            await asyncio.sleep(pause)
    return time.monotonic() - began


async def _add_key(database: Database, organization: UUID) -> str:
    """Make an API key and return it."""
    wanted = KeyCreate(name="a key", permissions=["ai:query"])  # pyright: ignore[reportArgumentType]
    async with database.transaction(organization) as session:
        return (await identity.create_key(session, identity.system(organization), wanted)).key


def _knows(refresher: Refresher, key: str) -> bool:
    return crypto.digest(key) in refresher.current.snapshot.callers


@pytest.mark.promise
async def test_a_change_is_seen_by_its_notification(
    refresher: Refresher, database: Database, organization: UUID
) -> None:
    key = await _add_key(database, organization)
    took = await _until(lambda: _knows(refresher, key))
    assert took < promised(1.0)
    async with database.transaction(organization) as session:
        await session.execute(text("UPDATE api_keys SET revoked_at = now()"))
    assert await _until(lambda: not _knows(refresher, key)) < promised(1.0)


@pytest.mark.promise
async def test_a_lost_notification_is_made_up_by_polling(
    database: Database, organization: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "POLL_INTERVAL", 0.3)
    monkeypatch.setattr(refresh, "CHANGES", "nobody_speaks_here")
    refresher = Refresher(database, RING, Current(), empty_shelf())
    async with _following(refresher):
        await _until(lambda: refresher.current.ready)
        key = await _add_key(database, organization)
        assert await _until(lambda: _knows(refresher, key)) < promised(2.0)


async def test_an_organization_comes_and_goes(
    refresher: Refresher, database: Database, owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "POLL_INTERVAL", 0.2)
    held = refresher.current.snapshot.organizations
    made = await make_organization(database, "Short-lived")
    await _until(lambda: made in refresher.current.snapshot.organizations)
    assert made not in held, "a snapshot was changed in place"
    async with owner.transaction() as session:
        for table in ("data_keys", "changes"):
            await session.execute(text(f"DELETE FROM {table} WHERE organization_id = '{made}'"))
        await session.execute(text(f"DELETE FROM changes WHERE organization_id = '{made}'"))
    await _until(lambda: made not in refresher.current.snapshot.organizations)


@asynccontextmanager
async def _away(urls: Urls) -> AsyncGenerator[None]:
    """Refuse every connection to a test's database, and end those there are."""
    url = make_url(urls.superuser)
    name = sql.Identifier(str(url.database))
    elsewhere = url.set(database="postgres").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(elsewhere, autocommit=True) as admin:
        await admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (url.database,),
        )
        try:
            yield
        finally:
            await admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


@pytest.mark.promise
async def test_a_database_that_goes_and_comes_back(
    refresher: Refresher, database: Database, organization: UUID, urls: Urls
) -> None:
    key = await _add_key(database, organization)
    await _until(lambda: _knows(refresher, key))
    async with _away(urls):
        seen = refresher.seen_at
        await asyncio.sleep(0.5)
        assert _knows(refresher, key), "the last snapshot stays in force"
        assert refresher.seen_at == seen
    another = await _add_key(database, organization)
    assert await _until(lambda: _knows(refresher, another)) < promised(3.0)


async def test_a_thousand_quick_changes_are_compiled_together(
    refresher: Refresher, database: Database, organization: UUID, urls: Urls
) -> None:
    key = await _add_key(database, organization)
    await _until(lambda: _knows(refresher, key))
    with statements(database) as sent:
        async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as writer:
            for number in range(1000):
                await writer.execute("UPDATE api_keys SET name = %s", (f"key {number}",))
        principal = crypto.digest(key)
        await _until(
            lambda: refresher.current.snapshot.callers[principal].principal.name == "key 999"
        )
    compiled = sum("set_config" in each for each in sent)
    assert 1 <= compiled <= 200, f"{compiled} compiles for 1,000 changes"


@pytest.mark.parametrize("channel", [refresh.CHANGES, refresh.OPERATIONS])
async def test_whatever_is_notified_does_no_harm(
    refresher: Refresher, database: Database, organization: UUID, urls: Urls, channel: str
) -> None:
    async with await psycopg.AsyncConnection.connect(urls.app, autocommit=True) as anyone:
        for payload in ("", "nonsense", "," * 100, "ü" * 3000, f"{ids.new().hex},"):
            await anyone.execute("SELECT pg_notify(%s, %s)", (channel, payload))
    key = await _add_key(database, organization)
    await _until(lambda: _knows(refresher, key))


@pytest.mark.promise
async def test_news_of_operations_is_passed_on(
    refresher: Refresher, organization: UUID, urls: Urls
) -> None:
    heard: list[set[UUID]] = []
    refresher.on_operations = heard.append
    other = ids.new()
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as drain:
        payload = f"{organization.hex},{other.hex}"
        await drain.execute("SELECT pg_notify(%s, %s)", (refresh.OPERATIONS, payload))
    assert await _until(lambda: heard) < promised(2.0)
    assert heard == [{organization, other}]


async def test_a_faulty_organization_holds_up_no_other(
    refresher: Refresher, database: Database, owner: Database, organization: UUID
) -> None:
    known = await _add_key(database, organization)
    await _until(lambda: _knows(refresher, known))
    async with owner.transaction() as session:
        spoil = "UPDATE data_keys SET master_key = 'lost' WHERE organization_id = :id"
        await session.execute(text(spoil), {"id": organization})
    await _until(lambda: organization in refresher.broken)
    other = await make_organization(database, "Other")
    key = await _add_key(database, other)
    await _until(lambda: _knows(refresher, key))
    assert _knows(refresher, known), "its last state stays in force"
    async with owner.transaction() as session:
        mend = "UPDATE data_keys SET master_key = :good WHERE organization_id = :id"
        await session.execute(text(mend), {"id": organization, "good": RING.active.id})
    await _until(lambda: not refresher.broken)


async def test_an_unsafe_role_is_served_nothing(
    owner: Database, database: Database, organization: UUID
) -> None:
    await _add_key(database, organization)
    refresher = Refresher(owner, RING, Current(), empty_shelf())
    with pytest.raises(UnsafeRole):
        await refresher.catch_up()
    async with _following(refresher):
        with contextlib.suppress(TimeoutError):
            await _until(lambda: refresher.current.ready, 0.5)
    assert not refresher.current.ready

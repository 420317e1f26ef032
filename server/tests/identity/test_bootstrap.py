"""The first start, however many processes make it."""

import asyncio
import multiprocessing
import os
import signal

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from hone import identity
from hone.core import crypto, ids
from hone.core.db import Database
from hone.core.keyring import Keyring, MasterKey
from hone.core.settings import Bootstrap, Settings
from tests.fixtures.database import Urls
from tests.identity.api import told

RING = Keyring(MasterKey.generate())
KEY = "given-key-" + "x" * 30


def settings(key: str | None = KEY, organization: str = "Grünes Haus & Söhne") -> Settings:
    given = None if key is None else SecretStr(key)
    return Settings(bootstrap=Bootstrap(organization=organization, admin_key=given))


async def counts(owner: Database) -> tuple[int, int, int]:
    async with owner.transaction() as session:
        found = await session.execute(
            text(
                "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM people),"
                " (SELECT count(*) FROM api_keys)"
            )
        )
        organizations, people, keys = found.one()
        return organizations, people, keys


async def test_a_first_start_makes_organization_administrator_and_key(
    database: Database, owner: Database
) -> None:
    made = await identity.bootstrap(database, settings(None), RING)
    assert made.created
    assert made.key is not None
    assert made.key not in repr(made)
    async with database.transaction(made.organization_id) as session:
        organization = await identity.organization(session, made.organization_id)
        assert (organization.name, organization.slug) == (
            "Grünes Haus & Söhne",
            "grunes-haus-sohne",
        )
        principal = (await identity.principals(session, made.organization_id))[
            crypto.digest(made.key)
        ]
    assert principal.permissions == frozenset(identity.Permission)
    assert principal.person_id is not None
    assert await counts(owner) == (1, 1, 1)


async def test_a_later_start_changes_nothing_and_tells_no_key(
    database: Database, owner: Database
) -> None:
    first = await identity.bootstrap(database, settings(), RING)
    assert (first.created, first.key) == (True, KEY)
    again = await identity.bootstrap(database, settings(), RING)
    assert again == identity.Bootstrapped(first.organization_id, created=False)
    assert await counts(owner) == (1, 1, 1)


async def test_of_several_first_starts_one_wins(database: Database, owner: Database) -> None:
    made = await asyncio.gather(
        *(identity.bootstrap(database, settings(None), RING) for _ in range(8))
    )
    assert [each.created for each in made].count(True) == 1
    assert len({each.organization_id for each in made}) == 1
    assert await counts(owner) == (1, 1, 1)


async def test_a_first_start_that_is_killed_half_way_leaves_nothing(
    database: Database, owner: Database, urls: Urls
) -> None:
    async with owner.transaction() as session:
        # Holding the table of keys stops the start between its first row and its last.
        await session.execute(text("LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE"))
        child = multiprocessing.get_context("spawn").Process(target=_start, args=(urls.app,))
        child.start()
        await _until_waiting(owner)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        await asyncio.to_thread(child.join)
    assert await counts(owner) == (0, 0, 0)
    made = await identity.bootstrap(database, settings(), RING)
    assert (made.created, made.key) == (True, KEY)
    assert await counts(owner) == (1, 1, 1)


def _start(url: str) -> None:
    asyncio.run(_started(url))


async def _started(url: str) -> None:
    await identity.bootstrap(Database.connect(url), settings(), RING)


async def _until_waiting(owner: Database) -> None:
    query = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'api_keys'::regclass"
    )
    async with asyncio.timeout(60):
        while True:
            async with owner.transaction() as session:
                if await session.scalar(query):
                    return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("key", ["short", "x" * 31, "with space " * 4, "ü" * 40, "x" * 513])
async def test_a_weak_admin_key_is_refused_and_not_repeated(database: Database, key: str) -> None:
    with pytest.raises(identity.AdminKeyWeak) as refused:
        await identity.bootstrap(database, settings(key), RING)
    assert "32" in refused.value.message
    assert key not in refused.value.message


async def test_an_organization_is_found_by_name_slug_or_id(database: Database) -> None:
    with pytest.raises(identity.NoOrganization):
        await identity.find_organization(database)
    first = await identity.bootstrap(database, settings(organization="Venue"), RING)
    async with database.transaction() as session:
        second = await identity.create_organization(session, "Venue")
    assert second.slug == f"venue-{second.id.hex[-8:]}"
    assert await identity.find_organization(database) == first.organization_id
    assert await identity.find_organization(database, second.slug) == second.id
    assert await identity.find_organization(database, ids.public("org", second.id)) == second.id
    with pytest.raises(identity.NoOrganization):
        await identity.find_organization(database, "Nowhere")


async def test_every_write_of_the_first_start_is_in_the_trail(
    database: Database, owner: Database
) -> None:
    await identity.bootstrap(database, settings(), RING)
    rows = await told(owner)
    assert [(row[0], row[1]) for row in rows] == [
        ("organization.created", "system"),
        ("person.created", "system"),
        ("key.created", "system"),
    ]
    assert KEY not in str(rows)
    assert "admin@localhost" not in str(rows)

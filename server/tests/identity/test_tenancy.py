"""Row-level security, the second lock: a query that forgets its organization still sees one."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from hone import identity, registry
from hone.core.db import Base, Database, UnsafeRole, driver_url, refuse_unsafe_role
from hone.core.keyring import CONTENT
from tests.fixtures.database import Urls
from tests.identity.api import Api

PERSON = identity.PersonCreate(email="a@b.example", name="A", role=identity.Role.USER)
OURS = {"organizations", "people", "api_keys", "providers", "models", "prices", "routes"}


async def fill(api: Api) -> None:
    """Give two organizations a row in each table."""
    await api.add_organization("Elsewhere")
    for organization_id in api.organizations:
        async with api.database.transaction(organization_id) as session:
            await identity.create_person(
                session, identity.system(organization_id), api.keyring, PERSON
            )
            await api.keyring.ensure(session, organization_id, CONTENT, "2026-11")


@pytest.mark.parametrize("table", ["api_keys", "people", "data_keys"])
async def test_a_forgotten_where_shows_only_the_own_organization(api: Api, table: str) -> None:
    await fill(api)
    for organization_id in api.organizations:
        async with api.database.transaction(organization_id) as session:
            found = await session.execute(text(f"SELECT organization_id FROM {table}"))
            assert set(found.scalars()) == {organization_id}


async def test_organizations_do_not_see_each_other(api: Api) -> None:
    await fill(api)
    async with api.database.transaction(api.organization_id) as session:
        found = await session.execute(text("SELECT id FROM organizations"))
        assert found.scalars().all() == [api.organization_id]


@pytest.mark.parametrize("table", ["api_keys", "people", "data_keys", "organizations"])
async def test_a_transaction_that_names_no_organization_sees_none(api: Api, table: str) -> None:
    await fill(api)
    async with api.database.transaction() as session:
        assert (await session.execute(text(f"SELECT * FROM {table}"))).all() == []


async def test_a_forgotten_where_writes_nothing_elsewhere(api: Api) -> None:
    await fill(api)
    first, second = api.organizations
    async with api.database.transaction(first) as session:
        await session.execute(text("UPDATE api_keys SET revoked_at = now()"))
    async with api.database.transaction(second) as session:
        assert await identity.principals(session, second)
        assert await identity.principals(session, first) == {}


async def test_a_row_cannot_be_written_into_another_organization(api: Api) -> None:
    await fill(api)
    first, second = api.organizations
    with pytest.raises(Exception, match="row-level security"):
        async with api.database.transaction(first) as session:
            await identity.create_person(
                session,
                identity.system(second),
                api.keyring,
                identity.PersonCreate(email="x@y.example", name="X", role=identity.Role.USER),
            )


async def test_roles_that_look_past_the_lock_are_refused(
    database: Database, owner: Database, urls: Urls
) -> None:
    await refuse_unsafe_role(database)
    with pytest.raises(UnsafeRole):
        await refuse_unsafe_role(owner)
    superuser = Database.connect(urls.superuser)
    try:
        with pytest.raises(UnsafeRole):
            await refuse_unsafe_role(superuser)
    finally:
        await superuser.aclose()


def test_tables_and_migrations_do_not_drift_apart(urls: Urls) -> None:
    assert registry.plan
    engine = create_engine(driver_url(urls.owner))
    try:
        with engine.connect() as connection:
            assert _drift(connection) == []
    finally:
        engine.dispose()


def _drift(connection: Connection) -> list[Any]:
    """Compare the tables of these two domains."""

    def ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        return (name if kind == "table" else thing.table.name) in OURS

    options: dict[str, Any] = {"include_object": ours, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))

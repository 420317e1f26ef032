"""Row-level security is the second lock: what forgets its WHERE still sees nothing foreign."""

from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from hone.core import clock, ids
from hone.core.db import Database
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import land, settled

TABLES = {
    "operations": 1,
    "operation_contents": 1,
    "operation_minutes": 1,
    "operation_costs": 3,
    "quarantine": 1,
    "ai_requests": 1,
}
"""How many rows of each one call makes; costs are summed up by quarter, hour and day."""


@pytest_asyncio.fixture
async def stranger(urls: Urls, database: Database, organization_id: UUID) -> UUID:
    """Fill one organization with everything and return another, which has nothing."""
    frames = [
        settled(organization_id, content_key=organization_id.bytes, content=b"sealed"),
        settled(organization_id, metadata=b"{"),
    ]
    await land(urls.owner, frames)
    return await make_organization(database, "Stranger")


async def count(database: Database, organization_id: UUID | None, table: str) -> int:
    async with database.transaction(organization_id) as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.mark.parametrize("table", TABLES)
async def test_a_query_that_names_no_organization_sees_only_its_own(
    database: Database, organization_id: UUID, stranger: UUID, table: str
) -> None:
    assert await count(database, organization_id, table) == TABLES[table]
    assert await count(database, stranger, table) == 0
    assert await count(database, None, table) == 0


@pytest.mark.parametrize("parent", ["operations", "operation_contents"])
async def test_a_partition_cannot_be_read(
    database: Database, organization_id: UUID, stranger: UUID, parent: str
) -> None:
    month = ids.month(int(clock.now().timestamp() * 1000)).replace("-", "_")
    for each in (organization_id, stranger):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await count(database, each, f"{parent}_{month}")
        for span in ("quarters", "hours", "days"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                await count(database, each, f"operation_costs_{span}")


async def test_a_row_cannot_be_given_to_another_organization(
    database: Database, organization_id: UUID, stranger: UUID
) -> None:
    insert = (
        "INSERT INTO operations (organization_id, id, created_at, kind, source, status, model)"
        " VALUES (:organization, :id, now(), 'chat', 'log', 'success', 'm')"
    )
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(stranger) as session:
            await session.execute(text(insert), {"organization": organization_id, "id": ids.new()})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operations SET cost = 0",
        "DELETE FROM operations",
        "UPDATE operation_contents SET sealed = ''",
        "DELETE FROM operation_contents",
        "DELETE FROM quarantine",
        "TRUNCATE operations",
        "DELETE FROM operation_minutes",
        "UPDATE operation_costs SET cost = 0",
        "DELETE FROM operation_costs",
    ],
)
async def test_what_was_recorded_stays(
    database: Database, organization_id: UUID, stranger: UUID, statement: str
) -> None:
    with pytest.raises((ProgrammingError, IntegrityError), match="permission denied"):
        async with database.transaction(organization_id) as session:
            await session.execute(text(statement))

"""The audit trail: sealing in commit order, a chain that shows every change, cursors."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hone.core import events
from hone.core.db import Database
from tests.fixtures.database import make_organization


async def _publish(database: Database, organization: UUID, count: int = 1) -> None:
    async with database.transaction(organization) as session:
        for number in range(count):
            events.publish(
                session, organization, "system", "thing.made", f"thing_{number}", {"n": number}
            )


async def _verify(database: Database, organization: UUID) -> tuple[int, events.Broken | None]:
    async with database.transaction(organization) as session:
        return await events.verify(session, organization)


async def test_a_published_fact_is_sealed_once_and_verified(
    database: Database, owner: Database
) -> None:
    organization = await make_organization(database)
    await _publish(database, organization, 3)
    assert await events.seal(owner) == 3
    assert await events.seal(owner) == 0
    assert await _verify(database, organization) == (3, None)


async def test_a_rolled_back_transaction_publishes_nothing(
    database: Database, owner: Database
) -> None:
    organization = await make_organization(database)
    with pytest.raises(RuntimeError):
        async with database.transaction(organization) as session:
            events.publish(session, organization, "system", "thing.made", "thing_1")
            await session.flush()
            raise RuntimeError
    assert await events.seal(owner) == 0


async def test_each_organization_has_its_own_chain(database: Database, owner: Database) -> None:
    first, second = [await make_organization(database) for _ in range(2)]
    for organization in (first, second, first):
        await _publish(database, organization)
    assert await events.seal(owner) == 3
    assert await _verify(database, first) == (2, None)
    assert await _verify(database, second) == (1, None)


async def test_events_cannot_be_changed_even_by_the_owner(
    database: Database, owner: Database
) -> None:
    organization = await make_organization(database)
    await _publish(database, organization)
    await events.seal(owner)
    for statement in ("UPDATE events SET name = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with owner.transaction() as session:
                await session.execute(text(statement))


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        ("UPDATE events SET actor = 'mallory' WHERE position = 2", "altered"),
        ("DELETE FROM events WHERE position = 2", "missing"),
        ("DELETE FROM events WHERE position = 3", "newest events are missing"),
        ("""UPDATE event_details SET data = '{"n": 9}'""", "what the event says was altered"),
    ],
)
async def test_tampering_is_found(
    database: Database, owner: Database, tamper: str, reason: str
) -> None:
    organization = await make_organization(database)
    await _publish(database, organization, 3)
    await events.seal(owner)
    async with owner.transaction() as session:
        await session.execute(text("ALTER TABLE events DISABLE TRIGGER append_only"))
        await session.execute(text(tamper))
        await session.execute(text("ALTER TABLE events ENABLE TRIGGER append_only"))
    _, broken = await _verify(database, organization)
    assert broken is not None
    assert reason in broken.reason


async def test_erasing_what_an_event_says_leaves_the_chain_whole(
    database: Database, owner: Database
) -> None:
    organization = await make_organization(database)
    await _publish(database, organization, 3)
    await events.seal(owner)
    async with owner.transaction() as session:
        await session.execute(text("DELETE FROM event_details"))
    assert await _verify(database, organization) == (3, None)


async def test_a_consumer_reads_each_event_once(database: Database, owner: Database) -> None:
    organization = await make_organization(database)
    await _publish(database, organization, 5)
    await events.seal(owner)
    async with owner.transaction() as session:
        first = await events.unread(session, "mailer", limit=3)
        await events.advance(session, "mailer", first[-1].sequence)
        await events.advance(session, "mailer", first[0].sequence)
    async with owner.transaction() as session:
        rest = await events.unread(session, "mailer")
    assert [event.position for event in (*first, *rest)] == [1, 2, 3, 4, 5]


async def test_another_organization_sees_no_events(database: Database, owner: Database) -> None:
    organization, stranger = [await make_organization(database) for _ in range(2)]
    await _publish(database, organization)
    await events.seal(owner)
    async with database.transaction(stranger) as session:
        for table in ("events", "event_details", "event_heads"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0

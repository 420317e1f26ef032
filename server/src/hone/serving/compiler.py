"""From rows to a Snapshot: what the gateway needs to know of one organization."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from hone import experiments, identity, limits, registry, releases, routing
from hone import versions as versions_of
from hone.core import clock
from hone.core.db import Database, Session
from hone.core.keyring import CONTENT, Keyring
from hone.gateway import ContentMode, DataKey, Organization
from hone.registry import House
from hone.serving import quality
from hone.serving.quality import Shelf


async def versions(database: Database) -> dict[UUID, int]:
    """Tell which organizations exist and how new each one's rows are."""
    async with database.transaction() as session:
        found = await session.execute(text("SELECT * FROM organization_versions()"))
        return {row.organization_id: row.version for row in found}


async def part(
    database: Database,
    keyring: Keyring,
    shelf: Shelf,
    organization_id: UUID,
    version: int,
    house: House | None = None,
) -> tuple[Organization, datetime]:
    """Compile one organization as of `version` or newer; tell when time alone makes it outdated.

    That is when an announced price comes into force, or at the turn of the month, when the key of
    the month after next is wanted, or soon where a routing model could not be loaded.
    """
    async with database.transaction(organization_id) as session:
        now = clock.now()
        price_at = await registry.next_price_at(session, organization_id, now)
        organization = await identity.organization(session, organization_id)
        routes = await registry.compiled(session, organization_id, keyring, now, house)
        compiled = Organization(
            id=organization_id,
            version=version,
            principals=await identity.principals(session, organization_id),
            people=await identity.visitors(session, organization_id),
            ended=await identity.ended_sessions(session, organization_id),
            routes=routes,
            unreleased=await versions_of.unreleased(session, organization_id),
            splits={
                **await experiments.splits(session, organization_id, routes),
                **await releases.splits(session, organization_id, routes),
            },
            automatic=registry.automatic(routes),
            data_keys=await _data_keys(session, keyring, organization_id),
            content=ContentMode(organization.content_mode),
            limits=await limits.compiled(session, organization_id),
        )
        in_force = await routing.in_force(session, organization_id)
    # The storage may be far away: nothing in the database waits for it.
    learned = await shelf.take(organization_id, in_force)
    outdated = [_next_month(now)]
    if price_at is not None:
        outdated.append(price_at)
    if organization_id in shelf.broken:
        outdated.append(now + quality.AGAIN_AFTER)
    return replace(compiled, learned=learned), min(outdated)


def _next_month(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


async def _data_keys(
    session: Session, keyring: Keyring, organization_id: UUID
) -> dict[str, DataKey]:
    """Return the keys of this month and the next, so that midnight needs no database."""
    now = clock.now()
    months = [f"{now:%Y-%m}", f"{_next_month(now):%Y-%m}"]
    keys = {
        month: await keyring.ensure(session, organization_id, CONTENT, month) for month in months
    }
    return {month: DataKey(key.id, month, key.secret) for month, key in keys.items()}

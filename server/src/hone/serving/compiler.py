"""From rows to a Snapshot: what the gateway needs to know of one organization."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from hone import identity, limits, registry
from hone.core import clock
from hone.core.db import Database, Session
from hone.core.keyring import CONTENT, Keyring
from hone.gateway import ContentMode, DataKey, Organization


async def versions(database: Database) -> dict[UUID, int]:
    """Tell which organizations exist and how new each one's rows are."""
    async with database.transaction() as session:
        found = await session.execute(text("SELECT * FROM organization_versions()"))
        return {row.organization_id: row.version for row in found}


async def part(
    database: Database, keyring: Keyring, organization_id: UUID, version: int
) -> tuple[Organization, datetime]:
    """Compile one organization as of `version` or newer; tell when time alone makes it outdated.

    That is when an announced price comes into force, or at the turn of the month, when the key of
    the month after next is wanted.
    """
    async with database.transaction(organization_id) as session:
        now = clock.now()
        price_at = await registry.next_price_at(session, organization_id, now)
        organization = await identity.organization(session, organization_id)
        routes = await registry.compiled(session, organization_id, keyring, now)
        compiled = Organization(
            id=organization_id,
            version=version,
            principals=await identity.principals(session, organization_id),
            people=await identity.visitors(session, organization_id),
            ended=await identity.ended_sessions(session, organization_id),
            routes=routes,
            automatic=registry.automatic(routes),
            data_keys=await _data_keys(session, keyring, organization_id),
            content=ContentMode(organization.content_mode),
            limits=await limits.compiled(session, organization_id),
        )
        month_at = _next_month(now)
        return compiled, month_at if price_at is None else min(price_at, month_at)


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

"""From rows to a Snapshot: what the gateway needs to know of one organization."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from hone import identity, registry
from hone.core import clock, ids
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
) -> Organization:
    """Compile one organization as of `version` or newer."""
    async with database.transaction(organization_id) as session:
        organization = await identity.organization(session, organization_id)
        return Organization(
            id=organization_id,
            version=version,
            principals=await identity.principals(session, organization_id),
            routes=await registry.compiled(session, organization_id, keyring, clock.now()),
            data_keys=await _data_keys(session, keyring, organization_id),
            content=ContentMode(organization.content_mode),
        )


async def _data_keys(
    session: Session, keyring: Keyring, organization_id: UUID
) -> dict[str, DataKey]:
    """Return the keys of this month and the next, so that midnight needs no database."""
    now = int(time.time() * 1000)
    following = datetime.fromtimestamp(now / 1000, UTC).replace(day=1) + timedelta(days=32)
    months = {ids.month(now), following.strftime("%Y-%m")}
    keys = {
        month: await keyring.ensure(session, organization_id, CONTENT, month) for month in months
    }
    return {month: DataKey(key.id, month, key.secret) for month, key in keys.items()}

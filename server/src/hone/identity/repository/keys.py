"""Queries about API keys. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.identity.models import ApiKey, KeyUse, Person


async def find(session: Session, organization_id: UUID, key_id: UUID) -> ApiKey | None:
    """Find one key of an organization."""
    query = select(ApiKey).where(ApiKey.organization_id == organization_id, ApiKey.id == key_id)
    return await session.scalar(query)


async def has(session: Session, digest: bytes) -> bool:
    """Tell whether there is a key of this digest, revoked ones included."""
    return await session.scalar(select(ApiKey.id).where(ApiKey.digest == digest)) is not None


async def usable(
    session: Session, organization_id: UUID, at: datetime
) -> list[tuple[ApiKey, str | None]]:
    """Find the keys that work at a moment, with the role of the person behind each."""
    query = (
        select(ApiKey, Person.role)
        .outerjoin(Person, Person.id == ApiKey.person_id)
        .where(
            ApiKey.organization_id == organization_id,
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at),
            Person.deactivated_at.is_(None),
        )
    )
    return [(key, role) for key, role in (await session.execute(query)).all()]


async def used(
    session: Session, organization_id: UUID, keys: Sequence[UUID]
) -> dict[UUID, datetime]:
    """Tell when keys were last used; those that never were are absent."""
    query = select(KeyUse.key_id, KeyUse.used_at)
    query = query.where(KeyUse.organization_id == organization_id, KeyUse.key_id.in_(keys))
    return {row.key_id: row.used_at for row in await session.execute(query)}


async def note_uses(
    session: Session, organization_id: UUID, keys: Sequence[UUID], at: datetime
) -> None:
    """Write down that keys were used; a later use that another process wrote stays."""
    there = (
        select(ApiKey.id, ApiKey.organization_id, literal(at))
        .where(ApiKey.organization_id == organization_id, ApiKey.id.in_(keys))
        # In one order, so that no two processes wait for each other.
        .order_by(ApiKey.id)
    )
    statement = insert(KeyUse).from_select(["key_id", "organization_id", "used_at"], there)
    later = func.greatest(KeyUse.used_at, statement.excluded.used_at)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["key_id"], set_={"used_at": later})
    )

"""Queries about API keys. Each one names the organization."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from hone.core.db import Session
from hone.identity.models import ApiKey, Person


async def find(session: Session, organization_id: UUID, key_id: UUID) -> ApiKey | None:
    """Find one key of an organization."""
    query = select(ApiKey).where(ApiKey.organization_id == organization_id, ApiKey.id == key_id)
    return await session.scalar(query)


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

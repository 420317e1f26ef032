"""Queries about passwords and links. Each one names the organization."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.identity.models import Link, Password


async def set_password(
    session: Session, organization_id: UUID, person_id: UUID, made: str, at: datetime
) -> None:
    """Keep the hash of a person's password in place of the one before."""
    values = {"organization_id": organization_id, "hash": made, "changed_at": at}
    statement = insert(Password).values(person_id=person_id, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Password.person_id], set_=values)
    )


async def password(session: Session, organization_id: UUID, person_id: UUID) -> str | None:
    """Return the hash of a person's password."""
    query = select(Password.hash).where(
        Password.organization_id == organization_id, Password.person_id == person_id
    )
    return await session.scalar(query)


async def link(session: Session, organization_id: UUID, link_id: UUID) -> Link | None:
    """Find and lock one link."""
    query = select(Link).where(Link.organization_id == organization_id, Link.id == link_id)
    return await session.scalar(query.with_for_update())


async def drop_links(session: Session, organization_id: UUID, person_id: UUID) -> None:
    """Make every link of a person useless."""
    await session.execute(
        delete(Link).where(Link.organization_id == organization_id, Link.person_id == person_id)
    )


async def forget_links(session: Session, before: datetime) -> None:
    """Delete links that are long over; ask as the owner."""
    await session.execute(delete(Link).where(Link.expires_at < before))

"""Queries about organizations."""

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from hone.core import ids
from hone.core.db import Session
from hone.identity.models import Organization

_BOOTSTRAP_LOCK = 0x486F6E66


async def find(session: Session, organization_id: UUID) -> Organization | None:
    """Find an organization."""
    return await session.scalar(select(Organization).where(Organization.id == organization_id))


async def every(session: Session) -> list[UUID]:
    """List the ids of all organizations, oldest first; nothing else is told across them."""
    found = await session.execute(text("SELECT organization_id FROM organization_versions()"))
    return sorted(found.scalars())


async def add(session: Session, organization_id: UUID, name: str, slug: str) -> bool:
    """Insert an organization; False when the slug is taken."""
    statement = insert(Organization).values(
        id=organization_id, name=name, slug=slug, created_at=ids.created_at(organization_id)
    )
    added = await session.scalar(
        statement.on_conflict_do_nothing(index_elements=[Organization.slug]).returning(
            Organization.id
        )
    )
    return added is not None


async def lock_bootstrap(session: Session) -> None:
    """Let one process at a time look whether this is the first start."""
    await session.execute(select(func.pg_advisory_xact_lock(_BOOTSTRAP_LOCK)))

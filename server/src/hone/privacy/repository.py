"""Every query of erasures. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text

from hone.core.db import Session
from hone.core.events import Details, Event
from hone.core.paging import COUNT_LIMIT
from hone.privacy.models import Erasure


async def lock(session: Session, organization_id: UUID) -> None:
    """Let one request at a time begin an erasure in an organization."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"privacy:{organization_id}", 0)))
    )


async def erasure(
    session: Session, organization_id: UUID, erasure_id: UUID, *, lock: bool = False
) -> Erasure | None:
    """Find an erasure."""
    query = select(Erasure).where(
        Erasure.organization_id == organization_id, Erasure.id == erasure_id
    )
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def newest_of(session: Session, organization_id: UUID, digest: bytes) -> Erasure | None:
    """Find the newest erasure of a target."""
    query = (
        select(Erasure)
        .where(Erasure.organization_id == organization_id, Erasure.digest == digest)
        .order_by(Erasure.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def page(
    session: Session, organization_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[Erasure], int | None]:
    """Return a page of erasures, newest first, and how many there are."""
    mine = select(Erasure).where(Erasure.organization_id == organization_id)
    counted = mine.with_only_columns(Erasure.id).limit(COUNT_LIMIT + 1).subquery()
    total = int(await session.scalar(select(func.count()).select_from(counted)) or 0)
    if before is not None:
        mine = mine.where(Erasure.id < before)
    found = await session.scalars(mine.order_by(Erasure.id.desc()).limit(limit))
    return found.all(), total if total <= COUNT_LIMIT else None


async def standing(session: Session, organization_id: UUID, since: datetime) -> list[UUID]:
    """Find the erasures that have not moved for a while."""
    query = select(Erasure.id).where(
        Erasure.organization_id == organization_id,
        Erasure.finished_at.is_(None),
        Erasure.updated_at < since,
    )
    return list(await session.scalars(query))


async def backups(session: Session, organization_id: UUID) -> list[tuple[str, datetime]]:
    """List the newest backups that were written."""
    query = (
        select(Details.data["file"].astext, Event.at)
        .join(Event, Event.id == Details.event_id)
        .where(Event.organization_id == organization_id, Event.name == "backup.written")
        .order_by(Event.position.desc())
        .limit(20)
    )
    return [(row[0] or "", row[1]) for row in await session.execute(query)]


async def organizations(session: Session) -> list[UUID]:
    """List the ids of all organizations; nothing else is told across them."""
    found = await session.execute(text("SELECT organization_id FROM organization_versions()"))
    return sorted(found.scalars())

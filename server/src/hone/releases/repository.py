"""Every query of releases. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, text
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.releases.models import Release, ReleaseEvent, ReleaseWatch

COUNT_LIMIT = 10_000


async def by_id(
    session: Session, organization_id: UUID, release_id: UUID, *, lock: bool = False
) -> Release | None:
    """Find one release."""
    query = select(Release).where(
        Release.organization_id == organization_id, Release.id == release_id
    )
    if lock:
        query = query.with_for_update()
    return await session.scalar(query.execution_options(populate_existing=lock))


async def unfinished(session: Session, organization_id: UUID, name: str) -> Release | None:
    """Find the release of a name that is under way."""
    query = select(Release).where(
        Release.organization_id == organization_id,
        Release.name == name,
        Release.ended_at.is_(None),
    )
    return await session.scalar(query)


async def newest(
    session: Session, organization_id: UUID, name: str, environment: str
) -> Release | None:
    """Find the release of a name that began last."""
    query = (
        select(Release)
        .where(
            Release.organization_id == organization_id,
            Release.name == name,
            Release.environment == environment,
        )
        .order_by(Release.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def asked(session: Session, organization_id: UUID, reason: str) -> bool:
    """Tell whether a release was begun for a reason that names one cause."""
    query = select(Release.id).where(
        Release.organization_id == organization_id, Release.reason == reason
    )
    return await session.scalar(query.limit(1)) is not None


async def page(
    session: Session,
    organization_id: UUID,
    after: UUID | None,
    limit: int,
    name: str | None,
    state: str | None,
) -> tuple[Sequence[Release], int | None]:
    """Return one more than a page of releases, newest first, and how many there are."""
    query = select(Release).where(Release.organization_id == organization_id)
    if name is not None:
        query = query.where(Release.name == name)
    if state is not None:
        query = query.where(Release.state == state)
    counted = query.with_only_columns(Release.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    if after is not None:
        query = query.where(Release.id < after)
    rows = await session.scalars(query.order_by(Release.id.desc()).limit(limit + 1))
    return rows.all(), None if total > COUNT_LIMIT else total


async def split(session: Session, organization_id: UUID) -> Sequence[Release]:
    """List the releases that are part of what the gateway is told."""
    query = select(Release).where(
        Release.organization_id == organization_id, Release.share.is_not(None)
    )
    return (await session.scalars(query.order_by(Release.id))).all()


async def timeline(
    session: Session, organization_id: UUID, release_id: UUID
) -> Sequence[ReleaseEvent]:
    """List what happened to a release, oldest first."""
    query = (
        select(ReleaseEvent)
        .where(
            ReleaseEvent.organization_id == organization_id, ReleaseEvent.release_id == release_id
        )
        .order_by(ReleaseEvent.sequence)
    )
    return (await session.scalars(query)).all()


async def watch(session: Session, organization_id: UUID, release_id: UUID) -> ReleaseWatch | None:
    """Find what was counted of a release."""
    return await session.get(ReleaseWatch, (organization_id, release_id), populate_existing=True)


async def pass_time(session: Session, row: Release, now: datetime, longest: float) -> ReleaseWatch:
    """Count the time since somebody last looked: at most `longest` seconds, and never less than none."""
    passed = func.extract("epoch", now - ReleaseWatch.looked_at)
    statement = insert(ReleaseWatch).values(
        organization_id=row.organization_id,
        release_id=row.id,
        moves=row.moves,
        seconds=0.0,
        looked_at=now,
        figures={},
    )
    same = ReleaseWatch.moves == row.moves
    counted = ReleaseWatch.seconds + func.least(func.greatest(passed, 0.0), longest)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[ReleaseWatch.organization_id, ReleaseWatch.release_id],
            set_={
                "seconds": case((same, counted), else_=0.0),
                "moves": row.moves,
                "looked_at": now,
            },
        )
    )
    found = await watch(session, row.organization_id, row.id)
    assert found is not None
    return found


async def outlasted(session: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """List releases of all organizations whose former version was kept long enough; asked as the owner."""
    query = select(Release.organization_id, Release.id).where(Release.kept_until <= now)
    return [(row[0], row[1]) for row in await session.execute(query)]


_PROOF = text("SELECT id, name FROM experiments WHERE organization_id = :organization AND id = :id")


async def proof(session: Session, row: Release) -> tuple[UUID, str] | None:
    """Find the experiment that a release names, and its name."""
    if row.experiment_id is None:
        return None
    values = {"organization": row.organization_id, "id": row.experiment_id}
    found = (await session.execute(_PROOF, values)).one_or_none()
    return None if found is None else (found.id, found.name)


async def due(session: Session) -> list[tuple[UUID, UUID]]:
    """List the releases of all organizations that are under way; asked as the owner."""
    found = await session.execute(
        text("SELECT organization_id, id FROM releases WHERE ended_at IS NULL ORDER BY step_at")
    )
    return [(row.organization_id, row.id) for row in found]

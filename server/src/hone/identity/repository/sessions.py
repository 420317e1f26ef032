"""Queries about sessions. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from hone.core.db import Session
from hone.identity.models import SignedIn


async def find(
    session: Session, organization_id: UUID, session_id: UUID, *, lock: bool = False
) -> SignedIn | None:
    """Find one session of an organization."""
    query = select(SignedIn).where(
        SignedIn.organization_id == organization_id, SignedIn.id == session_id
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def open_of(
    session: Session, organization_id: UUID, person_id: UUID, at: datetime
) -> Sequence[SignedIn]:
    """List a person's sessions that have not ended, the last seen first."""
    query = (
        select(SignedIn)
        .where(
            SignedIn.organization_id == organization_id,
            SignedIn.person_id == person_id,
            SignedIn.ended_at.is_(None),
            SignedIn.expires_at > at,
        )
        .order_by(SignedIn.last_seen_at.desc())
        .limit(200)
    )
    return (await session.scalars(query)).all()


async def end(
    session: Session,
    organization_id: UUID,
    person_id: UUID,
    at: datetime,
    *,
    but: UUID | None = None,
) -> Sequence[UUID]:
    """End the sessions of a person, perhaps all but one; return which."""
    statement = (
        update(SignedIn)
        .where(
            SignedIn.organization_id == organization_id,
            SignedIn.person_id == person_id,
            SignedIn.ended_at.is_(None),
        )
        .values(ended_at=at)
        .returning(SignedIn.id)
    )
    if but is not None:
        statement = statement.where(SignedIn.id != but)
    return (await session.scalars(statement)).all()


async def ended_since(session: Session, organization_id: UUID, since: datetime) -> set[UUID]:
    """Name the sessions that were ended lately."""
    query = select(SignedIn.id).where(
        SignedIn.organization_id == organization_id, SignedIn.ended_at > since
    )
    return set(await session.scalars(query))


async def last_seen(
    session: Session, organization_id: UUID, people: Sequence[UUID]
) -> dict[UUID, datetime]:
    """Tell when each person was last seen."""
    query = (
        select(SignedIn.person_id, func.max(SignedIn.last_seen_at))
        .where(SignedIn.organization_id == organization_id, SignedIn.person_id.in_(people))
        .group_by(SignedIn.person_id)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def forget(session: Session, before: datetime) -> None:
    """Delete what ended long ago, but for each person's last; ask as the owner."""
    newer = aliased(SignedIn)
    since = select(newer.id).where(
        newer.person_id == SignedIn.person_id, newer.last_seen_at > SignedIn.last_seen_at
    )
    over = func.least(func.coalesce(SignedIn.ended_at, SignedIn.expires_at), SignedIn.expires_at)
    await session.execute(delete(SignedIn).where(over < before, since.exists()))

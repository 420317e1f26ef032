"""Queries about schedules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from hone.core.db import Session
from hone.training.models import TrainingSchedule

_MOST_DUE: Final = 100


async def by_id(
    session: Session, organization_id: UUID, schedule_id: UUID, *, lock: bool = False
) -> TrainingSchedule | None:
    """Find one schedule."""
    query = select(TrainingSchedule).where(
        TrainingSchedule.organization_id == organization_id, TrainingSchedule.id == schedule_id
    )
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def page(
    session: Session, organization_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[TrainingSchedule], int]:
    """List schedules, newest first, one more than `limit` where there are more, and count them."""
    query = select(TrainingSchedule).where(TrainingSchedule.organization_id == organization_id)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if after is not None:
        query = query.where(TrainingSchedule.id < after)
    query = query.order_by(TrainingSchedule.id.desc()).limit(limit + 1)
    return (await session.scalars(query)).all(), total


async def due(owner: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find schedules whose time has come, in all organizations; as the owner."""
    found = await owner.execute(
        select(TrainingSchedule.organization_id, TrainingSchedule.id)
        .where(TrainingSchedule.enabled, TrainingSchedule.next_at <= now)
        .order_by(TrainingSchedule.next_at)
        .limit(_MOST_DUE)
    )
    return [(row[0], row[1]) for row in found]

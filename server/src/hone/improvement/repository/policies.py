"""Queries about policies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from hone.core.db import Session
from hone.improvement.models import Policy, Turn
from hone.improvement.triggers import Spent

_MOST_DUE: Final = 100
_PICO: Final = 1_000_000_000_000
_DAY, _MONTH = timedelta(days=1), timedelta(days=30)
_FRUITLESS: Final = ("failed", "skipped")
_LAST: Final = 20


async def by_id(
    session: Session, organization_id: UUID, policy_id: UUID, *, lock: bool = False
) -> Policy | None:
    """Find one policy, as it is now."""
    query = select(Policy).where(Policy.organization_id == organization_id, Policy.id == policy_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def free(session: Session, organization_id: UUID, policy_id: UUID) -> Policy | None:
    """Take one policy, unless another worker is at it."""
    query = select(Policy).where(Policy.organization_id == organization_id, Policy.id == policy_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update(skip_locked=True))


async def by_model(session: Session, organization_id: UUID, model: str) -> Policy | None:
    """Find the policy of a model."""
    return await session.scalar(
        select(Policy).where(Policy.organization_id == organization_id, Policy.model == model)
    )


async def page(
    session: Session, organization_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[Policy], int]:
    """List policies, newest first, one more than `limit` where there are more, and count them."""
    query = select(Policy).where(Policy.organization_id == organization_id)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if after is not None:
        query = query.where(Policy.id < after)
    return (await session.scalars(query.order_by(Policy.id.desc()).limit(limit + 1))).all(), total


async def due(owner: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find policies that are to be looked at, in all organizations; as the owner."""
    found = await owner.execute(
        select(Policy.organization_id, Policy.id)
        .where(Policy.enabled, Policy.next_at <= now)
        .order_by(Policy.next_at)
        .limit(_MOST_DUE)
    )
    return [(row[0], row[1]) for row in found]


async def spent(session: Session, organization_id: UUID, model: str, now: datetime) -> Spent:
    """Add up what the turns of a model took, and how many failed in a row of late."""
    mine = Turn.organization_id == organization_id, Turn.model == model
    runs = await session.scalar(
        select(func.count()).where(*mine, Turn.run_id.is_not(None), Turn.created_at > now - _DAY)
    )
    cost = await session.scalar(
        select(func.coalesce(func.sum(Turn.cost), 0)).where(*mine, Turn.created_at > now - _MONTH)
    )
    last = await session.execute(
        select(Turn.state, Turn.finished_at)
        .where(*mine, Turn.finished_at.is_not(None))
        .order_by(Turn.id.desc())
        .limit(_LAST)
    )
    failed, ended = 0, None
    for state, finished_at in last:
        if state not in _FRUITLESS:
            break
        failed, ended = failed + 1, ended or finished_at
    return Spent(runs or 0, int(cost or 0) / _PICO, failed, ended)

"""Queries about who waits and who is at work, over all organizations: as the owner, or read only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from hone.core.db import Session
from hone.training.models import HELD, TrainingNode, TrainingRun

FRESH = timedelta(seconds=15)
"""A machine that was silent for longer is taken to be away."""


async def nodes(session: Session, now: datetime) -> Sequence[TrainingNode]:
    """List the machines whose workers live."""
    query = select(TrainingNode).where(TrainingNode.beat_at > now - FRESH)
    return (await session.scalars(query.order_by(TrainingNode.id))).all()


async def held(session: Session, organization_id: UUID) -> Sequence[TrainingRun]:
    """List an organization's runs that are at work."""
    query = select(TrainingRun).where(
        TrainingRun.organization_id == organization_id, TrainingRun.state.in_(HELD)
    )
    return (await session.scalars(query.order_by(TrainingRun.started_at))).all()


async def waiting(session: Session, organization_id: UUID, limit: int) -> Sequence[TrainingRun]:
    """List an organization's runs that wait, the next first."""
    query = select(TrainingRun).where(
        TrainingRun.organization_id == organization_id, TrainingRun.state == "queued"
    )
    order = func.coalesce(TrainingRun.place, 1_000_000), TrainingRun.id
    return (await session.scalars(query.order_by(*order).limit(limit))).all()


async def known(session: Session) -> Sequence[TrainingNode]:
    """List the machines that were ever seen, the latest first."""
    query = select(TrainingNode).order_by(TrainingNode.beat_at.desc()).limit(100)
    return (await session.scalars(query)).all()

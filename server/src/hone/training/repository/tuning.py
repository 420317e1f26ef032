"""Queries about tuning jobs: each is a run, and what its client said."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import bindparam

from hone.core.db import Session
from hone.training.models import TrainingMetric, TrainingRun, TuningJob

LEASE: Final = timedelta(seconds=30)
Both = tuple[TuningJob, TrainingRun | None]
"""A job, and its run once there is one."""


async def by_id(session: Session, organization_id: UUID, run_id: UUID) -> Both | None:
    """Find one job with its run, as it is now."""
    query = (
        select(TuningJob, TrainingRun)
        .outerjoin(TrainingRun, TrainingRun.id == TuningJob.run_id)
        .where(TuningJob.organization_id == organization_id, TuningJob.run_id == run_id)
    )
    found = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    return None if found is None else (found[0], found[1])


async def page(
    session: Session,
    organization_id: UUID,
    after: UUID | None,
    metadata: Mapping[str, str],
    limit: int,
) -> Sequence[Both]:
    """List jobs, newest first, one more than `limit` where there are more."""
    query = (
        select(TuningJob, TrainingRun)
        .outerjoin(TrainingRun, TrainingRun.id == TuningJob.run_id)
        .where(TuningJob.organization_id == organization_id)
    )
    if after is not None:
        query = query.where(TuningJob.run_id < after)
    if metadata:
        wanted = bindparam("wanted", dict(metadata), type_=JSONB)
        query = query.where(TuningJob.metadata_.op("@>")(wanted))
    query = query.order_by(TuningJob.run_id.desc()).limit(limit + 1)
    return [(job, run) for job, run in await session.execute(query)]


async def by_key(
    session: Session, organization_id: UUID, created_by: str, key: str
) -> TuningJob | None:
    """Find the job that somebody began under an Idempotency-Key."""
    return await session.scalar(
        select(TuningJob).where(
            TuningJob.organization_id == organization_id,
            TuningJob.created_by == created_by,
            TuningJob.idempotency_key == key,
        )
    )


async def claim(session: Session) -> TuningJob | None:
    """Take a job whose files nobody reads, of whatever organization; as the owner."""
    free = or_(TuningJob.leased_until.is_(None), TuningJob.leased_until < func.now())
    query = select(TuningJob).where(TuningJob.state == "validating", free)
    query = query.order_by(TuningJob.run_id).limit(1).with_for_update(skip_locked=True)
    found = await session.scalar(query)
    if found is not None:
        found.claim += 1
        found.leased_until = func.now() + LEASE
        await session.flush()
        await session.refresh(found)
    return found


async def renew(session: Session, organization_id: UUID, run_id: UUID, token: int) -> bool:
    """Hold on to a job; tell whether it is still ours."""
    done = await session.execute(
        update(TuningJob)
        .where(*_held(organization_id, run_id, token))
        .values(leased_until=func.now() + LEASE)
        .returning(TuningJob.run_id)
    )
    return done.first() is not None


async def held(
    session: Session, organization_id: UUID, run_id: UUID, token: int
) -> TuningJob | None:
    """Lock a job that is still ours."""
    query = select(TuningJob).where(*_held(organization_id, run_id, token)).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


def _held(organization_id: UUID, run_id: UUID, token: int) -> tuple[ColumnElement[bool], ...]:
    return (
        TuningJob.organization_id == organization_id,
        TuningJob.run_id == run_id,
        TuningJob.claim == token,
        TuningJob.state == "validating",
    )


async def any_of(session: Session, organization_id: UUID) -> bool:
    """Tell whether an organization has a tuning job."""
    query = select(TuningJob.run_id).where(TuningJob.organization_id == organization_id).limit(1)
    return await session.scalar(query) is not None


async def last_metrics(
    session: Session, organization_id: UUID, run_id: UUID, limit: int
) -> Sequence[TrainingMetric]:
    """Read what was measured last, the newest first."""
    query = select(TrainingMetric).where(
        TrainingMetric.organization_id == organization_id, TrainingMetric.run_id == run_id
    )
    return (await session.scalars(query.order_by(TrainingMetric.id.desc()).limit(limit))).all()

"""Queries about tuning jobs: each is a run, and what its client said."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import bindparam

from hone.core.db import Session
from hone.training.models import TrainingMetric, TrainingRun, TuningJob

Both = tuple[TuningJob, TrainingRun]


async def by_id(session: Session, organization_id: UUID, run_id: UUID) -> Both | None:
    """Find one job with its run, as it is now."""
    query = (
        select(TuningJob, TrainingRun)
        .join(TrainingRun, TrainingRun.id == TuningJob.run_id)
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
        .join(TrainingRun, TrainingRun.id == TuningJob.run_id)
        .where(TuningJob.organization_id == organization_id)
    )
    if after is not None:
        query = query.where(TuningJob.run_id < after)
    if metadata:
        wanted = bindparam("wanted", dict(metadata), type_=JSONB)
        query = query.where(TuningJob.metadata_.op("@>")(wanted))
    query = query.order_by(TuningJob.run_id.desc()).limit(limit + 1)
    return [(job, run) for job, run in await session.execute(query)]


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

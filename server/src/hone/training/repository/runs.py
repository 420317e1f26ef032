"""Queries about runs, and about what was measured and said in them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.training.estimating import Past
from hone.training.models import (
    TrainingEvent,
    TrainingLog,
    TrainingMetric,
    TrainingRun,
    TrainingTrial,
)

_PAST = 25


async def by_id(
    session: Session, organization_id: UUID, run_id: UUID, *, lock: bool = False
) -> TrainingRun | None:
    """Find one run, as it is now."""
    query = _runs(organization_id).where(TrainingRun.id == run_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def by_key(
    session: Session, organization_id: UUID, created_by: str, key: str
) -> TrainingRun | None:
    """Find the run that somebody began under an Idempotency-Key."""
    return await session.scalar(
        _runs(organization_id).where(
            TrainingRun.created_by == created_by, TrainingRun.idempotency_key == key
        )
    )


def _runs(organization_id: UUID) -> Select[TrainingRun]:
    return select(TrainingRun).where(TrainingRun.organization_id == organization_id)


async def page(
    session: Session,
    organization_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    after: UUID | None,
    limit: int,
) -> tuple[Sequence[TrainingRun], int | None]:
    """List runs, newest first, one more than `limit` where there are more, and count them."""
    query = _runs(organization_id).where(*conditions)
    counted = query.with_only_columns(TrainingRun.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    if after is not None:
        query = query.where(TrainingRun.id < after)
    rows = (await session.scalars(query.order_by(TrainingRun.id.desc()).limit(limit + 1))).all()
    return rows, total if total <= COUNT_LIMIT else None


async def past(session: Session, organization_id: UUID, engine: str) -> list[Past]:
    """Read how long the latest runs of an engine took."""
    found = await session.execute(
        select(TrainingRun.examples, TrainingRun.seconds, TrainingRun.resources)
        .where(
            TrainingRun.organization_id == organization_id,
            TrainingRun.engine == engine,
            TrainingRun.state == "succeeded",
            # A search is many trainings: it says nothing of one.
            TrainingRun.spec["search"].astext.is_(None),
        )
        .order_by(TrainingRun.id.desc())
        .limit(_PAST)
    )
    return [
        Past(examples, seconds, int(resources.get("peakMemoryBytes", 0)))
        for examples, seconds, resources in found
    ]


async def last_success(session: Session, organization_id: UUID, model: str) -> TrainingRun | None:
    """Find the newest run of a model that succeeded."""
    query = _runs(organization_id).where(
        TrainingRun.model == model, TrainingRun.state == "succeeded"
    )
    return await session.scalar(query.order_by(TrainingRun.id.desc()).limit(1))


async def last_of_each(session: Session, organization_id: UUID) -> list[TrainingRun]:
    """Find the newest run of each model that succeeded, by the model's name."""
    query = (
        _runs(organization_id)
        .where(TrainingRun.state == "succeeded")
        .ext(distinct_on(TrainingRun.model))
        .order_by(TrainingRun.model, TrainingRun.id.desc())
    )
    return list(await session.scalars(query))


async def metrics(
    session: Session, organization_id: UUID, run_id: UUID, after: int, limit: int
) -> Sequence[TrainingMetric]:
    """Read what was measured, in the order it came."""
    query = select(TrainingMetric).where(
        TrainingMetric.organization_id == organization_id,
        TrainingMetric.run_id == run_id,
        TrainingMetric.id > after,
    )
    return (await session.scalars(query.order_by(TrainingMetric.id).limit(limit))).all()


async def last_metric(session: Session, organization_id: UUID, run_id: UUID) -> int:
    """Tell which value was measured last; 0 where there is none."""
    query = select(func.coalesce(func.max(TrainingMetric.id), 0)).where(
        TrainingMetric.organization_id == organization_id, TrainingMetric.run_id == run_id
    )
    return int(await session.scalar(query) or 0)


async def events(
    session: Session, organization_id: UUID, run_id: UUID, limit: int
) -> Sequence[TrainingEvent]:
    """Read what was said, oldest first."""
    query = select(TrainingEvent).where(
        TrainingEvent.organization_id == organization_id, TrainingEvent.run_id == run_id
    )
    return (await session.scalars(query.order_by(TrainingEvent.number).limit(limit))).all()


async def trials(session: Session, organization_id: UUID, run_id: UUID) -> Sequence[TrainingTrial]:
    """Read the trials of a search, in the order of their numbers."""
    query = select(TrainingTrial).where(
        TrainingTrial.organization_id == organization_id, TrainingTrial.run_id == run_id
    )
    return (await session.scalars(query.order_by(TrainingTrial.number))).all()


async def log_pieces(
    session: Session, organization_id: UUID, run_id: UUID, after: int, limit: int
) -> Sequence[TrainingLog]:
    """Read the pieces of a log that hold what lies behind a byte."""
    query = select(TrainingLog).where(
        TrainingLog.organization_id == organization_id,
        TrainingLog.run_id == run_id,
        TrainingLog.start + TrainingLog.size > after,
    )
    return (await session.scalars(query.order_by(TrainingLog.start).limit(limit))).all()


async def has_policy(session: Session, organization_id: UUID, model: str) -> bool:
    """Tell whether a policy of improvement, whose package stands above, looks after a model."""
    query = text(
        "SELECT EXISTS (SELECT FROM improvement_policies"
        " WHERE organization_id = :organization_id AND model = :model AND enabled)"
    )
    values = {"organization_id": organization_id, "model": model}
    return bool(await session.scalar(query, values))

"""Queries about what other trackers know of runs, over all organizations; as the owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.identity import Organization
from hone.training.models import OVER, TrainingReport, TrainingRun

_RECENT: Final = timedelta(hours=1)
"""A run that was over for longer when the tracker was named is not told of."""


async def of_run(session: Session, organization_id: UUID, run_id: UUID) -> Sequence[TrainingReport]:
    """Read what trackers know of a run."""
    query = select(TrainingReport).where(
        TrainingReport.organization_id == organization_id, TrainingReport.run_id == run_id
    )
    return (await session.scalars(query.order_by(TrainingReport.tracker))).all()


async def open_new(session: Session, tracker: str) -> None:
    """Begin a report of each run that was started and has none."""
    recent = TrainingRun.finished_at > func.now() - _RECENT
    query = select(TrainingRun.id, literal(tracker), TrainingRun.organization_id).where(
        TrainingRun.started_at.is_not(None),
        or_(TrainingRun.state.not_in(OVER), recent),
    )
    columns = ["run_id", "tracker", "organization_id"]
    statement = insert(TrainingReport).from_select(columns, query, include_defaults=False)
    await session.execute(statement.on_conflict_do_nothing())


async def due(session: Session, tracker: str, holder: str, now: datetime) -> TrainingReport | None:
    """Take a report that is due; no other worker has it meanwhile, nor went on with it just now."""
    free = or_(
        TrainingReport.holder.is_(None),
        TrainingReport.holder == holder,
        TrainingReport.held_until < now,
    )
    due = TrainingReport.state == "open", TrainingReport.next_at <= now
    query = (
        select(TrainingReport)
        .where(TrainingReport.tracker == tracker, *due, free)
        .order_by(TrainingReport.next_at)
        .limit(1)
    )
    return await session.scalar(query.with_for_update(skip_locked=True))


async def organization(session: Session, organization_id: UUID) -> str:
    """Return an organization's name."""
    query = select(Organization.name).where(Organization.id == organization_id)
    return str(await session.scalar(query))

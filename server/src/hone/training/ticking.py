"""Schedules come due: each begins one run, or says why it did not; missed times count once."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.identity import Actor, system
from hone.training import cron, data
from hone.training.models import TrainingSchedule
from hone.training.place import Place
from hone.training.repository import schedules
from hone.training.schemas.job import TrainingJob
from hone.training.service.creating import Origin, create
from hone.training.service.schedules import next_at, window_of

log = logging.getLogger(__name__)

_LONGEST: Final = 1000


async def tick(owner: Database, database: Database, place: Place) -> int:
    """Let schedules that are due begin their runs, and tell how many were due."""
    async with owner.transaction() as session:
        found: Sequence[tuple[UUID, UUID]] = await schedules.due(session, clock.now())
    for organization_id, schedule_id in found:
        async with database.transaction(organization_id) as session:
            row = await schedules.by_id(session, organization_id, schedule_id, lock=True)
            now = clock.now()
            # Another worker may have been here meanwhile.
            if row is not None and row.enabled and row.next_at is not None and row.next_at <= now:
                await _come(session, place, row, now)
    return len(found)


async def _come(session: Session, place: Place, row: TrainingSchedule, now: datetime) -> None:
    outcome = "started"
    try:
        async with session.begin_nested():
            outcome = await _begin(session, place, row, now)
    except AppError as error:
        outcome = f"not started: {error.message}"
        log.warning("training schedule %s did not start: %s", row.id, error.message)
    row.last_at, row.last_outcome = now, outcome[:_LONGEST]
    row.next_at = next_at(row.cron, row.timezone, now)


async def _begin(session: Session, place: Place, row: TrainingSchedule, now: datetime) -> str:
    actor: Actor = system(row.organization_id)
    job = TrainingJob.model_validate(row.job)
    if row.min_new_examples:
        new = await data.count_new(session, actor, job.data, row.last_started_at)
        if new < row.min_new_examples:
            return f"left out: {new} new examples, {row.min_new_examples} are wanted"
    opens = _opens(row, now)
    if opens > now:
        later = job.scheduling.model_copy(update={"not_before": opens})
        job = job.model_copy(update={"scheduling": later})
    made = await create(session, actor, place, job, Origin(schedule_id=row.id))
    row.last_run_id, row.last_started_at = ids.parse("trun", made.id), now
    return "started"


def _opens(row: TrainingSchedule, now: datetime) -> datetime:
    window = window_of(row)
    return now if window is None else cron.opening(*window, cron.zone(row.timezone), now)

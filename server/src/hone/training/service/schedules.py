"""The rules of schedules."""

from datetime import datetime, time
from itertools import islice
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from hone import datasets
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery, cursor
from hone.identity import Actor, Permission
from hone.training import cron, rendering, telling
from hone.training.errors import JobWrong, ScheduleChanged, ScheduleTaken
from hone.training.models import TrainingSchedule
from hone.training.place import Place
from hone.training.repository import schedules
from hone.training.schemas.job import TrainingJob
from hone.training.schemas.schedules import OffPeak, ScheduleChange, ScheduleRead, ScheduleWrite
from hone.training.service.creating import require
from hone.training.service.runs import last_of

_READ, _WRITE = Permission.TRAINING_READ, Permission.TRAINING_WRITE
_SHOWN: Final = 5


async def access(
    session: Session,
    actor: Actor,
    schedule_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> TrainingSchedule:
    """Open the one door to a schedule."""
    actor.require(permission)
    parsed = ids.parse(rendering.SCHEDULE, schedule_id)
    found = parsed and await schedules.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such schedule in this organization.")
    return found


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[ScheduleRead]:
    """List schedules, newest first."""
    actor.require(_READ)
    after = last_of(query)
    rows, total = await schedules.page(session, actor.organization_id, after, query.limit)
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    items = [shown(row) for row in rows[: query.limit]]
    return Page[ScheduleRead](items=items, total=total, next=more)


async def get(session: Session, actor: Actor, schedule_id: str) -> ScheduleRead:
    """Show one schedule."""
    return shown(await access(session, actor, schedule_id))


async def create(session: Session, actor: Actor, place: Place, data: ScheduleWrite) -> ScheduleRead:
    """Train a model again and again, by itself; the dataset must be there."""
    require(actor, data.job)
    job = await _heard(session, actor, place, data.job)
    await datasets.access(session, actor, data.job.data.dataset)
    row = TrainingSchedule(
        id=ids.new(),
        organization_id=actor.organization_id,
        name=data.name,
        cron=data.cron,
        timezone=data.timezone,
        off_peak=_window(data.window),
        job=job.document(),
        min_new_examples=data.min_new_examples,
        enabled=data.enabled,
        next_at=next_at(data.cron, data.timezone, clock.now()),
        version=1,
        created_by=actor.id,
    )
    session.add(row)
    await _flush(session, data.name)
    _note(session, actor, row, "training_schedule.created", after=_facts(row))
    return shown(row)


async def update(
    session: Session, actor: Actor, place: Place, schedule_id: str, data: ScheduleChange
) -> ScheduleRead:
    """Change a schedule; it counts from the next time on."""
    row = await access(session, actor, schedule_id, _WRITE, lock=True)
    if row.version != data.version:
        raise ScheduleChanged(details={"version": row.version})
    before = _facts(row)
    for name in data.model_fields_set - {"version", "window", "job"}:
        value = getattr(data, name)
        if value is not None:
            setattr(row, name, value)
    if "window" in data.model_fields_set:
        row.off_peak = _window(data.window)
    if data.job is not None:
        require(actor, data.job)
        await datasets.access(session, actor, data.job.data.dataset)
        row.job = (await _heard(session, actor, place, data.job)).document()
    row.next_at = next_at(row.cron, row.timezone, clock.now())
    row.version, row.updated_at = row.version + 1, clock.now()
    await _flush(session, row.name)
    _note(session, actor, row, "training_schedule.updated", before, _facts(row))
    return shown(row)


async def _heard(session: Session, actor: Actor, place: Place, job: TrainingJob) -> TrainingJob:
    """Find whom its runs are told to, now that somebody is there who can mend it."""
    notify, problems = await telling.settled(session, actor, place.settings, job.notify)
    if problems:
        raise JobWrong(" ".join(problems), param="job.notify")
    return job.model_copy(update={"notify": notify})


async def delete(session: Session, actor: Actor, schedule_id: str) -> None:
    """Take a schedule away; runs that it began stay."""
    row = await access(session, actor, schedule_id, _WRITE, lock=True)
    _note(session, actor, row, "training_schedule.deleted", _facts(row))
    await session.delete(row)
    await session.flush()


def next_at(line: str, timezone: str, after: datetime) -> datetime | None:
    """Tell when a schedule comes next."""
    return next(cron.following(cron.read(line), cron.zone(timezone), after), None)


def window_of(row: TrainingSchedule) -> tuple[time, time] | None:
    """Read when machines have time."""
    if row.off_peak is None:
        return None
    return time.fromisoformat(row.off_peak["from"]), time.fromisoformat(row.off_peak["to"])


def shown(row: TrainingSchedule) -> ScheduleRead:
    """Show a schedule."""
    times = cron.following(cron.read(row.cron), cron.zone(row.timezone), clock.now())
    return ScheduleRead(
        id=ids.public(rendering.SCHEDULE, row.id),
        version=row.version,
        name=row.name,
        cron=row.cron,
        timezone=row.timezone,
        window=None if row.off_peak is None else OffPeak.model_validate(row.off_peak),
        job=row.job,
        min_new_examples=row.min_new_examples,
        enabled=row.enabled,
        next_at=row.next_at if row.enabled else None,
        next_five=list(islice(times, _SHOWN)) if row.enabled else [],
        last_at=row.last_at,
        last_run=None if row.last_run_id is None else ids.public(rendering.RUN, row.last_run_id),
        last_outcome=row.last_outcome,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def _window(window: OffPeak | None) -> dict[str, Any] | None:
    return None if window is None else window.model_dump(mode="json", by_alias=True)


async def _flush(session: Session, name: str) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise ScheduleTaken(f"There is a schedule {name!r} already.", param="name") from error


def _note(
    session: Session,
    actor: Actor,
    row: TrainingSchedule,
    name: str,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = ids.public(rendering.SCHEDULE, row.id)
    facts = {"before": before, "after": after}
    publish(session, row.organization_id, actor.id, name, subject, facts)


def _facts(row: TrainingSchedule) -> dict[str, object]:
    return {
        "name": row.name,
        "cron": row.cron,
        "timezone": row.timezone,
        "window": row.off_peak,
        "minNewExamples": row.min_new_examples,
        "enabled": row.enabled,
        "model": row.job.get("name"),
    }

"""Who may see runs, and pause, resume, cancel and repeat them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission
from hone.training import logs, rendering
from hone.training.errors import RunGoesOn, RunNotPaused, RunOver
from hone.training.models import OVER, TrainingRun
from hone.training.place import Place
from hone.training.repository import claims, queue, reports, runs
from hone.training.schemas.job import TrainingJob
from hone.training.schemas.runs import (
    Amount,
    EnginesRead,
    MetricRead,
    MetricsRead,
    ResourcesRead,
    RunEventRead,
    RunEventsRead,
    Running,
    RunRead,
    TrackerRead,
    TrackersRead,
    Waiting,
)
from hone.training.service.creating import NOT_SEEN, Origin, create, note
from hone.training.trail import Event

_READ, _WRITE = Permission.TRAINING_READ, Permission.TRAINING_WRITE
_METRICS: Final = 2000
_EVENTS: Final = 5000
_WAITING: Final = 200


@dataclass(frozen=True, slots=True)
class RunsQuery:
    """Which runs are wanted."""

    state: str | None = None
    model: str | None = None
    dataset: str | None = None
    dataset_version: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Write the conditions."""
        found: list[ColumnElement[bool]] = []
        if self.state is not None:
            found.append(TrainingRun.state.in_(self.state.split(",")))
        if self.model is not None:
            found.append(TrainingRun.model == self.model)
        if self.dataset is not None:
            known = ids.parse("ds", self.dataset)
            named = TrainingRun.dataset_name == self.dataset
            found.append(named if known is None else TrainingRun.dataset_id == known)
        if self.dataset_version is not None:
            found.append(TrainingRun.dataset_version.in_(self.dataset_version.split(",")))
        return found


async def access(
    session: Session,
    actor: Actor,
    run_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> TrainingRun:
    """Open the one door to a run: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse(rendering.RUN, run_id)
    found = parsed and await runs.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such training run in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, wanted: RunsQuery | None = None
) -> Page[RunRead]:
    """List runs, newest first."""
    actor.require(_READ)
    conditions = (wanted or RunsQuery()).conditions()
    after = last_of(query)
    rows, total = await runs.page(session, actor.organization_id, conditions, after, query.limit)
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    items = [rendering.run(row) for row in rows[: query.limit]]
    return Page[RunRead](items=items, total=total, next=more)


def last_of(query: PageQuery) -> UUID | None:
    """Read the id in a cursor."""
    after = query.after()
    last = ids.parse("", after[0]) if after is not None and len(after) == 1 else None
    if after is not None and last is None:
        raise UnknownCursor(param="cursor")
    return last


async def get(session: Session, actor: Actor, run_id: str) -> RunRead:
    """Show one run."""
    return rendering.run(await access(session, actor, run_id))


async def find(session: Session, actor: Actor, run_id: str) -> UUID:
    """Find a run that is to be watched."""
    return (await access(session, actor, run_id)).id


async def metrics(
    session: Session, actor: Actor, run_id: str, after: str | None, limit: int = _METRICS
) -> MetricsRead:
    """Show what was measured in a run behind a mark."""
    row = await access(session, actor, run_id)
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise UnknownCursor(param="after")
    last = int(after or 0)
    found = await runs.metrics(session, row.organization_id, row.id, last, limit)
    items = [
        MetricRead(
            at=each.at,
            step=each.step,
            epoch=each.epoch,
            split=each.split,
            name=each.name,
            value=each.value,
        )
        for each in found
    ]
    return MetricsRead(items=items, next=str(found[-1].id) if found else after)


async def events(session: Session, actor: Actor, run_id: str) -> RunEventsRead:
    """Show what was said of a run."""
    row = await access(session, actor, run_id)
    found = await runs.events(session, row.organization_id, row.id, _EVENTS)
    items = [
        RunEventRead(at=each.at, kind=each.kind, message=each.message, done=each.done)
        for each in found
    ]
    return RunEventsRead(items=items)


async def warn(session: Session, organization_id: UUID, run_id: str, words: str) -> None:
    """Say in a run what others found wrong, if there is the run."""
    parsed = ids.parse(rendering.RUN, run_id)
    found = parsed and await runs.by_id(session, organization_id, parsed)
    if found:
        said = Event(kind="warning", message=words, at=clock.now().isoformat())
        await claims.add_events(session, organization_id, found.id, [said])


async def log(
    session: Session, actor: Actor, place: Place, run_id: str, after: int
) -> tuple[bytes, int]:
    """Read a run's log behind a byte, and tell where it ends."""
    row = await access(session, actor, run_id)
    return await logs.read(session, place.keyring, row.organization_id, row.id, after)


async def pause(session: Session, actor: Actor, run_id: str) -> RunRead:
    """Stop a run at a checkpoint; it goes on from there when it is resumed."""
    row = await access(session, actor, run_id, _WRITE, lock=True)
    if row.state in OVER:
        raise RunOver(f"This training run is {row.state}.")
    if row.state == "queued":
        row.state, row.why_waiting, row.place = "paused", "Somebody paused it.", None
        note(session, row, actor.id, "training_run.paused")
    elif row.state != "paused" and row.wish is None:
        row.wish = "pause"
        if row.state in {"starting", "running", "proving"}:
            row.state, row.stage = "pausing", "pausing"
        note(session, row, actor.id, "training_run.pause_wanted")
    return await _shown(session, row)


async def resume(session: Session, actor: Actor, run_id: str) -> RunRead:
    """Let a paused run go on."""
    row = await access(session, actor, run_id, _WRITE, lock=True)
    if row.state != "paused":
        raise RunNotPaused(f"This training run is {row.state}.")
    row.state, row.wish, row.why_waiting = "queued", None, NOT_SEEN
    row.stage, row.queued_at = "waiting", clock.now()
    note(session, row, actor.id, "training_run.resumed")
    return await _shown(session, row)


async def cancel(session: Session, actor: Actor, run_id: str) -> RunRead:
    """End a run; one that is at work ends within seconds."""
    row = await access(session, actor, run_id, _WRITE, lock=True)
    if row.state in OVER:
        raise RunOver(f"This training run is {row.state}.")
    if row.state in {"queued", "paused"}:
        row.state, row.stage, row.wish = "cancelled", "cancelled", None
        row.finished_at = clock.now()
        note(session, row, actor.id, "training_run.cancelled")
    elif row.wish != "cancel":
        row.wish, row.stage = "cancel", "cancelling"
        note(session, row, actor.id, "training_run.cancel_wanted")
    return await _shown(session, row)


async def retry(session: Session, actor: Actor, place: Place, run_id: str) -> RunRead:
    """Begin a run that is over once more, as it was specified, on the same data."""
    row = await access(session, actor, run_id, _WRITE)
    if row.state not in OVER:
        raise RunGoesOn
    job = TrainingJob.model_validate(row.spec)
    if row.dataset_version is not None:
        pinned = job.data.model_copy(update={"version": row.dataset_version})
        job = job.model_copy(update={"data": pinned})
    return await create(session, actor, place, job, Origin(retry_of=row.id))


async def _shown(session: Session, row: TrainingRun) -> RunRead:
    row.updated_at = clock.now()
    await session.flush()
    return rendering.run(row)


async def trackers(session: Session, actor: Actor, run_id: str) -> TrackersRead:
    """Show which other trackers know of a run, and where they show it."""
    row = await access(session, actor, run_id)
    found = await reports.of_run(session, row.organization_id, row.id)
    return TrackersRead(items=[TrackerRead.model_validate(each) for each in found])


async def engines(actor: Actor, place: Place) -> EnginesRead:
    """List the ways to learn."""
    actor.require(_READ)
    return EnginesRead(items=await place.catalogue.engines())


async def resources(session: Session, actor: Actor) -> ResourcesRead:
    """Tell what there is to train with, who has it, and who waits for it."""
    actor.require(_READ)
    machines = await queue.nodes(session, clock.now())
    held = await queue.held(session, actor.organization_id)
    waiting = await queue.waiting(session, actor.organization_id, _WAITING)
    return ResourcesRead(
        machines=len(machines),
        cpu=Amount(
            total=round(sum(each.cpu for each in machines), 2),
            used=round(sum(each.used_cpu for each in machines), 2),
        ),
        memory=Amount(
            total=sum(each.memory for each in machines),
            used=sum(each.used_memory for each in machines),
        ),
        gpu=Amount(
            total=sum(each.gpus for each in machines),
            used=sum(each.used_gpus for each in machines),
        ),
        running=[
            Running(
                id=ids.public(rendering.RUN, row.id),
                model=row.model,
                state=rendering.run(row).state,
                progress=round(row.progress, 4),
                cpu=round(row.cpu, 2),
                memory_bytes=row.memory,
                gpus=row.gpus_given,
            )
            for row in held
        ],
        waiting=[
            Waiting(
                id=ids.public(rendering.RUN, row.id),
                model=row.model,
                priority=rendering.run(row).priority,
                position=row.place,
                why_waiting=row.why_waiting,
                queued_at=row.queued_at,
            )
            for row in waiting
        ],
        others=max(sum(each.running for each in machines) - len(held), 0),
    )

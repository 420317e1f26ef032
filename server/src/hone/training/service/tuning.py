"""Tuning jobs: files become a data set (`validating.py`), and the job a run on it; the rest is what runs do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone import batches
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.paging import Page, PageQuery, cursor
from hone.identity import Actor, Permission
from hone.training import engines, tuning
from hone.training.errors import (
    KeyUsedOtherwise,
    RunOver,
    TuningFilesRead,
    TuningJobMissing,
    TuningWrong,
)
from hone.training.models import TrainingRun, TuningJob
from hone.training.place import Place
from hone.training.repository import runs as repository
from hone.training.repository import tuning as jobs
from hone.training.schemas.job import Data, OnSuccess, Task, TrainingJob
from hone.training.schemas.runs import EngineRead
from hone.training.schemas.tuning import (
    TuningCheckpoints,
    TuningCreate,
    TuningEvents,
    TuningJobRead,
    TuningList,
    TuningRead,
)
from hone.training.service import runs
from hone.training.service.creating import Origin, create, refuse
from hone.training.translating import KINDS

_READ, _WRITE = Permission.TRAINING_READ, Permission.TRAINING_WRITE
MOST_LISTED: Final = 100
_EVENTS: Final = 5000
_SEED: Final = 7
_DATASET: Final = "ds_"


@dataclass(frozen=True, slots=True)
class Desk:
    """What tuning works with: the trainer's place, and where clients' files lie."""

    place: Place
    files: batches.Place


async def begin(
    session: Session, actor: Actor, desk: Desk, wanted: TuningCreate, key: str | None = None
) -> TuningRead:
    """Begin a tuning job: on a data set it is a run at once, files are read in the background."""
    actor.require(_WRITE)
    asked = hashlib.sha256(wanted.model_dump_json().encode()).hexdigest()
    known = key and await jobs.by_key(session, actor.organization_id, actor.id, key)
    if known:
        if known.request_hash != asked:
            raise KeyUsedOtherwise
        return await _shown(session, actor, known.run_id)
    engine = await _engine(desk.place, wanted.model)
    task: Task = _task(engine)
    method = tuning.method_of(wanted, task)
    seed = _SEED if wanted.seed is None else wanted.seed
    stages = Permission.RELEASES_WRITE in actor.permissions
    then: list[OnSuccess] = ["register", "stage"] if stages else ["register"]
    job = TrainingJob(
        name=wanted.suffix or f"tuned-{engine.name}",
        task=task,
        engine=engine.name,
        data=Data(dataset=await _named(session, actor, desk, wanted)),
        params=tuning.params_of(wanted, engine),
        seed=seed,
        on_success=then,
    )
    there = wanted.training_file.startswith(_DATASET)
    row = TuningJob(
        run_id=ids.new(),
        organization_id=actor.organization_id,
        model=wanted.model,
        training_file=wanted.training_file,
        validation_file=wanted.validation_file,
        suffix=wanted.suffix,
        seed=seed,
        method=method,
        metadata_=wanted.metadata,
        state="begun" if there else "validating",
        job=None if there else job.document(),
        request_hash=asked,
        created_by=actor.id,
        idempotency_key=key,
    )
    if there:
        await create(session, actor, desk.place, job, Origin(run_id=row.run_id))
    else:
        await refuse(session, desk.place, job)
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise KeyUsedOtherwise("This Idempotency-Key was used at the same moment.") from error
    note(session, row, actor.id, "tuning_job.created")
    return await _shown(session, actor, row.run_id)


def note(session: Session, row: TuningJob, actor: str, name: str) -> None:
    """Publish what happened to a job."""
    facts: dict[str, object] = {"model": row.model, "state": row.state}
    if row.error is not None:
        facts["code"] = row.error.get("code")
    publish(session, row.organization_id, actor, name, ids.public(tuning.JOB, row.run_id), facts)


async def _shown(session: Session, actor: Actor, run_id: UUID) -> TuningRead:
    found = await jobs.by_id(session, actor.organization_id, run_id)
    assert found is not None
    return tuning.read(*found)


async def _engine(place: Place, model: str) -> EngineRead:
    """Find the engine that a model's name means."""
    known = await place.catalogue.engines()
    found = next((each for each in known if each.name == tuning.engine_of(model)), None)
    if found is None or not set(found.tasks) & set(KINDS):
        names = ", ".join(f"{tuning.OURS}{each.name}" for each in known if each.name in _TUNED)
        raise TuningWrong(f"There is no {model!r} to tune here. There are: {names}.", param="model")
    return found


_TUNED: Final = frozenset(engines.KNOWN)


def _task(engine: EngineRead) -> Task:
    task = next(each for each in engine.tasks if each in KINDS)
    return next(each for each in KINDS if each == task)


async def _named(session: Session, actor: Actor, desk: Desk, wanted: TuningCreate) -> str:
    """Name the data set that is meant, or that will be made of files: the same files are the same one."""
    if wanted.training_file.startswith(_DATASET):
        if wanted.validation_file is not None:
            raise TuningWrong(
                "A data set has its own part to validate with; send no validation_file with it.",
                param="validation_file",
            )
        return wanted.training_file
    names = [each for each in (wanted.training_file, wanted.validation_file) if each is not None]
    # Files that nobody has are told of before anything is made.
    for file in names:
        await batches.lines_of(session, actor, desk.files, file)
    return " and ".join(names)


async def access(
    session: Session, actor: Actor, job_id: str
) -> tuple[TuningJob, TrainingRun | None]:
    """Open the one door to a job; raise `NotKept` where there is none here."""
    parsed = ids.parse(tuning.JOB, job_id) if job_id.startswith(tuning.JOB) else None
    found = parsed and await jobs.by_id(session, actor.organization_id, parsed)
    if not found:
        raise batches.NotKept
    actor.require(_READ)
    return found


async def get(session: Session, actor: Actor, job_id: str) -> TuningRead:
    """Show one job."""
    return tuning.read(*await access(session, actor, job_id))


async def page(
    session: Session,
    actor: Actor,
    after: str | None,
    limit: int,
    metadata: Mapping[str, str],
) -> TuningList:
    """List jobs, newest first."""
    last = None if after is None else (await access(session, actor, after))[0].run_id
    actor.require(_READ)
    most = max(1, min(limit, MOST_LISTED))
    found = await jobs.page(session, actor.organization_id, last, metadata, most)
    return TuningList(
        data=[tuning.read(*each) for each in found[:most]], has_more=len(found) > most
    )


async def jobs_of(session: Session, actor: Actor, query: PageQuery) -> Page[TuningJobRead]:
    """List jobs as the dashboard shows them, newest first."""
    actor.require(_READ)
    after = runs.last_of(query)
    found = await jobs.page(session, actor.organization_id, after, {}, query.limit)
    more = cursor(found[query.limit - 1][0].run_id.hex) if len(found) > query.limit else None
    items = [tuning.listed(*each) for each in found[: query.limit]]
    return Page[TuningJobRead](items=items, total=None, next=more)


async def any_here(session: Session, actor: Actor) -> bool:
    """Tell whether the organization has a tuning job of Hone's own engines."""
    return await jobs.any_of(session, actor.organization_id)


async def change(session: Session, actor: Actor, job_id: str, what: str) -> TuningRead:
    """Cancel, pause or resume a job, as its run."""
    job, run = await access(session, actor, job_id)
    if run is None:
        actor.require(_WRITE)
        await _change_before(session, actor, job, what)
        return await _shown(session, actor, job.run_id)
    act = {"cancel": runs.cancel, "pause": runs.pause, "resume": runs.resume}[what]
    await act(session, actor, ids.public("trun", run.id))
    return await _shown(session, actor, job.run_id)


async def _change_before(session: Session, actor: Actor, row: TuningJob, what: str) -> None:
    """Cancel a job that has no run yet; whoever reads its files hears of it."""
    await session.refresh(row, with_for_update=True)
    if row.state != "validating":
        raise RunOver(f"This tuning job is {row.state}.")
    if what != "cancel":
        raise TuningFilesRead
    row.state, row.ended_at, row.job = "cancelled", clock.now(), None
    note(session, row, actor.id, "tuning_job.cancelled")
    await session.flush()


async def events(
    session: Session, actor: Actor, job_id: str, after: str | None, limit: int
) -> TuningEvents:
    """List what was said and measured in a job, newest first."""
    job, run = await access(session, actor, job_id)
    every = tuning.before(job) if job.request_hash is not None else []
    if run is not None:
        said = await repository.events(session, actor.organization_id, run.id, _EVENTS)
        measured = await jobs.last_metrics(session, actor.organization_id, run.id, _EVENTS)
        every = tuning.events(run, said, measured) + every
    start = 0
    if after is not None:
        start = next((n + 1 for n, each in enumerate(every) if each.id == after), -1)
        if start < 0:
            raise TuningWrong("This job has no such event.", param="after")
    most = max(1, min(limit, MOST_LISTED))
    return TuningEvents(data=every[start : start + most], has_more=len(every) > start + most)


async def checkpoints(session: Session, actor: Actor, job_id: str) -> TuningCheckpoints:
    """List what of a job can be called: its end, once it succeeded."""
    _, run = await access(session, actor, job_id)
    listed = [tuning.checkpoint(run)] if run is not None and run.state == "succeeded" else []
    name = listed[0].id if listed else None
    return TuningCheckpoints(data=listed, first_id=name, last_id=name)


def missing(job_id: str) -> TuningJobMissing:
    """Say that nobody has a job."""
    return TuningJobMissing(f"There is no tuning job {job_id[:80]!r} here.", param="id")

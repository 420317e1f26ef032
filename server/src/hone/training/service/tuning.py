"""Tuning jobs: a file becomes a data set, and the job a run on it; the rest is what runs do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hone import batches, datasets
from hone.core import ids
from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.training import data, engines, filing, tuning
from hone.training.errors import TuningJobMissing, TuningWrong
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
    TuningList,
    TuningRead,
)
from hone.training.service import runs
from hone.training.service.creating import Origin, create
from hone.training.translating import KINDS

_READ, _WRITE = Permission.TRAINING_READ, Permission.TRAINING_WRITE
MOST_LISTED: Final = 100
_EVENTS: Final = 5000
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Desk:
    """What tuning works with: the trainer's place, and where clients' files lie."""

    place: Place
    files: batches.Place


async def begin(
    session: Session, actor: Actor, desk: Desk, wanted: TuningCreate, key: str | None = None
) -> TuningRead:
    """Begin a tuning job; what is wrong with its file is told at once, by line."""
    actor.require(_WRITE)
    engine = await _engine(desk.place, wanted.model)
    task: Task = _task(engine)
    method = tuning.method_of(wanted, task)
    params = tuning.params_of(wanted, engine)
    dataset = await _dataset(session, actor, desk, wanted, task)
    seed = _SEED if wanted.seed is None else wanted.seed
    stages = Permission.RELEASES_WRITE in actor.permissions
    then: list[OnSuccess] = ["register", "stage"] if stages else ["register"]
    job = TrainingJob(
        name=wanted.suffix or f"tuned-{engine.name}",
        task=task,
        engine=engine.name,
        data=Data(dataset=dataset),
        params=params,
        seed=seed,
        on_success=then,
    )
    made = await create(session, actor, desk.place, job, Origin(key))
    run_id = ids.parse("trun", made.id)
    assert run_id is not None
    found = await jobs.by_id(session, actor.organization_id, run_id)
    if found is None:
        row = TuningJob(
            run_id=run_id,
            organization_id=actor.organization_id,
            model=wanted.model,
            training_file=wanted.training_file,
            validation_file=wanted.validation_file,
            suffix=wanted.suffix,
            seed=seed,
            method=method,
            metadata_=wanted.metadata,
        )
        session.add(row)
        await session.flush()
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


async def _dataset(
    session: Session, actor: Actor, desk: Desk, wanted: TuningCreate, task: Task
) -> str:
    """Find the data set that is meant, or make it of the files; the same files are the same data set."""
    if wanted.training_file.startswith("ds_"):
        if wanted.validation_file is not None:
            raise TuningWrong(
                "A data set has its own part to validate with; send no validation_file with it.",
                param="validation_file",
            )
        return wanted.training_file
    names = [each for each in (wanted.training_file, wanted.validation_file) if each is not None]
    name = " and ".join(names)
    able = data.freezer(actor)
    # Files that nobody has are told of before anything is made.
    for file in names:
        await batches.lines_of(session, actor, desk.files, file)
    place = desk.place
    database = desk.files.database
    async with database.transaction(actor.organization_id) as early:
        await datasets.ensure(early, able, place.keyring, name, KINDS[task])
    split = ["train"] if wanted.validation_file else []
    await _import(session, able, desk, wanted.training_file, name, split, "training_file")
    if wanted.validation_file:
        held = ["validation", "test"]
        await _import(session, able, desk, wanted.validation_file, name, held, "validation_file")
    return name


async def _import(
    session: Session,
    actor: Actor,
    desk: Desk,
    file: str,
    name: str,
    splits: Sequence[str],
    param: str,
) -> None:
    row, lines = await batches.lines_of(session, actor, desk.files, file)
    async with desk.files.database.transaction(actor.organization_id) as early:
        kind = (await datasets.access(early, actor, name)).kind
    settings = desk.place.settings
    asked = datasets.asked(settings, "jsonl", "expert", "validated", row.filename)
    content = filing.records(lines, kind, splits, param)
    came = await datasets.take(
        desk.files.database, desk.place.keyring, actor, name, asked, content, settings
    )
    if came.refused:
        first = came.problems[0]
        raise TuningWrong(f"Line {first.line} of the file: {first.reason}", param=param)


async def access(session: Session, actor: Actor, job_id: str) -> tuple[TuningJob, TrainingRun]:
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


async def any_here(session: Session, actor: Actor) -> bool:
    """Tell whether the organization has a tuning job of Hone's own engines."""
    return await jobs.any_of(session, actor.organization_id)


async def change(session: Session, actor: Actor, job_id: str, what: str) -> TuningRead:
    """Cancel, pause or resume a job, as its run."""
    job, run = await access(session, actor, job_id)
    act = {"cancel": runs.cancel, "pause": runs.pause, "resume": runs.resume}[what]
    await act(session, actor, ids.public("trun", run.id))
    found = await jobs.by_id(session, actor.organization_id, job.run_id)
    assert found is not None
    return tuning.read(*found)


async def events(
    session: Session, actor: Actor, job_id: str, after: str | None, limit: int
) -> TuningEvents:
    """List what was said and measured in a job, newest first."""
    _, run = await access(session, actor, job_id)
    said = await repository.events(session, actor.organization_id, run.id, _EVENTS)
    measured = await jobs.last_metrics(session, actor.organization_id, run.id, _EVENTS)
    every = tuning.events(run, said, measured)
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
    listed = [tuning.checkpoint(run)] if run.state == "succeeded" else []
    name = listed[0].id if listed else None
    return TuningCheckpoints(data=listed, first_id=name, last_id=name)


def missing(job_id: str) -> TuningJobMissing:
    """Say that nobody has a job."""
    return TuningJobMissing(f"There is no tuning job {job_id[:80]!r} here.", param="id")

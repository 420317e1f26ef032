"""Beginning a run: what is wanted is checked, its data frozen, its duration estimated."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone import registry, versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.training import checking, data, engines, estimating, rendering, telling
from hone.training.errors import InsufficientData, JobWrong, KeyUsedOtherwise
from hone.training.models import TrainingRun
from hone.training.place import Place
from hone.training.repository import claims, queue, runs
from hone.training.schemas.job import GIB, TrainingJob
from hone.training.schemas.runs import EstimateRead, RunEstimate, RunRead
from hone.training.trail import Event

LEAST = 2
"""Examples below which nothing is to be learned; the engines ask for more by class."""
SYSTEM = "system"
NOT_SEEN = "No worker has looked at it yet."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run comes from."""

    idempotency_key: str | None = None
    retry_of: UUID | None = None
    schedule_id: UUID | None = None
    run_id: UUID | None = None
    """What the run will be called, where somebody was told so."""


def engine_of(job: TrainingJob) -> str:
    """Name the engine that is wanted."""
    return job.engine or engines.DEFAULTS[job.task]


async def create(
    session: Session, actor: Actor, place: Place, job: TrainingJob, origin: Origin | None = None
) -> RunRead:
    """Begin a run; the same Idempotency-Key begins it once."""
    require(actor, job)
    origin = origin or Origin()
    lenient = origin.retry_of is not None or actor.id == SYSTEM
    notify, unheard = await telling.settled(
        session, actor, place.settings, job.notify, lenient=lenient
    )
    job = job.model_copy(update={"notify": notify})
    before = await _begun(session, actor, job, origin)
    if before is not None:
        return rendering.run(before)
    problems = [*await _problems(session, place, job), *unheard]
    if problems:
        raise JobWrong(" ".join(problems), details={"problems": problems})
    frozen = await _frozen(session, actor, place, job)
    estimate = await _estimate(session, actor, place, job, frozen.examples)
    if job.limits.cost_usd is not None and estimate.cost_usd > job.limits.cost_usd:
        raise JobWrong(
            f"It would cost about ${estimate.cost_usd:.4f}, and ${job.limits.cost_usd:.4f} is allowed."
        )
    row = await _row(session, actor, job, origin, frozen, estimate)
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise KeyUsedOtherwise("This Idempotency-Key was used at the same moment.") from error
    await session.refresh(row)
    note(session, row, actor.id, "training_run.created")
    await _warn(session, row)
    return rendering.run(row)


async def _warn(session: Session, row: TrainingRun) -> None:
    """Say at once what would only come to light once there is a version to promote."""
    words = await registry.taken(session, row.organization_id, row.model)
    if words is not None:
        words = f"Versions of it cannot be promoted as things are. {words}"
        said = Event(kind="warning", message=words, at=clock.now().isoformat())
        await claims.add_events(session, row.organization_id, row.id, [said])


async def refuse(session: Session, place: Place, job: TrainingJob) -> None:
    """Refuse a job that cannot be done, whatever its data will be."""
    problems = await _problems(session, place, job)
    if problems:
        raise JobWrong(" ".join(problems), details={"problems": problems})


def require(actor: Actor, job: TrainingJob) -> None:
    """Let only those begin a training who might do themselves what it does in the end."""
    actor.require(Permission.TRAINING_WRITE)
    if set(job.on_success) - {"register"}:
        actor.require(Permission.RELEASES_WRITE)


async def estimate(session: Session, actor: Actor, place: Place, job: TrainingJob) -> EstimateRead:
    """Tell what a run would take, and what is wrong with it; nothing is begun."""
    actor.require(Permission.TRAINING_WRITE)
    _, unheard = await telling.settled(session, actor, place.settings, job.notify)
    problems = [*await _problems(session, place, job), *unheard]
    examples = await data.count(session, actor, job.data)
    if examples < LEAST:
        problems.append(insufficient(LEAST, examples).message)
    found = await _estimate(session, actor, place, job, examples)
    return EstimateRead(
        **found.model_dump(),
        examples=examples,
        why_waiting=await _why_waiting(session, actor, job),
        problems=problems,
    )


def insufficient(required: int, available: int, words: str | None = None) -> InsufficientData:
    """Say that there is too little to learn from, and what helps."""
    return InsufficientData(
        words or f"There are {available} validated examples, and {required} are needed at least.",
        details={
            "required": required,
            "available": available,
            "suggestions": [
                "Increase conversation log collection period",
                "Lower quality threshold for data inclusion",
                "Enable data augmentation techniques",
            ],
        },
    )


def note(
    session: Session, row: TrainingRun, actor: str, name: str, data: dict[str, object] | None = None
) -> None:
    """Publish what happened to a run."""
    facts: dict[str, object] = {"model": row.model, "engine": row.engine, "state": row.state}
    subject = ids.public(rendering.RUN, row.id)
    publish(session, row.organization_id, actor, name, subject, facts | (data or {}))


async def _begun(
    session: Session, actor: Actor, job: TrainingJob, origin: Origin
) -> TrainingRun | None:
    key = origin.idempotency_key
    if key is None:
        return None
    found = await runs.by_key(session, actor.organization_id, actor.id, key)
    if found is not None and found.spec_hash != job.digest:
        raise KeyUsedOtherwise
    return found


async def _frozen(session: Session, actor: Actor, place: Place, job: TrainingJob) -> data.Frozen:
    """Freeze what is learned from, if it is enough."""
    if job.data.version is None:
        there = await data.count(session, actor, job.data)
        if there < LEAST:
            raise insufficient(LEAST, there)
    frozen = await data.find(session, place, actor, job.data, job.task)
    if not frozen.enough.fits:
        enough = frozen.enough
        raise insufficient(enough.required, enough.available, enough.words)
    return frozen


async def _problems(session: Session, place: Place, job: TrainingJob) -> list[str]:
    machines = [(each.cpu, each.memory) for each in await queue.nodes(session, clock.now())]
    known = await place.catalogue.engines()
    engine = next((each for each in known if each.name == engine_of(job)), None)
    # What the versions will be held to is read now, not when everything is trained.
    versions.read_gates(job.gates)
    return [
        *checking.of_engine(job, known, engine_of(job)),
        *checking.of_search(job, engine),
        *checking.of_machines(job, machines),
    ]


async def _estimate(
    session: Session, actor: Actor, place: Place, job: TrainingJob, examples: int
) -> RunEstimate:
    past = await runs.past(session, actor.organization_id, engine_of(job))
    found = estimating.estimate(
        engine_of(job), examples, job.resources.cpu, job.resources.gpus, past, place.rates
    )
    search = job.search
    return found if search is None else estimating.searched(found, search)


async def _why_waiting(session: Session, actor: Actor, job: TrainingJob) -> str | None:
    machines = await queue.nodes(session, clock.now())
    if not machines:
        return "No worker that trains is running."
    ahead = len(await queue.waiting(session, actor.organization_id, 1000))
    if ahead:
        return f"{ahead} of your runs wait already."
    return None


async def _row(
    session: Session,
    actor: Actor,
    job: TrainingJob,
    origin: Origin,
    frozen: data.Frozen,
    estimate: RunEstimate,
) -> TrainingRun:
    before = await runs.last_success(session, actor.organization_id, job.name)
    kind = "incremental" if job.base_version else "initial" if before is None else "retraining"
    return TrainingRun(
        id=origin.run_id or ids.new(),
        organization_id=actor.organization_id,
        model=job.name,
        kind=kind,
        task=job.task,
        engine=engine_of(job),
        spec=job.document(),
        spec_hash=job.digest,
        hyperparameters=job.params,
        dataset_id=frozen.dataset_id,
        dataset_name=frozen.name,
        dataset_version_id=frozen.version_id,
        dataset_version=frozen.version,
        dataset_hash=frozen.digest,
        examples=frozen.examples,
        state="queued",
        why_waiting=NOT_SEEN,
        priority=job.scheduling.priority,
        concurrency_key=job.scheduling.concurrency_key,
        not_before=job.scheduling.not_before,
        cpu=job.resources.cpu,
        memory=round(job.resources.memory_gb * GIB),
        gpus=job.resources.gpus,
        estimate=estimate.model_dump(mode="json", by_alias=True),
        retry_of=origin.retry_of,
        schedule_id=origin.schedule_id,
        created_by=actor.id,
        idempotency_key=origin.idempotency_key,
    )

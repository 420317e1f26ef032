"""Other ways in: a chatbot's training, an orchestrated one, an automated one; all end in `create`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from hone import datasets
from hone.core.db import Session
from hone.datasets import Dataset, DatasetCreate, ExampleCreate
from hone.identity import Actor, Permission
from hone.training import data, engines, translating
from hone.training.errors import JobWrong
from hone.training.place import Place
from hone.training.repository import examples, queue
from hone.training.schemas.doors import (
    AutomatedStart,
    Hyperparameters,
    Optimization,
    Orchestrate,
    StartedRead,
    StartTraining,
    TrainingData,
)
from hone.training.schemas.job import (
    GIB,
    Data,
    Limits,
    Resources,
    Scheduling,
    Task,
    TrainingJob,
)
from hone.training.schemas.runs import EngineRead
from hone.training.service.creating import LEAST, Origin, create, insufficient
from hone.training.translating import KINDS, NAMES, TASKS, Example

_HOUR: Final = 3600.0
_OF_KIND: Final[dict[str, Task]] = {kind: task for task, kind in KINDS.items()}


async def start_training(
    session: Session, actor: Actor, place: Place, body: StartTraining, origin: Origin
) -> StartedRead:
    """Train a chatbot on what stands in the request; it becomes a version of a data set."""
    actor.require(Permission.TRAINING_WRITE)
    task, name = TASKS[body.model_type], body.model_name or NAMES[body.model_type]
    found = translating.examples_of(task, body.training_data)
    if len(found) < LEAST:
        raise insufficient(LEAST, len(found))
    dataset, _ = await _collect(session, actor, place, name, task, found)
    engine = await _engine(place, task, cheap=True)
    read = translating.params_of(body.hyperparameters, body.optimization, engine)
    split = translating.split_of(body.hyperparameters.validation_split)
    job = TrainingJob(
        name=name,
        task=task,
        engine=engine.name,
        data=Data(dataset=dataset.name, split=split),
        params=read.params,
    )
    notes = [*read.notes, *translating.notes_of(task, body.training_data)]
    return await _started(session, actor, place, job, origin, notes)


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of what stood in a request."""

    task: Task
    dataset: str
    found: int
    added: int
    notes: Sequence[str]


async def collect(
    session: Session,
    actor: Actor,
    place: Place,
    model_type: str,
    name: str,
    given: TrainingData,
    *,
    validated: bool,
) -> Collected:
    """Put what a model can learn from in a request into its data set; nothing is trained."""
    actor.require(Permission.TRAINING_WRITE)
    task = TASKS[model_type]
    found = translating.examples_of(task, given)
    notes = translating.notes_of(task, given)
    status = "validated" if validated else "pending"
    dataset, added = await _collect(session, actor, place, name, task, found, status)
    return Collected(task, dataset.name, len(found), added, notes)


async def orchestrate(
    session: Session, actor: Actor, place: Place, body: Orchestrate, origin: Origin
) -> StartedRead:
    """Train when it is best."""
    actor.require(Permission.TRAINING_WRITE)
    wanted, when = body.training_request, body.scheduling_preferences
    task = TASKS.get(wanted.model_type)
    if task is None:
        raise JobWrong(
            f"There is no modelType {wanted.model_type!r}; there are {', '.join(TASKS)}.",
            param="trainingRequest.modelType",
        )
    needs = wanted.resource_requirements
    engine = await _engine(place, task, cheap=not when.performance_optimization)
    job = TrainingJob(
        name=wanted.model_name or NAMES.get(wanted.model_type, f"chatbot-{task}"),
        task=task,
        engine=engine.name,
        data=Data(dataset=wanted.dataset_id),
        resources=Resources(
            memory_gb=needs.memory_gb, gpus=needs.gpu_count, disk_gb=needs.disk_space_gb
        ),
        scheduling=Scheduling(priority=wanted.priority, not_before=when.preferred_start_time),
        limits=Limits(
            wall_seconds=needs.max_duration_hours * _HOUR, queue_seconds=when.max_wait_time
        ),
    )
    notes: list[str] = []
    if when.cost_optimization:
        notes.append(
            f"performanceOptimization chose the engine {engine.name!r}; costOptimization had no say."
            if when.performance_optimization
            else f"costOptimization: the engine is {engine.name!r}, the cheapest of its task."
        )
    if needs.gpu_count:
        notes.append("gpuCount is a ceiling: fewer GPUs will do, or none.")
    return await _started(session, actor, place, job, origin, notes)


async def automated(
    session: Session, actor: Actor, place: Place, body: AutomatedStart, origin: Origin
) -> StartedRead:
    """Train on conversations that are kept in a data set."""
    actor.require(Permission.TRAINING_WRITE)
    chosen, asked = body.training_data, body.training_parameters
    named = [*chosen.conversation_log_ids, *chosen.expert_annotation_ids, body.training_name]
    holding = await examples.holding(session, actor.organization_id, named)
    if holding is None:
        raise insufficient(LEAST, 0)
    task = _OF_KIND[holding.kind]
    engine = await _engine(place, task, cheap=True)
    stopping = asked.early_stopping_patience
    wanted = Optimization(
        early_stopping_criteria=None if stopping is None else {"patience": stopping}
    )
    read = translating.params_of(Hyperparameters(), wanted, engine)
    limits, target = body.resource_configuration, asked.target_accuracy_improvement
    job = TrainingJob(
        name=body.training_name,
        task=task,
        engine=engine.name,
        data=Data(
            dataset=holding.name,
            min_quality=chosen.quality_threshold,
            date_range=chosen.date_range,
            split=translating.split_of(asked.validation_split),
        ),
        params=read.params,
        resources=Resources(
            memory_gb=await _memory(session, limits.memory_limit_gb), gpus=limits.max_gpus
        ),
        scheduling=Scheduling(priority=limits.priority_level),
        limits=Limits(wall_seconds=asked.max_training_time),
        gates=[] if target is None else [{"minEffect": round(target * 100, 4)}],
    )
    notes = [
        f"It learns from all of the data set {holding.name!r}, which holds what was named."
        f"{' Of it counts what was said in dateRange.' if chosen.date_range else ''}"
    ]
    idle = [
        name for name, value in body.model_configuration.model_dump(by_alias=True).items() if value
    ]
    if idle:
        notes.append(
            f"The model is Hone's own, by the engine {engine.name!r}: {', '.join(idle)}"
            f" {'changes' if len(idle) == 1 else 'change'} nothing."
        )
    if target is not None:
        notes.append(f"A gate asks for {target:.0%} more than the version that is live.")
    return await _started(session, actor, place, job, origin, [*read.notes, *notes])


async def _memory(session: Session, ceiling: float | None) -> float:
    """Ask for the usual memory, and never for more than is allowed."""
    usual = Resources().memory_gb
    if ceiling is None:
        return usual
    machines = await queue.known(session)
    largest = max((each.memory for each in machines), default=4 * GIB) / GIB
    return min(ceiling, max(usual, min(4.0, largest)))


async def _engine(place: Place, task: Task, *, cheap: bool) -> EngineRead:
    """Choose the task's default; where quality counts more, an encoder if it is installed."""
    known = await place.catalogue.engines()
    if task == "intent" and not cheap:
        better = next((e for e in known if e.name == "intent" and e.installed), None)
        if better is not None:
            return better
    return next(each for each in known if each.name == engines.DEFAULTS[task])


async def _collect(
    session: Session,
    actor: Actor,
    place: Place,
    name: str,
    task: Task,
    found: Sequence[Example],
    status: str = "validated",
) -> tuple[Dataset, int]:
    wanted = DatasetCreate.model_validate(
        {"name": name, "kind": KINDS[task], "description": "From requests to start-training."}
    )
    given = [
        ExampleCreate.model_validate(
            {
                "input": each.input,
                "output": each.output,
                "source": each.source,
                "status": status,
                "conversation": each.conversation,
                "said_at": each.at and (each.at if each.at.tzinfo else each.at.replace(tzinfo=UTC)),
            }
        )
        for each in found
    ]
    able = data.freezer(actor)
    return await datasets.collect(session, place.keyring, able, wanted, given)


async def _started(
    session: Session,
    actor: Actor,
    place: Place,
    job: TrainingJob,
    origin: Origin,
    notes: Sequence[str],
) -> StartedRead:
    run = await create(session, actor, place, job, origin)
    return StartedRead(**run.model_dump(), notes=notes)

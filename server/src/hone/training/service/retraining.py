"""Whether models are to be trained anew: little accuracy, many new examples, or much time."""

from datetime import datetime
from typing import Final

from hone.core import clock
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.identity import Actor, Permission
from hone.training import data, rendering
from hone.training.errors import JobWrong
from hone.training.models import TrainingRun
from hone.training.place import Place
from hone.training.repository import examples, runs
from hone.training.schemas.doors import (
    Advice,
    DataQuality,
    Thresholds,
    TrainActed,
    TrainAction,
    TrainRead,
)
from hone.training.schemas.job import Data, TrainingJob
from hone.training.schemas.runs import RunRead
from hone.training.service.creating import create

_HISTORY: Final = 50


async def act(session: Session, actor: Actor, place: Place, body: TrainAction) -> TrainActed:
    """Train a model, look whether models should be trained anew, or train those that should."""
    actor.require(Permission.TRAINING_WRITE)
    last = await runs.last_of_each(session, actor.organization_id)
    if body.action == "train":
        job = _job(body, last)
        run = await create(session, actor, place, job)
        return TrainActed(action=body.action, should_retrain=True, models=[], runs=[run])
    if body.name is not None:
        last = [row for row in last if row.model == body.name]
    advice = [await _advice(session, actor, row, body.thresholds) for row in last]
    due = {each.name for each in advice if each.should_retrain and not each.left_to_policy}
    wanted = any(each.should_retrain for each in advice)
    begun: list[RunRead] = []
    if body.action == "auto-retrain":
        begun = [
            await create(session, actor, place, _again(row)) for row in last if row.model in due
        ]
    return TrainActed(action=body.action, should_retrain=wanted, models=advice, runs=begun)


async def read(session: Session, actor: Actor) -> TrainRead:
    """Tell figures of each model's last run, the history, and how good the data is."""
    actor.require(Permission.TRAINING_READ)
    thresholds = Thresholds()
    last = await runs.last_of_each(session, actor.organization_id)
    rows, _ = await runs.page(session, actor.organization_id, [], None, _HISTORY)
    quality: dict[str, DataQuality] = {}
    for row in last:
        if row.dataset_id is not None and row.dataset_name is not None:
            where = actor.organization_id, row.dataset_id
            quality[row.dataset_name] = DataQuality(
                dataset=row.dataset_name,
                validated=await examples.validated(session, *where, 0.0),
                average_quality=await examples.average_quality(session, *where),
            )
    return TrainRead(
        metrics={row.model: row.figures for row in last},
        history=[rendering.run(row) for row in rows[:_HISTORY]],
        data_quality=list(quality.values()),
        models=[await _advice(session, actor, row, thresholds) for row in last],
        thresholds=thresholds,
    )


def _job(body: TrainAction, last: list[TrainingRun]) -> TrainingJob:
    """Write the job of the model that is meant: as it was trained last, or from a data set."""
    known = {row.model: row for row in last}
    name = body.name or (next(iter(known)) if len(known) == 1 else body.dataset)
    if name is None:
        told = f" There are {', '.join(sorted(known))}." if known else ""
        raise JobWrong(f"Say which model is to be trained: `name`.{told}", param="name")
    if name in known and body.dataset is None:
        job = _again(known[name])
    else:
        job = TrainingJob(name=name, data=Data(dataset=body.dataset or name))
    return job.model_copy(update={"engine": body.engine}) if body.engine else job


async def again(session: Session, actor: Actor, model: str) -> TrainingJob | None:
    """Write the job of a model's last run that succeeded anew, on the data as it is now."""
    actor.require(Permission.TRAINING_READ)
    row = await runs.last_success(session, actor.organization_id, model)
    return None if row is None else _again(row)


def _again(row: TrainingRun) -> TrainingJob:
    """Write a run's job anew, on the data as it is now."""
    job = TrainingJob.model_validate(row.spec)
    fresh = _fresh(job.data)
    when = job.scheduling.model_copy(update={"not_before": None})
    return job.model_copy(update={"data": fresh, "scheduling": when, "base_version": None})


def _fresh(data: Data) -> Data:
    """Take data as it is now: what came after the end of a time counts too."""
    said = data.date_range
    if said is not None:
        said = None if said.from_ is None else said.model_copy(update={"to": None})
    return data.model_copy(update={"version": None, "date_range": said})


async def _advice(
    session: Session, actor: Actor, row: TrainingRun, thresholds: Thresholds
) -> Advice:
    since = row.created_at
    wanted = _fresh(Data.model_validate(row.spec["data"]))
    try:
        new = await data.count_new(session, actor, wanted, since)
    except NotFound:
        new = 0
    accuracy = row.figures.get("accuracy")
    reasons = why(accuracy, new, since, thresholds, clock.now())
    return Advice(
        name=row.model,
        dataset=row.dataset_name or "",
        should_retrain=bool(reasons),
        reasons=reasons,
        accuracy=accuracy,
        new_examples=new,
        last_trained_at=row.finished_at,
        left_to_policy=await runs.has_policy(session, actor.organization_id, row.model),
    )


def why(
    accuracy: float | None, new: int, since: datetime, thresholds: Thresholds, now: datetime
) -> list[str]:
    """Say why a model is to be trained anew; without anything new there is nothing to learn."""
    reasons: list[str] = []
    if not new:
        return reasons
    if accuracy is not None and accuracy < thresholds.accuracy:
        low, bar = (f"{100 * each:.1f} %" for each in (accuracy, thresholds.accuracy))
        reasons.append(f"Its accuracy is {low}, below {bar}.")
    if new >= thresholds.new_examples:
        reasons.append(f"There are {new} new examples; {thresholds.new_examples} suffice.")
    hours = (now - since).total_seconds() / 3600
    if hours >= thresholds.hours:
        reasons.append(f"It was trained {hours:.0f} hours ago, and {new} examples are new.")
    return reasons

"""What a tuning job of OpenAI's clients means here, and how a run looks to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hone import versions
from hone.core import ids
from hone.training.errors import TuningWrong
from hone.training.models import OVER, TrainingEvent, TrainingMetric, TrainingRun, TuningJob
from hone.training.schemas.runs import EngineRead
from hone.training.schemas.tuning import (
    Level,
    Status,
    TuningCheckpoint,
    TuningCreate,
    TuningEvent,
    TuningJobRead,
    TuningProblem,
    TuningRead,
)

OURS: Final = "hone:"
JOB: Final = "ftjob"
STAGE: Final = "stage"
_STATES: Final[Mapping[str, Status]] = {
    "queued": "queued",
    "starting": "running",
    "running": "running",
    "proving": "running",
    "pausing": "running",
    "paused": "paused",
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
}
_BEFORE: Final[Mapping[str, Status]] = {
    "validating": "validating_files",
    "begun": "queued",
    "failed": "failed",
    "cancelled": "cancelled",
}
"""How a job stands that has no run."""
_LEVELS: Final[Mapping[str, Level]] = {"warning": "warn", "error": "error"}
_NAMES: Final = {"n_epochs": "epochs", "batch_size": "batchSize", "beta": "beta"}
_RATE: Final = "learningRate"


def engine_of(model: str) -> str:
    """Return the engine that a model's name means."""
    return model.removeprefix(OURS)


def params_of(wanted: TuningCreate, engine: EngineRead) -> dict[str, Any]:
    """Write what is not left to the engine in the engine's own words.

    A multiplier counts from the engine's own rate. Steps are asked for by them: an engine that would solve at once
    goes step by step.
    """
    given = _hyperparameters(wanted)
    known = engine.parameters.get("properties", {})
    made: dict[str, Any] = {}
    for name, own in _NAMES.items():
        if name in given:
            made[own] = given[name]
    if "learning_rate_multiplier" in given:
        made[_RATE] = engine.defaults.get(_RATE, 1.0) * given["learning_rate_multiplier"]
    for own in made:
        if known and own not in known:
            raise TuningWrong(
                f"The engine {engine.name!r} has no {own!r}; leave it on auto.",
                param="hyperparameters",
            )
    steps = known.get("optimizer", {}).get("enum", ())
    if made and "adam" in steps:
        made["optimizer"] = "adam"
    return made


def _hyperparameters(wanted: TuningCreate) -> dict[str, float]:
    before = {} if wanted.hyperparameters is None else wanted.hyperparameters.given()
    return before | ({} if wanted.method is None else wanted.method.chosen().given())


def method_of(wanted: TuningCreate, task: str) -> dict[str, Any]:
    """Return the method as the job shows it; a type that the engine does not learn by is refused."""
    type_ = "dpo" if task == "dpo" else "supervised"
    if wanted.method is not None and wanted.method.type != type_:
        raise TuningWrong(
            f"{wanted.model} learns by the method {type_!r}, not {wanted.method.type!r}.",
            param="method.type",
        )
    shown = {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}
    return {"type": type_, type_: {"hyperparameters": shown | _hyperparameters(wanted)}}


def read(job: TuningJob, run: TrainingRun | None) -> TuningRead:
    """Show a job: while its files are read it has no run."""
    kind = str(job.method["type"])
    wrong = job.error if run is None else run.error
    ended = job.ended_at if run is None else run.finished_at
    return TuningRead(
        id=ids.public(JOB, job.run_id),
        created_at=_seconds(job.created_at if run is None else run.created_at),
        finished_at=ended and _seconds(ended),
        estimated_finish=None if run is None else _finish(run),
        model=job.model,
        fine_tuned_model=called(run) if run is not None and run.state == "succeeded" else None,
        organization_id=ids.public("org", job.organization_id),
        status=_BEFORE[job.state] if run is None else _STATES[run.state],
        training_file=job.training_file,
        validation_file=job.validation_file,
        hyperparameters=job.method[kind]["hyperparameters"],
        method=job.method,
        seed=job.seed,
        error=None if wrong is None else _problem(wrong),
        metadata=job.metadata_,
        run_id=None if run is None else ids.public("trun", run.id),
    )


def listed(job: TuningJob, run: TrainingRun | None) -> TuningJobRead:
    """Show a job in a list."""
    told = read(job, run)
    return TuningJobRead(
        id=told.id,
        model=told.model,
        name=job.suffix or f"tuned-{engine_of(job.model)}",
        tuned_model=told.fine_tuned_model,
        status=told.status,
        training_file=told.training_file,
        validation_file=told.validation_file,
        run=told.run_id,
        progress=0.0 if run is None else round(run.progress, 4),
        error=told.error,
        created_at=job.created_at if run is None else run.created_at,
        ended_at=job.ended_at if run is None else run.finished_at,
    )


def _problem(wrong: Mapping[str, Any]) -> TuningProblem:
    return TuningProblem(code=wrong["code"], message=wrong["message"], param=wrong.get("param"))


def called(run: TrainingRun) -> str:
    """Say by which name the tuned model is called: staged it is there at once."""
    staged = STAGE in run.spec.get("onSuccess", ())
    return versions.called(run.model, "staging" if staged else "production")


def _finish(run: TrainingRun) -> int | None:
    if run.state in OVER or run.started_at is None:
        return None
    likely = run.estimate.get("durationSeconds", {}).get("likely", 0.0)
    return _seconds(run.started_at + timedelta(seconds=float(likely)))


def events(
    run: TrainingRun, said: Sequence[TrainingEvent], measured: Sequence[TrainingMetric]
) -> list[TuningEvent]:
    """Show what was said and measured, newest first."""
    name = run.id.hex
    told = [
        (
            each.at,
            TuningEvent(
                id=f"ftevent_{name}_{each.number}",
                created_at=_seconds(each.at),
                level=_LEVELS.get(each.kind, "info"),
                type="message",
                message=each.message,
                data={},
            ),
        )
        for each in said
    ]
    numbers = [
        (
            each.at,
            TuningEvent(
                id=f"ftevent_{name}_m{each.id}",
                created_at=_seconds(each.at),
                level="info",
                type="metrics",
                message=f"Step {each.step}: {_metric(each)}={each.value:.4g}",
                data={"step": each.step, _metric(each): each.value},
            ),
        )
        for each in measured
    ]
    ordered = sorted([*told, *numbers], key=lambda pair: (pair[0], pair[1].id), reverse=True)
    return [event for _, event in ordered]


def before(job: TuningJob) -> list[TuningEvent]:
    """Show what happened to a job before it had a run, newest first."""
    files = [each for each in (job.training_file, job.validation_file) if each is not None]
    told: list[tuple[datetime, Level, str]] = [
        (job.created_at, "info", f"Validating {' and '.join(files)}.")
    ]
    if job.ended_at is not None:
        wrong = job.error or {}
        failed = job.state == "failed"
        words = str(wrong.get("message") or "The job was cancelled.")
        told.append((job.ended_at, "error" if failed else "info", words))
    return [
        TuningEvent(
            id=f"ftevent_{job.run_id.hex}_f{number}",
            created_at=_seconds(at),
            level=level,
            type="message",
            message=words,
            data={},
        )
        for number, (at, level, words) in reversed(list(enumerate(told)))
    ]


def _metric(row: TrainingMetric) -> str:
    """Name a value as OpenAI's clients do: `train_loss`, `valid_accuracy`."""
    split = {"validation": "valid", "heldOut": "valid"}.get(row.split, row.split)
    return f"{split}_{row.name}" if split else row.name


def checkpoint(run: TrainingRun) -> TuningCheckpoint:
    """Show the end of a run as its one checkpoint: states in between go with the run."""
    numbers = {name: value for name, value in run.figures.items() if isinstance(value, float | int)}
    return TuningCheckpoint(
        id=ids.public("ftckpt", run.id),
        created_at=_seconds(run.finished_at or run.updated_at),
        fine_tuned_model_checkpoint=called(run),
        fine_tuning_job_id=ids.public(JOB, run.id),
        metrics=numbers,
        step_number=int(run.metrics.get("train.step", 0)),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

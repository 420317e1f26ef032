"""Tables of training."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import REAL, BigInteger, Double, ForeignKey, Identity, Integer, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base

OVER = ("succeeded", "failed", "cancelled")
"""The states that nothing follows."""
HELD = ("starting", "running", "proving", "pausing")
"""The states in which a worker has a run."""


class TrainingRun(Base):
    """One run: what is wanted, how far it is, and what came of it."""

    __tablename__ = "training_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    model: Mapped[str]
    kind: Mapped[str]
    """initial, incremental or retraining."""
    task: Mapped[str]
    engine: Mapped[str]
    spec: Mapped[dict[str, Any]] = mapped_column(JSONB)
    spec_hash: Mapped[str]
    """SHA-256 of the specification: two runs of one are to give one result."""
    hyperparameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    dataset_id: Mapped[UUID | None]
    dataset_name: Mapped[str | None]
    dataset_version_id: Mapped[UUID | None]
    dataset_version: Mapped[str | None]
    dataset_hash: Mapped[str | None]
    examples: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    state: Mapped[str] = mapped_column(server_default=text("'queued'"), default="queued")
    wish: Mapped[str | None]
    """pause or cancel: what somebody wants of the worker that has it."""
    stage: Mapped[str] = mapped_column(server_default=text("'waiting'"), default="waiting")
    progress: Mapped[float] = mapped_column(REAL, server_default=text("0"), default=0.0)
    why_waiting: Mapped[str | None]
    place: Mapped[int | None] = mapped_column(Integer)
    """How many are before it, and one."""
    priority: Mapped[str]
    concurrency_key: Mapped[str | None]
    not_before: Mapped[datetime | None]
    cpu: Mapped[float] = mapped_column(REAL)
    memory: Mapped[int]
    gpus: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """A ceiling: as many as there are, up to this."""
    gpus_given: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    estimate: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What was thought before it began, as the API shows it."""
    claim: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """Raised by each worker that takes it: the fencing token."""
    node: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    losses: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Workers that were lost with it since it last came further."""
    folder: Mapped[UUID | None]
    """Which folder the offsets of `read` are in."""
    read: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"), default=dict)
    log_size: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'"), default=dict
    )
    metrics: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'"), default=dict
    )
    """The last value of each metric."""
    resources: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'"), default=dict
    )
    cpu_seconds: Mapped[float] = mapped_column(Double, server_default=text("0"), default=0.0)
    seconds: Mapped[float] = mapped_column(Double, server_default=text("0"), default=0.0)
    cost: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """In pico-dollars."""
    champion_id: Mapped[UUID | None]
    """The version that was live when it began, to be compared with."""
    model_version_id: Mapped[UUID | None]
    retry_of: Mapped[UUID | None]
    schedule_id: Mapped[UUID | None]
    created_by: Mapped[str]
    idempotency_key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class TrainingMetric(Base):
    """One measured value; what is measured once more at the same step is the same row."""

    __tablename__ = "training_metrics"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    run_id: Mapped[UUID]
    name: Mapped[str]
    split: Mapped[str]
    step: Mapped[int]
    epoch: Mapped[float | None] = mapped_column(Double)
    value: Mapped[float] = mapped_column(Double)
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    at: Mapped[datetime]


class TrainingEvent(Base):
    """Something that the trainer, or Hone, said of a run."""

    __tablename__ = "training_events"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    organization_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    message: Mapped[str]
    done: Mapped[float | None] = mapped_column(REAL)


class TrainingLog(Base):
    """A piece of a run's log, sealed; `start` counts bytes from the first one."""

    __tablename__ = "training_logs"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    size: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes]


class TrainingSchedule(Base):
    """When a model is trained anew, by itself."""

    __tablename__ = "training_schedules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    cron: Mapped[str]
    timezone: Mapped[str]
    off_peak: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    job: Mapped[dict[str, Any]] = mapped_column(JSONB)
    min_new_examples: Mapped[int]
    enabled: Mapped[bool]
    next_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_run_id: Mapped[UUID | None]
    last_started_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    """What came of the last time: started, or why it was left out."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TrainingTrial(Base):
    """One try of a search: the parameters that were tried, and what they were worth."""

    __tablename__ = "training_trials"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    organization_id: Mapped[UUID]
    state: Mapped[str]
    """running, complete, pruned or failed."""
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    value: Mapped[float | None] = mapped_column(Double)
    """The objective, of examples that are held back for choosing."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    seconds: Mapped[float] = mapped_column(Double, server_default=text("0"), default=0.0)
    error: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TuningJob(Base):
    """What came in by `/v1/fine_tuning/jobs`: its files are read first, then it is a run."""

    __tablename__ = "tuning_jobs"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The run that it is, or will be."""
    organization_id: Mapped[UUID]
    model: Mapped[str]
    """What was asked for, as `hone:linear`."""
    training_file: Mapped[str]
    validation_file: Mapped[str | None]
    suffix: Mapped[str | None]
    seed: Mapped[int]
    method: Mapped[dict[str, Any]] = mapped_column(JSONB)
    metadata_: Mapped[dict[str, str] | None] = mapped_column("metadata", JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(server_default=text("'begun'"), default="begun")
    """validating, begun, failed or cancelled; from `begun` on its run says the rest."""
    job: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The specification of its run, while it has none."""
    request_hash: Mapped[str | None]
    created_by: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    claim: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """Raised by each worker that takes it: the fencing token."""
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class TrainingReport(Base):
    """How far another tracker of experiments knows of a run."""

    __tablename__ = "training_reports"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    tracker: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    remote_id: Mapped[str | None]
    metric_id: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    state: Mapped[str] = mapped_column(server_default=text("'open'"), default="open")
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None]
    url: Mapped[str | None]
    """Where the tracker shows the run."""
    holder: Mapped[str | None]
    """Which worker tells of it, until `held_until`."""
    held_until: Mapped[datetime | None]


class TrainingNotice(Base):
    """What a person or a channel is told of a run: once for each occasion, of the best trial the last word."""

    __tablename__ = "training_notices"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    """`person_…`, or `channel:` and a name."""
    organization_id: Mapped[UUID]
    words: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class TrainingNode(Base):
    """What a machine has for training, as its worker told last."""

    __tablename__ = "training_nodes"

    id: Mapped[str] = mapped_column(primary_key=True)
    cpu: Mapped[float] = mapped_column(REAL)
    memory: Mapped[int]
    gpus: Mapped[int] = mapped_column(Integer)
    used_cpu: Mapped[float] = mapped_column(REAL, server_default=text("0"), default=0.0)
    used_memory: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    used_gpus: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    running: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    beat_at: Mapped[datetime] = mapped_column(server_default=func.now())

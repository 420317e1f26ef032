"""Runs as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from hone.core.schemas import Schema
from hone.training.schemas.job import Priority, Task

State = Literal[
    "queued",
    "starting",
    "running",
    "proving",
    "pausing",
    "paused",
    "succeeded",
    "failed",
    "cancelled",
]


class Seconds(Schema):
    """A duration that is not known exactly."""

    low: float
    likely: float
    high: float


class RunEstimate(Schema):
    """What a run will take, as far as it can be told."""

    duration_seconds: Seconds
    cost_usd: float
    memory_bytes: int
    basis: str = Field(description="What this is taken from.")


class EstimateRead(RunEstimate):
    """What a training would take, and what is wrong with it."""

    examples: int | None = Field(description="Examples that would be learned from.")
    why_waiting: str | None = Field(description="Why it would not begin at once.")
    problems: list[str]


class RunError(Schema):
    """Why a run failed."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class RunDataset(Schema):
    """What a run learns from."""

    id: str
    name: str | None
    version: str | None
    version_id: str | None
    digest: str | None
    examples: int


class RunResources(Schema):
    """What a run took."""

    cpu_seconds: float
    peak_memory_bytes: int
    seconds: float
    gpus: int


class RunRead(Schema):
    """One training run."""

    id: str
    model: str
    kind: Literal["initial", "incremental", "retraining"]
    task: Task
    engine: str
    state: State
    stage: str = Field(description="What it is doing, in words.")
    progress: float = Field(description="0 to 1.")
    why_waiting: str | None
    position: int | None = Field(description="Its place among those that wait.")
    cancel_requested: bool
    priority: Priority
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    estimate: RunEstimate
    spec: dict[str, Any]
    spec_hash: str
    dataset: RunDataset | None
    version: str | None = Field(description="The model version that came of it.")
    error: RunError | None
    resources: RunResources
    cost_usd: float
    figures: dict[str, Any]
    retry_of: str | None
    schedule: str | None


class MetricRead(Schema):
    """One measured value."""

    at: datetime
    step: int
    epoch: float | None
    split: str
    name: str
    value: float


class MetricsRead(Schema):
    """Measured values in the order they came."""

    items: Sequence[MetricRead]
    next: str | None = Field(description="Pass as `after` for what comes next.")


class RunEventRead(Schema):
    """Something that was said of a run."""

    at: datetime
    kind: str
    message: str
    done: float | None


class RunEventsRead(Schema):
    """What was said of a run, in order."""

    items: Sequence[RunEventRead]


class TrackerRead(Schema):
    """What another tracker of experiments knows of a run."""

    tracker: Literal["mlflow", "wandb"]
    state: Literal["open", "told", "given_up"] = Field(description="`told`: it knows the end.")
    url: str | None = Field(description="Where it shows the run.")
    error: str | None = Field(description="Why it could not be told last.")


class TrackersRead(Schema):
    """Which other trackers know of a run."""

    items: Sequence[TrackerRead]


class Amount(Schema):
    """How much there is, and how much of it is taken."""

    total: float
    used: float


class Waiting(Schema):
    """A run that waits."""

    id: str
    model: str
    priority: Priority
    position: int | None
    why_waiting: str | None
    queued_at: datetime


class Running(Schema):
    """A run that is at work."""

    id: str
    model: str
    state: State
    progress: float
    cpu: float
    memory_bytes: int
    gpus: int


class ResourcesRead(Schema):
    """What there is to train with."""

    machines: int
    cpu: Amount
    memory: Amount
    gpu: Amount
    running: Sequence[Running]
    waiting: Sequence[Waiting]
    others: int = Field(description="Runs of other organizations that are at work.")


class EngineRead(Schema):
    """A way to learn."""

    name: str
    tasks: Sequence[str]
    title: str
    words: str = Field(description="When it is right.")
    parameters: dict[str, Any] = Field(description="JSON schema of `params`.")
    defaults: dict[str, Any]
    aliases: dict[str, str] = Field(description="Other names of parameters.")
    installed: bool
    install: str | None = Field(description="What installs it.")
    default_for: Sequence[str]
    search: dict[str, Any] = Field(description="What a search tries where nobody says.")
    objective: str | None = Field(description="What a search chooses by where nobody says.")


class EnginesRead(Schema):
    """Every way to learn."""

    items: Sequence[EngineRead]

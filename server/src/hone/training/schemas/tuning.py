"""Tuning jobs as OpenAI's clients write and read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hone.core.schemas import Schema

Status = Literal[
    "validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"
]
Level = Literal["info", "warn", "error"]
Label = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=512)]
Auto = Literal["auto"]
"""The engine's own choice."""


class _Asked(BaseModel):
    """Parent of what comes in: a word that is not known is refused, not passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Wire(BaseModel):
    """Parent of what is written as OpenAI writes it."""

    model_config = ConfigDict(frozen=True)


class TuningHyperparameters(_Asked):
    """How it learns; `auto` leaves it to the engine."""

    n_epochs: Auto | Annotated[int, Field(ge=1, le=1000)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=65536)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0, le=1000)] = "auto"
    beta: Auto | Annotated[float, Field(gt=0, le=10)] | None = None

    def given(self) -> dict[str, float]:
        """Return what is not left to the engine."""
        every = self.model_dump(exclude_none=True)
        return {name: value for name, value in every.items() if value != "auto"}


class TuningOfMethod(_Asked):
    """What a method takes."""

    hyperparameters: TuningHyperparameters = Field(default_factory=TuningHyperparameters)


class TuningMethod(_Asked):
    """The way to learn."""

    type: Literal["supervised", "dpo"] = "supervised"
    supervised: TuningOfMethod | None = None
    dpo: TuningOfMethod | None = None

    def chosen(self) -> TuningHyperparameters:
        """Return the hyperparameters of the chosen type."""
        said = self.dpo if self.type == "dpo" else self.supervised
        return TuningHyperparameters() if said is None else said.hyperparameters


class TuningCreate(_Asked):
    """Tune one of Hone's own engines."""

    model: str = Field(max_length=256, description="`hone:` and an engine, as `hone:linear`.")
    training_file: str = Field(
        max_length=256, description="A file that Hone keeps, or the id of a data set."
    )
    validation_file: str | None = Field(default=None, max_length=256)
    hyperparameters: TuningHyperparameters | None = Field(
        default=None, description="As before `method`; what `method` says counts more."
    )
    method: TuningMethod | None = None
    suffix: str | None = Field(
        default=None, min_length=1, max_length=64, description="The name of the tuned model."
    )
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    metadata: dict[Label, Text] | None = Field(default=None, max_length=16)


class TuningProblem(_Wire):
    """Why a job failed."""

    code: str
    message: str
    param: str | None = None


class TuningRead(_Wire):
    """A tuning job."""

    id: str
    object: Literal["fine_tuning.job"] = "fine_tuning.job"
    created_at: int
    finished_at: int | None
    estimated_finish: int | None
    model: str
    fine_tuned_model: str | None = Field(description="What to call it by, once it is there.")
    organization_id: str
    status: Status
    training_file: str
    validation_file: str | None
    result_files: Sequence[str] = ()
    trained_tokens: int | None = None
    hyperparameters: Mapping[str, Any]
    method: Mapping[str, Any]
    seed: int
    error: TuningProblem | None
    integrations: Sequence[Any] = ()
    metadata: Mapping[str, str] | None
    run_id: str | None = Field(
        description="The training run that this job is; null until its files are read."
    )


class TuningJobRead(Schema):
    """A tuning job, as the dashboard lists it."""

    id: str
    model: str = Field(description="What was asked for, as `hone:linear`.")
    name: str = Field(description="The tuned model's name.")
    tuned_model: str | None = Field(description="What to call it by, once it is there.")
    status: Status
    training_file: str
    validation_file: str | None
    run: str | None = Field(description="Its training run, once its files are read.")
    progress: float = Field(description="0 to 1.")
    error: TuningProblem | None
    created_at: datetime
    ended_at: datetime | None


class TuningList(_Wire):
    """One page of tuning jobs, newest first."""

    object: Literal["list"] = "list"
    data: Sequence[TuningRead]
    has_more: bool


class TuningEvent(_Wire):
    """Something that was said of a job, or measured in it."""

    id: str
    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    created_at: int
    level: Level
    type: Literal["message", "metrics"]
    message: str
    data: Mapping[str, Any]


class TuningEvents(_Wire):
    """One page of events, newest first."""

    object: Literal["list"] = "list"
    data: Sequence[TuningEvent]
    has_more: bool


class TuningCheckpoint(_Wire):
    """A state of a tuned model that can be called."""

    id: str
    object: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"
    created_at: int
    fine_tuned_model_checkpoint: str
    fine_tuning_job_id: str
    metrics: Mapping[str, Any]
    step_number: int


class TuningCheckpoints(_Wire):
    """The states of a tuned model that can be called."""

    object: Literal["list"] = "list"
    data: Sequence[TuningCheckpoint]
    first_id: str | None
    last_id: str | None
    has_more: bool = False

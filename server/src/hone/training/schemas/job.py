"""The one specification of a training, whichever way it came in."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BeforeValidator, Field, field_validator, model_validator

from hone.core.schemas import Schema
from hone.llm.unicode import clean
from hone.training.schemas.search import Search

Task = Literal["intent", "entity", "response", "sft", "dpo"]
Priority = Literal["low", "normal", "high", "critical"]
OnSuccess = Literal["register", "stage", "shadow", "canary", "promote"]
GroupBy = Literal["conversation", "input"]
Occasion = Literal["started", "milestone", "best", "finished", "failed"]
GIB = 1 << 30


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=256)]


class Split(Schema):
    """Which part of the data is learned from, and which is held back."""

    train: float = Field(default=0.8, gt=0, lt=1)
    validation: float = Field(default=0.1, ge=0, lt=1)
    test: float = Field(default=0.1, ge=0, lt=1)
    seed: int = Field(default=7, ge=0, le=2**31 - 1)
    group_by: GroupBy = Field(
        default="input", description="What stays together, so that a test is of things unseen."
    )

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if abs(self.train + self.validation + self.test - 1) > 1e-6:
            raise ValueError("train, validation and test together are 1")
        return self


class DateRange(Schema):
    """From when to when."""

    from_: datetime | None = Field(default=None, alias="from")
    to: datetime | None = None

    @field_validator("from_", "to")
    @classmethod
    def _placed(cls, said: datetime | None) -> datetime | None:
        return said if said is None or said.tzinfo else said.replace(tzinfo=UTC)

    @model_validator(mode="after")
    def _forward(self) -> "DateRange":
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` must not be later than `to`")
        return self


class Data(Schema):
    """What is learned from."""

    dataset: Name = Field(description="A data set's name or id.")
    version: Annotated[str, BeforeValidator(lambda value: str(value))] | None = Field(
        default=None,
        max_length=80,
        description="A version of it, by number or id; without one, the data as it is now.",
    )
    min_quality: float = Field(default=0.0, ge=0, le=1)
    date_range: DateRange | None = Field(
        default=None, description="When it was said; without a time, when it was kept."
    )
    split: Split = Field(default_factory=Split)


class Resources(Schema):
    """What the run may take of a machine."""

    cpu: float = Field(default=1.0, gt=0, le=1024, description="Cores.")
    memory_gb: float = Field(default=1.0, gt=0, le=65536, description="More ends the run.")
    gpus: int = Field(default=0, ge=0, le=1024, description="A ceiling: fewer will do.")
    disk_gb: float = Field(default=2.0, gt=0, le=65536, description="The largest file it writes.")


class Scheduling(Schema):
    """When it is its turn."""

    priority: Priority = "normal"
    not_before: datetime | None = None
    concurrency_key: Name | None = Field(
        default=None, description="Of runs with one key, one runs at a time."
    )


class Limits(Schema):
    """What ends it."""

    wall_seconds: float = Field(default=7200, gt=0, le=30 * 86_400)
    queue_seconds: float | None = Field(default=None, gt=0, le=365 * 86_400)
    cost_usd: float | None = Field(default=None, ge=0, le=1e9)


class Checkpoint(Schema):
    """How often progress is kept."""

    every_seconds: float = Field(default=60, ge=0.05, le=86_400)


class Notify(Schema):
    """Who hears of it, and of what."""

    me: bool = Field(default=False, description="Whoever begins it and is signed in.")
    email: list[Annotated[str, Field(min_length=3, max_length=320)]] = Field(
        default_factory=list[str],
        max_length=10,
        description="Addresses of people of this organization; they are kept as `people`.",
    )
    people: list[Annotated[str, Field(max_length=80)]] = Field(
        default_factory=list[str], max_length=20, description="Their ids, as `person_…`."
    )
    channels: list[Name] = Field(
        default_factory=list[str], max_length=10, description="Names of channels of alerts."
    )
    on: list[Occasion] = Field(
        default_factory=lambda: ["milestone", "best", "finished", "failed"],
        max_length=5,
        description="`milestone` is the first that the trainer tells, `best` a new best trial of a search.",
    )


class TrainingJob(Schema):
    """A training: what is to become of which data, and how."""

    name: Name = Field(description="The trained model's name.")
    task: Task = "intent"
    engine: Name | None = Field(default=None, description="Without one, the task's default.")
    data: Data
    base_version: str | None = Field(
        default=None, max_length=80, description="A version of the model to go on from."
    )
    params: dict[str, Any] = Field(default_factory=dict, max_length=200)
    search: Search | None = Field(
        default=None, description="Try other values of some parameters, and take the best."
    )
    seed: int = Field(default=7, ge=0, le=2**31 - 1)
    resources: Resources = Field(default_factory=Resources)
    scheduling: Scheduling = Field(default_factory=Scheduling)
    limits: Limits = Field(default_factory=Limits)
    checkpoint: Checkpoint = Field(default_factory=Checkpoint)
    gates: list[dict[str, Any]] = Field(
        default_factory=list[dict[str, Any]],
        max_length=50,
        description="What a version must reach to be promoted; without any, the usual rules.",
    )
    on_success: list[OnSuccess] = Field(
        default_factory=lambda: ["register"],
        max_length=5,
        description="What becomes of the version. `stage` makes it callable as `NAME@staging`, `promote` live at"
        " once where its gates pass; `shadow` and `canary` begin a release.",
    )
    notify: Notify = Field(default_factory=Notify)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what is specified."""
        said = msgspec.json.encode(self.document(), order="deterministic")
        return hashlib.sha256(said).hexdigest()

    def document(self) -> dict[str, Any]:
        """Write it as the API shows it."""
        return self.model_dump(mode="json", by_alias=True)

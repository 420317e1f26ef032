"""Schedules as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from hone.core.schemas import Schema
from hone.training.schemas.job import Name, TrainingJob

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class OffPeak(Schema):
    """When machines have time, in the schedule's zone; `to` before `from` is over midnight."""

    from_: Clock = Field(alias="from", description="Such as 22:00.")
    to: Clock


class ScheduleWrite(Schema):
    """When a model is to be trained."""

    name: Name
    cron: str = Field(max_length=200, description="Five fields, such as `0 3 * * 1`.")
    timezone: str = Field(default="UTC", max_length=64, description="Such as Europe/Berlin.")
    window: OffPeak | None = Field(
        default=None, description="Outside of it a run waits until it begins."
    )
    job: TrainingJob
    min_new_examples: int = Field(
        default=0, ge=0, description="Only with so many new examples since the last time."
    )
    enabled: bool = True


class ScheduleChange(Schema):
    """What is to be otherwise."""

    version: int = Field(description="The version that was read.")
    name: Name | None = None
    cron: str | None = Field(default=None, max_length=200)
    timezone: str | None = Field(default=None, max_length=64)
    window: OffPeak | None = None
    job: TrainingJob | None = None
    min_new_examples: int | None = Field(default=None, ge=0)
    enabled: bool | None = None


class ScheduleRead(Schema):
    """A schedule, and when it comes next."""

    id: str
    version: int
    name: str
    cron: str
    timezone: str
    window: OffPeak | None
    job: dict[str, Any]
    min_new_examples: int
    enabled: bool
    next_at: datetime | None
    next_five: list[datetime] = Field(description="The next times, if it is enabled.")
    last_at: datetime | None
    last_run: str | None
    last_outcome: str | None
    created_by: str
    created_at: datetime

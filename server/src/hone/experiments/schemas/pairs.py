"""Tests of two models or versions, in the words of the requirements."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from hone.core.schemas import Schema
from hone.experiments.schemas.design import MetricKey, Name, State, Target, Text


class ABTestVariant(Schema):
    """One side of a test, as document 3 prints it."""

    model_version: Target
    traffic_allocation: float | None = Field(default=None, gt=0, lt=1)


class ABTestVariants(Schema):
    """Both sides of a test."""

    control: ABTestVariant
    treatment: ABTestVariant


class ABTestWrite(Schema):
    """A test of two models or versions, in the words of the requirements; it starts at once."""

    name: Name
    hypothesis: Annotated[Text, Field(max_length=4000)] = ""
    model_a: Target | None = Field(
        default=None, description="A model, or a version such as `v1.1.0`: the control."
    )
    model_b: Target | None = Field(
        default=None, description="What is compared with it: the treatment."
    )
    variants: ABTestVariants | None = Field(
        default=None, description="The same in other words; instead of `modelA` and `modelB`."
    )
    model_name: Target | None = Field(
        default=None,
        description="What clients call; may be left out while one model has the versions, or where"
        " `modelA` is what they call.",
    )
    traffic_split: float = Field(default=0.5, gt=0, lt=1, description="Share of `modelB`.")
    success_metrics: list[MetricKey] = Field(
        default=["positive_feedback"],
        min_length=1,
        max_length=10,
        description="The first one decides.",
    )
    minimum_sample_size: int | None = Field(
        default=None, gt=0, description="Units of each arm; reckoned when left out."
    )
    max_duration_days: int | None = Field(
        default=None, gt=0, le=365, description="It is stopped then."
    )

    @model_validator(mode="after")
    def _two(self) -> "ABTestWrite":
        if self.variants is None and (self.model_a is None or self.model_b is None):
            raise ValueError("say which two: `modelA` and `modelB`, or `variants`")
        return self


class ABTestRead(Schema):
    """A test of two models or versions."""

    id: str
    name: str
    hypothesis: str
    model_name: str = Field(description="What clients call.")
    model_a: str
    model_b: str
    traffic_split: float
    success_metrics: list[str]
    status: State
    winner: str | None
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime

"""Improvement policies as the API takes and gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hone.core.schemas import Schema
from hone.improvement.schemas.triggers import Trigger, TriggerLook, usual
from hone.training import TrainingJob

ModelOfPolicy = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
]
Step = Literal["train", "release"]
Strategy = Literal["immediate", "gradual", "canary", "blue_green"]
BarMetric = Literal["accuracy", "positive_feedback", "error_rate", "latency_ms"]
Triggers = Annotated[list[Trigger], Field(max_length=10)]


class ImprovementBudget(Schema):
    """What turns that begin by themselves may take."""

    runs_per_day: int = Field(default=4, ge=0, le=1000, description="In 24 hours.")
    cost_usd_per_month: float | None = Field(
        default=None, ge=0, le=1e9, description="In 30 days; absent: no limit."
    )


class ImprovementComparison(Schema):
    """How the new version is compared with the live one, while both answer."""

    metric: Literal["accuracy", "positive_feedback", "rating", "error_rate", "latency_ms"] = (
        "accuracy"
    )
    alpha: float = Field(
        default=0.05, gt=0, lt=0.5, description="Chance of a wrong winner, however often one looks."
    )
    least: int = Field(
        default=50, ge=2, le=10_000_000, description="Users or conversations of each, at least."
    )
    hours: float = Field(default=72, gt=0, le=720, description="The longest time.")
    no_difference: Literal["promote", "roll_back"] = Field(
        default="promote", description="What happens when the time is over and none is better."
    )


class ImprovementRelease(Schema):
    """How a new version comes to traffic."""

    strategy: Strategy = "canary"
    plan: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        max_length=20,
        description="What of the strategy's usual plan is otherwise, as a release takes it.",
    )
    shadow: bool = Field(
        default=False, description="Copies of calls go to it first, which nobody sees."
    )
    roll_back_when: dict[BarMetric, float] = Field(
        default_factory=dict[BarMetric, float],
        description="Bars at which it is taken back: accuracy and positive_feedback surely below,"
        " error_rate and latency_ms surely above.",
    )
    compare: ImprovementComparison | None = Field(
        default=None,
        description="Compare it with the live version before it takes all; absent: the release's"
        " own guardrails suffice.",
    )


class ImprovementPolicyWrite(Schema):
    """When a model is to learn anew by itself."""

    model: ModelOfPolicy
    enabled: bool = True
    job: TrainingJob | None = Field(
        default=None, description="How it is trained; absent: as it was trained last."
    )
    triggers: Triggers = Field(default_factory=usual)
    debounce_seconds: int = Field(
        default=300,
        ge=0,
        le=604_800,
        description="So long a trigger fires before a turn begins, so that one turn takes all.",
    )
    least_new: int = Field(
        default=10, ge=1, le=10_000_000, description="New examples without which nothing begins."
    )
    budget: ImprovementBudget = Field(default_factory=ImprovementBudget)
    approvals: Annotated[list[Step], Field(max_length=2)] = Field(
        default_factory=list[Step], description="The steps that wait for somebody's approval."
    )
    release: ImprovementRelease = Field(default_factory=ImprovementRelease)


class ImprovementPolicyChange(Schema):
    """What of a policy is to be otherwise."""

    version: int = Field(description="The version that was read.")
    enabled: bool | None = None
    job: TrainingJob | None = None
    triggers: Triggers | None = None
    debounce_seconds: int | None = Field(default=None, ge=0, le=604_800)
    least_new: int | None = Field(default=None, ge=1, le=10_000_000)
    budget: ImprovementBudget | None = None
    approvals: Annotated[list[Step], Field(max_length=2)] | None = None
    release: ImprovementRelease | None = None


class ImprovementSpent(Schema):
    """What turns took of the budget."""

    runs_today: int = Field(description="In the last 24 hours.")
    cost_usd_this_month: float = Field(description="In the last 30 days.")


class ImprovementLook(Schema):
    """What was seen when Hone looked last."""

    at: datetime
    words: str
    fires: bool
    held_back: str | None = Field(description="Why nothing begins though a trigger fires.")
    begins_at: datetime | None = Field(description="When a turn begins if it goes on like this.")
    triggers: Sequence[TriggerLook]


class ImprovementPolicyRead(Schema):
    """A policy, and how near its next turn is."""

    id: str
    version: int
    model: str
    enabled: bool
    job: dict[str, Any]
    triggers: Sequence[Trigger]
    debounce_seconds: int
    least_new: int
    budget: ImprovementBudget
    spent: ImprovementSpent
    approvals: Sequence[Step]
    release: ImprovementRelease
    look: ImprovementLook | None
    words: str = Field(description="How it stands, in a sentence.")
    turn: str | None = Field(description="The turn that is under way.")
    created_by: str
    created_at: datetime
    updated_at: datetime

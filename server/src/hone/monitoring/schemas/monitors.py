"""Monitors as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from hone.core.schemas import Schema

MonitorKind = Literal["metric", "objective", "drift", "estimated_accuracy", "error_patterns"]
MonitorState = Literal["ok", "alerting", "no_data", "silenced"]
MonitorMetric = Literal[
    "error_rate",
    "latency_p50",
    "latency_p95",
    "latency_p99",
    "cost_per_request",
    "accuracy",
    "positive_feedback",
    "handover",
    "rephrase",
]
ObjectiveMetric = Literal["errors", "latency", "cost", "availability"]
MonitorName = Annotated[str, Field(min_length=1, max_length=120)]
Named = Annotated[str, Field(min_length=1, max_length=256)]


class MonitorRule(Schema):
    """When a monitor is not content; which of this it has depends on its kind."""

    metric: MonitorMetric | ObjectiveMetric | None = Field(
        default=None, description="What a `metric` or `objective` looks at."
    )
    comparison: Literal["above", "below"] | None = Field(
        default=None, description="On which side of the threshold is trouble (`metric`)."
    )
    threshold: float | None = Field(
        default=None,
        description="Milliseconds of a latency, dollars of a cost, else a share from 0 to 1.",
    )
    target: float | None = Field(
        default=None, gt=0, lt=1, description="The share that is to be good (`objective`)."
    )
    days: int | None = Field(
        default=None, ge=1, le=90, description="Of how many days the objective is (`objective`)."
    )
    window_minutes: int | None = Field(
        default=None, ge=5, le=10_080, description="What is looked at together (`metric`)."
    )
    minimum: int | None = Field(
        default=None, ge=1, le=1_000_000, description="So many calls must have come at least."
    )
    by: Literal["model", "route"] | None = Field(
        default=None, description="Look at each model or route apart (`metric`)."
    )
    reference_days: int | None = Field(
        default=None, ge=1, le=90, description="With which days before drift compares (`drift`)."
    )


class MonitorCreate(Schema):
    """What is to be watched."""

    name: MonitorName
    kind: MonitorKind
    model: Named | None = Field(default=None, description="Only calls of this model.")
    route: Named | None = Field(default=None, description="Only calls of this route.")
    rule: MonitorRule = MonitorRule()
    enabled: bool = True


class MonitorUpdate(Schema):
    """What is to be otherwise."""

    version: int = Field(description="The version that was read.")
    name: MonitorName | None = None
    rule: MonitorRule | None = None
    enabled: bool | None = None


class MonitorBurn(Schema):
    """How fast a budget burns in two windows; 1 spends it in exactly the days of its objective."""

    long_minutes: int
    short_minutes: int
    rings_at: float = Field(description="An alert opens where both windows burn as fast as this.")
    long_rate: float
    short_rate: float
    severity: Literal["warning", "critical"]


class MonitorBudget(Schema):
    """What may go wrong under an objective: how much of it is left, and how fast it goes."""

    left: float = Field(description="From 1 down to 0, and below where it is overspent.")
    burns: list[MonitorBurn]


class MonitorRead(Schema):
    """A monitor, and how it stands."""

    id: str
    version: int
    name: str
    kind: MonitorKind
    model: str | None
    route: str | None
    rule: MonitorRule
    preset: str | None = Field(description="Set where every organization has it.")
    enabled: bool
    state: MonitorState
    words: str = Field(description="What was measured last, as a sentence.")
    value: float | None
    low: float | None
    high: float | None
    n: int
    budget: MonitorBudget | None = Field(description="Of an objective that was measured.")
    measured_at: datetime | None
    alert: str | None = Field(description="The alert that is open because of it.")
    created_by: str
    created_at: datetime
    updated_at: datetime


class MonitorPointRead(Schema):
    """What a monitor measured in five minutes."""

    at: datetime
    slice: str = Field(description="The model or route; empty where all are looked at together.")
    value: float | None
    low: float | None
    high: float | None
    n: int
    detail: dict[str, Any]


class MonitorPoints(Schema):
    """What a monitor measured, oldest first."""

    items: list[MonitorPointRead]
    rule: MonitorRule


class ErrorPatternRead(Schema):
    """Errors that read alike."""

    name: str = Field(description="What failed, and how its message begins.")
    code: str
    template: str = Field(description="What they say; `<…>` stands for what differs.")
    models: list[str]
    seen: int
    first_at: datetime
    last_at: datetime
    examples: list[str] = Field(description="Ids of some of the calls.")


class ErrorPatterns(Schema):
    """Errors of the last thirty days by how they read, those that were seen last first."""

    items: list[ErrorPatternRead]

"""Releases as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hone.core.schemas import Schema
from hone.versions import GateOverride, ReleaseDone

ReleaseStrategy = Literal["immediate", "gradual", "canary", "blue_green", "shadow"]
ReleaseState = Literal[
    "pending",
    "preparing",
    "running",
    "holding",
    "promoting",
    "succeeded",
    "rolling_back",
    "rolled_back",
    "cancelled",
    "failed",
]
ReleaseEnvironment = Literal["production", "staging", "ab_test"]
GuardrailMetric = Literal[
    "error_rate",
    "latency_ms",
    "rating",
    "positive_feedback",
    "accuracy",
    "resolved",
    "cost_usd",
    "tokens",
]
ReleaseHolder = Literal["person", "approval", "signal"]
ReleaseName = Annotated[str, StringConstraints(min_length=1, max_length=120)]
ReleaseWords = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]

MOST_STEPS = 20
LONGEST_HOLD = 30 * 86_400.0


class StepHold(Schema):
    """What a step waits for before the next one; both must be there."""

    units: int = Field(
        default=0,
        ge=0,
        le=10_000_000,
        description="Users or conversations that the candidate has answered since the release began.",
    )
    seconds: float = Field(
        default=0.0,
        ge=0,
        le=LONGEST_HOLD,
        description="Time in this step, counted while Hone watches it.",
    )


class ReleaseStep(Schema):
    """One step: how much the candidate answers, and how long."""

    share: float = Field(ge=0, le=1, description="Part of the units: 0.1 is one in ten.")
    hold: StepHold = StepHold()
    approval: bool = Field(
        default=False, description="Wait for a person before the step after this one."
    )


class Guardrail(Schema):
    """A figure that the candidate must not make worse by more than a margin."""

    metric: GuardrailMetric
    margin: float = Field(
        default=0.0,
        ge=0,
        description="How much worse is still borne, in the metric's own unit; of latency_ms, cost_usd"
        " and tokens as a part of the live version's mean: 0.2 is a fifth.",
    )
    direction: Literal["up", "down"] | None = Field(
        default=None, description="Which way is better; absent: as the metric has it."
    )
    alpha: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="Chance of a false alarm, however often it is looked at.",
    )
    action: Literal["rollback", "hold"] = Field(
        default="rollback", description="What happens once harm is shown."
    )


class ReleasePlan(Schema):
    """How a version comes to its traffic."""

    steps: list[ReleaseStep] = Field(default_factory=list[ReleaseStep], max_length=MOST_STEPS)
    guardrails: list[Guardrail] = Field(default_factory=list[Guardrail], max_length=10)
    promotion: Literal["automatic", "approval"] = Field(
        default="automatic", description="Whether the last step ends by itself or by a person."
    )
    unit: Literal["user", "conversation"] = Field(
        default="user", description="What stays with one version."
    )
    patience: float = Field(
        default=120.0, ge=1, le=86_400, description="Seconds that the candidate has to be served."
    )
    agreement: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Of a shadow: part of the copies whose answer must be the same as the one given.",
    )
    deprecate_former: bool = Field(
        default=False, description="Deprecate the version before, once the release has succeeded."
    )
    keep_former: float = Field(
        default=0.0,
        ge=0,
        le=LONGEST_HOLD,
        description="Seconds that the version before stays loaded once the release has succeeded: so"
        " long nothing has to be loaded to go back. Ten minutes of blue-green.",
    )


class PlanChange(Schema):
    """What of a strategy's usual plan is to be otherwise; what is absent stays."""

    steps: list[ReleaseStep] | None = Field(default=None, max_length=MOST_STEPS)
    guardrails: list[Guardrail] | None = Field(default=None, max_length=10)
    promotion: Literal["automatic", "approval"] | None = None
    unit: Literal["user", "conversation"] | None = None
    patience: float | None = Field(default=None, ge=1, le=86_400)
    agreement: float | None = Field(default=None, ge=0, le=1)
    deprecate_former: bool | None = None
    keep_former: float | None = Field(default=None, ge=0, le=LONGEST_HOLD)


class ReleaseStart(Schema):
    """A version to release."""

    name: ReleaseName | None = Field(
        default=None, description="May be left out while one model has the version."
    )
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        description="Such as `1.2.0`, or its id."
    )
    environment: ReleaseEnvironment = "production"
    strategy: ReleaseStrategy = "canary"
    share: float | None = Field(
        default=None, gt=0, le=1, description="Of a canary, or the first step of a gradual release."
    )
    plan: PlanChange = PlanChange()
    reason: ReleaseWords = "released"
    override: GateOverride | None = Field(
        default=None, description="Release it though a gate has not passed, and say why."
    )
    experiment: str | None = Field(
        default=None,
        max_length=64,
        description="The experiment that was decided for this version. While its winner answers all"
        " calls already, the release is `immediate`.",
    )


class ReleaseWhy(Schema):
    """Why something is done to a release."""

    reason: ReleaseWords


class ReleaseNote(Schema):
    """What somebody has to say to a release."""

    note: ReleaseWords = "approved"


class ReleaseRequested(Schema):
    """Something that a person asks of a release, with a reason if there is one."""

    reason: ReleaseWords | None = None


class StepProgress(Schema):
    """How far a step is."""

    units: int
    units_wanted: int
    seconds: float
    seconds_wanted: float


class ReleaseFigure(Schema):
    """One metric of one arm, with its 95 % interval."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


class ReleaseArm(Schema):
    """One version in the split."""

    name: Literal["live", "candidate", "shadow"]
    version: str | None
    share: float | None
    units: int
    operations: int
    metrics: dict[str, ReleaseFigure]


class GuardrailState(Schema):
    """What a guardrail says."""

    metric: str
    state: Literal["waiting", "fine", "harmed"]
    margin: float
    direction: Literal["up", "down"]
    action: Literal["rollback", "hold"]
    difference: float | None = Field(
        default=None, description="Candidate less live; above 0 is more of it, be that good or bad."
    )
    low: float | None = None
    high: float | None = None
    words: str


class StepGuardrail(Schema):
    """What a guardrail says of one step by itself."""

    metric: str
    state: Literal["waiting", "fine", "harmed"]
    live: ReleaseFigure | None
    candidate: ReleaseFigure | None
    difference: float | None
    low: float | None
    high: float | None
    words: str


class StepUnits(Schema):
    """How many met one version in a step, and in how many calls."""

    units: int
    operations: int


class StepFigures(Schema):
    """One step of a release that has begun, by itself. What is decided is decided over all steps."""

    step: int = Field(description="The first one is 0.")
    share: float
    against: str = Field(
        description="What the candidate is held against; where everybody has it, that is not of this step."
    )
    live: StepUnits
    candidate: StepUnits
    guardrails: list[StepGuardrail]


class ReleaseApproval(Schema):
    """That a person let a release go on."""

    by: str
    at: datetime
    step: int
    note: str


class ReleaseEventRead(Schema):
    """One line of the timeline."""

    at: datetime
    kind: str
    state: ReleaseState
    step: int
    share: float | None
    actor: str
    words: str
    data: dict[str, Any]


class ReleaseSummary(Schema):
    """One release in a list."""

    id: str
    name: str
    environment: ReleaseEnvironment
    version: str
    version_id: str
    former: str | None
    strategy: ReleaseStrategy
    state: ReleaseState
    step: int
    steps: int
    share: float | None
    words: str
    reason: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None


class ReleaseProof(Schema):
    """The experiment that showed that a version is better."""

    id: str
    name: str


class ReleaseRead(ReleaseSummary):
    """One release with its plan, its figures and its timeline."""

    plan: ReleasePlan
    plan_words: list[str]
    held_by: ReleaseHolder | None
    override: GateOverride | None
    experiment: ReleaseProof | None
    kept_until: datetime | None = Field(
        description="So long the version before stays loaded; null: it does not."
    )
    started_at: datetime | None
    step_at: datetime
    progress: StepProgress | None = Field(description="Null where nothing is counted.")
    arms: list[ReleaseArm]
    guardrails: list[GuardrailState]
    by_step: list[StepFigures] = Field(description="Steps that have begun, each by itself.")
    agreement: float | None = Field(
        default=None, description="Of a shadow: part of the copies that were answered alike."
    )
    measured_at: datetime | None
    approvals: list[ReleaseApproval]
    actions: list[str] = Field(
        description="What can be done now: advance, hold, resume, approve, rollback, cancel."
    )
    timeline: list[ReleaseEventRead] = Field(description="Oldest first.")


class ReleasePreview(Schema):
    """What a release would do, in words."""

    plan: ReleasePlan
    words: list[str]
    seconds: float = Field(description="The shortest time that the holds add up to.")
    units_per_day: float | None = Field(
        description="Users or conversations of the last week, a day; null where there were none."
    )
    expected_seconds: float | None = Field(
        description="With the traffic of the last week; null where none is known."
    )
    warnings: list[str]


class ModelActed(ReleaseDone):
    """What came of an action on a model."""

    release: ReleaseSummary | None = Field(
        default=None, description="The release that was started or rolled back."
    )
    experiment: str | None = Field(default=None, description="The experiment that was started.")

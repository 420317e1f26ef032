"""Experiments as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hone.core.schemas import Schema
from hone.llm.unicode import clean


def _clean(value: Any) -> Any:  # noqa: ANN401
    return clean(value) if isinstance(value, str) else value


def _arm_name(value: str) -> str:
    if value == "shadow":
        raise ValueError("`shadow` is what copies are recorded as; choose another name")
    return value


Text = Annotated[str, BeforeValidator(_clean)]
Name = Annotated[Text, Field(min_length=1, max_length=120)]
Target = Annotated[Text, Field(min_length=1, max_length=256)]
Reason = Annotated[Text, Field(min_length=1, max_length=1000)]
ArmName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$"), AfterValidator(_arm_name)
]
MetricKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
ArmKind = Literal["model", "route", "version", "prompt", "policy"]
State = Literal["draft", "running", "paused", "stopped", "decided"]
Method = Literal["fixed", "sequential", "always_valid"]
Direction = Literal["up", "down"]
Role = Literal["primary", "secondary", "guardrail"]
UnitName = Literal["user", "conversation"]
Mode = Literal["fixed", "bandit"]
MetricKind = Literal["proportion", "mean", "ratio", "rate"]
_TOLERANCE: Final = 1e-6


class ExperimentArm(Schema):
    """One way to answer; the first of them is what the others are held to."""

    name: ArmName
    kind: ArmKind = "model"
    ref: Target | None = Field(
        default=None,
        description="The model, route, version (such as `1.2.0`) or policy; of a prompt, what"
        " answers it: the target itself when left out.",
    )
    share: float | None = Field(
        default=None, ge=0, le=1, description="Part of the units; equal shares when left out."
    )
    prompt: Annotated[Text, Field(min_length=1, max_length=20_000)] | None = Field(
        default=None, description="A system prompt in the place of the client's."
    )

    @model_validator(mode="after")
    def _whole(self) -> "ExperimentArm":
        if self.kind == "prompt" and self.prompt is None:
            raise ValueError("an arm of kind `prompt` needs `prompt`")
        if self.kind != "prompt" and self.ref is None:
            raise ValueError(f"say which {self.kind}: `ref`")
        return self


class ExperimentMetric(Schema):
    """What is measured; `direction` and `kind` may be left out where Hone knows the measure."""

    key: MetricKey
    role: Role = "secondary"
    direction: Direction | None = Field(default=None, description="Which way is better.")
    kind: MetricKind | None = None
    margin: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Of a guardrail: how much worse is too much, as a part of what the first arm has;"
        " of shares in points: 0.05 is 5 points. 0.05 when left out.",
    )


_METRICS: Final = [
    ExperimentMetric(key="positive_feedback", role="primary"),
    ExperimentMetric(key="error_rate", role="guardrail"),
    ExperimentMetric(key="latency_ms", role="secondary"),
    ExperimentMetric(key="cost_usd", role="secondary"),
]


class _Design(Schema):
    """What the arms share and how they are compared."""

    target: Target = Field(description="What clients send as `model`.")
    unit: UnitName = Field(default="user", description="What stays in one arm.")
    coverage: float = Field(
        default=1.0, gt=0, le=1, description="Part of the units that take part."
    )
    arms: list[ExperimentArm] = Field(min_length=2, max_length=8)
    metrics: list[ExperimentMetric] = Field(default=_METRICS, min_length=1, max_length=20)
    method: Method = Field(
        default="always_valid",
        description="`always_valid`: may be looked at whenever; `sequential`: at planned looks;"
        " `fixed`: once, at the end.",
    )
    alpha: float = Field(default=0.05, gt=0, lt=0.5, description="How often to be wrong by chance.")
    power: float = Field(default=0.8, gt=0.5, lt=1, description="How often to find the effect.")
    minimum_effect: float = Field(
        default=0.05,
        gt=0,
        le=10,
        description="Smallest effect worth finding, as a part: 0.05 is 5 %.",
    )

    @model_validator(mode="after")
    def _comparable(self) -> "_Design":
        names = [each.name for each in self.arms]
        if len(set(names)) < len(names):
            raise ValueError("two arms have one name")
        keys = [each.key for each in self.metrics]
        if len(set(keys)) < len(keys):
            raise ValueError("a metric stands here twice")
        if [each.role for each in self.metrics].count("primary") != 1:
            raise ValueError("exactly one metric must be `primary`")
        shares = [each.share for each in self.arms if each.share is not None]
        if shares and len(shares) < len(self.arms):
            raise ValueError("give the share of every arm, or of none")
        if shares and abs(sum(shares) - 1) > _TOLERANCE:
            raise ValueError("the shares must sum to 1")
        return self


class ExperimentWrite(_Design):
    """An experiment as it is to be."""

    name: Name
    hypothesis: Annotated[Text, Field(max_length=4000)] = Field(
        default="", description="What you expect, and why."
    )
    mode: Mode = Field(
        default="fixed", description="`bandit`: shares follow what is learned, in hourly steps."
    )
    max_days: int | None = Field(
        default=None, gt=0, le=365, description="It is stopped when it has run so long."
    )


class ExperimentPlanAsk(_Design):
    """What is to be found, to tell beforehand what it takes."""


class ExperimentChange(Schema):
    """What to change; everything of a draft, only its words once it has started."""

    version: int = Field(description="The version that you read.")
    name: Name | None = None
    hypothesis: Annotated[Text, Field(max_length=4000)] | None = None
    target: Target | None = None
    unit: UnitName | None = None
    coverage: Annotated[float, Field(gt=0, le=1)] | None = None
    arms: Annotated[list[ExperimentArm], Field(min_length=2, max_length=8)] | None = None
    metrics: Annotated[list[ExperimentMetric], Field(min_length=1, max_length=20)] | None = None
    method: Method | None = None
    alpha: Annotated[float, Field(gt=0, lt=0.5)] | None = None
    power: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    minimum_effect: Annotated[float, Field(gt=0, le=10)] | None = None
    mode: Mode | None = None
    max_days: Annotated[int, Field(gt=0, le=365)] | None = None


class ExperimentStop(Schema):
    """End without a winner."""

    reason: Reason


class ExperimentDecide(Schema):
    """Let one arm take all calls of the name."""

    arm: ArmName
    reason: Reason
    stand: bool = Field(
        default=False,
        description="Of a version: let it answer all calls until it is released, instead of putting it"
        " in force now.",
    )


class ExperimentArmRead(Schema):
    """An arm as it is."""

    name: str
    kind: ArmKind
    ref: str | None
    share: float
    prompt: str | None


class ExperimentMetricRead(Schema):
    """A measure as it is taken."""

    key: str
    role: Role
    direction: Direction
    kind: MetricKind
    margin: float | None


class ExperimentDecision(Schema):
    """What was decided."""

    arm: str
    reason: str
    by: str
    at: datetime
    standing: bool = Field(
        description="The arm answers all calls of the name, until the experiment is stopped."
    )


class PlannedLook(Schema):
    """What a look on the way would have to show, in standard errors."""

    part: float = Field(description="Of the planned units.")
    shows: float = Field(description="A difference this far from 0, in either direction, is shown.")
    futile: float = Field(
        description="Below this, towards the effect that is looked for, it is hardly worth going on."
        " Whoever goes on all the same makes no more false alarms."
    )


class ExperimentPlan(Schema):
    """What it takes to find the smallest effect worth finding."""

    units_per_arm: int | None = Field(description="Null where there is nothing to reckon with.")
    baseline: float | None = Field(description="What the primary metric is now.")
    units_per_day: float | None = Field(description="Of the last fourteen days.")
    days: float | None
    looks: int
    bounds: list[PlannedLook] = Field(
        default_factory=list[PlannedLook], description="Of a sequential experiment, look by look."
    )
    words: str


class VerdictRead(Schema):
    """What the experiment says as a whole."""

    state: Literal[
        "not_enough",
        "winner",
        "loser",
        "no_difference",
        "futile",
        "guardrail_broken",
        "sample_ratio_mismatch",
    ]
    arm: str | None
    words: str
    recommendation: str
    confidence: float | None
    chance_left: float | None = Field(
        default=None,
        description="Chance that the planned end shows a difference of `minimumEffect`, were there one;"
        " null where that is not known, or it is over.",
    )


class ExperimentRelease(Schema):
    """The release that an experiment led to."""

    id: str
    version: str
    state: str


class ExperimentRead(Schema):
    """An experiment."""

    id: str
    version: int
    name: str
    hypothesis: str
    target: str
    unit: UnitName
    coverage: float
    state: State
    arms: list[ExperimentArmRead]
    metrics: list[ExperimentMetricRead]
    method: Method
    alpha: float
    power: float
    minimum_effect: float
    mode: Mode
    max_days: int | None
    plan: ExperimentPlan | None
    decided: ExperimentDecision | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None
    ended_reason: str | None
    units: int | None = Field(
        description="Units of all arms as of the last analysis; null before the first."
    )
    verdict: VerdictRead | None = Field(
        description="What the last analysis said; null before the first."
    )
    release: ExperimentRelease | None = Field(
        description="The last release that names this experiment as what proved its version."
    )


class ExperimentAssignment(Schema):
    """Which arm somebody has: the same, always."""

    experiment: str
    arm: str | None = Field(description="Null where they take no part.")
    model: str = Field(description="What answers them: a model, route or version.")
    takes_part: bool
    chance: float | None
    kind: ArmKind | None
    prompt: str | None

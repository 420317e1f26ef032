"""Trained models as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hone.core.schemas import Schema

Environment = Literal["production", "staging", "ab_test"]
VersionState = Literal["candidate", "live", "staged", "retired", "deprecated"]
ReleaseAction = Literal["promoted", "rolled_back", "deprecated", "retired"]
ModelName = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
]
VersionName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class GateOverride(Schema):
    """Why a version is released that has not passed its gates."""

    reason: Reason


class Promote(Schema):
    """A version to put in force."""

    version: VersionName = Field(description="Such as `1.2.0`, or its id.")
    environment: Environment = "production"
    reason: Reason = Field(default="promoted", description="Kept in the history.")
    override: GateOverride | None = Field(
        default=None, description="Release it though a gate has not passed, and say why."
    )


class Rollback(Schema):
    """Where to go back."""

    environment: Environment = "production"
    version: VersionName | None = Field(
        default=None, description="Absent: what was live before the present one."
    )
    reason: Reason = "rolled back"


class Deprecate(Schema):
    """A version that nobody is to release any more."""

    reason: Reason = "deprecated"
    retire: bool = Field(
        default=False,
        description="Take it out of force where it is live, though nothing takes its place.",
    )


class ModelAct(Schema):
    """What to do with a version of a model, as one call."""

    action: Literal["register", "deploy", "deprecate", "rollback", "ab-test"]
    name: ModelName | None = Field(
        default=None, description="May be left out while one model has the version."
    )
    version: VersionName | None = None
    config: dict[str, Any] | None = Field(
        default=None, description="Of `register`: what the version is, such as `model`."
    )
    task: str = Field(default="chat", max_length=40)
    environment: Environment = "production"
    strategy: str | None = Field(default=None, max_length=40)
    rollout_percentage: float | None = Field(default=None, ge=0, le=100)
    reason: Reason | None = None
    override: GateOverride | None = None
    retire: bool = False
    version_a: VersionName | None = None
    version_b: VersionName | None = None
    split_percentage: float | None = Field(default=None, ge=0, le=100)


class GateCheck(Schema):
    """One gate: what was measured, what it had to be, and both in words."""

    name: str
    passed: bool
    value: float | None
    bar: float | None
    words: str


class GateVerdict(Schema):
    """Whether a version may be released, and why."""

    passed: bool
    checks: list[GateCheck]
    compared_with: str | None = Field(default=None, description="The version that was live.")


class TrainedOn(Schema):
    """What a version was trained on."""

    id: str | None
    version: str | None
    digest: str | None


class Deprecation(Schema):
    """That a version is not to be released any more."""

    at: datetime
    by: str
    reason: str


class ArtifactFile(Schema):
    """One file of an artifact."""

    name: str
    size: int
    sha256: str


class VersionSummary(Schema):
    """One version in a list."""

    id: str
    version: str
    state: VersionState
    task: str
    engine: str
    created_at: datetime
    figures: dict[str, Any] = Field(description="On the test examples.")
    gate_passed: bool
    live_in: list[Environment]


class ModelVersionRead(Schema):
    """One version with all of its evidence."""

    id: str
    name: str
    version: str
    state: VersionState
    task: str
    engine: str
    created_at: datetime
    created_by: str
    run: str | None = Field(description="The training run that made it.")
    dataset: TrainedOn
    labels: list[str]
    configuration: dict[str, Any]
    card: dict[str, Any]
    evidence: dict[str, Any] = Field(
        description="figures, perClass, slices, calibration, latency, size, labelNoise, environment."
    )
    gate: GateVerdict
    comparison: dict[str, Any] | None = Field(
        description="This version beside the one that was live, on the same test examples."
    )
    files: list[ArtifactFile]
    digest: str
    size: int
    live_in: list[Environment]
    deprecation: Deprecation | None


class LiveVersions(Schema):
    """Which version is live in each environment."""

    production: str | None = None
    staging: str | None = None
    ab_test: str | None = None


class TrainedModel(Schema):
    """A trained model and its versions, newest first."""

    name: str
    task: str
    versions: list[VersionSummary]
    live: LiveVersions
    callable_as: str | None = Field(
        description="What a client sends as `model`; null before a first version is live."
    )


class ModelHistoryRead(Schema):
    """One thing that happened to what serves a name."""

    id: str
    at: datetime
    action: ReleaseAction
    environment: Environment | None
    version: str | None = Field(description="LiveVersions from then on; null: nothing.")
    version_id: str | None
    former: str | None
    actor: str
    reason: str
    gate: GateVerdict | None = Field(description="What the gates said at that moment.")
    override: GateOverride | None


class ModelHistoryPage(Schema):
    """What happened, newest first."""

    items: list[ModelHistoryRead]
    total: int
    next: str | None


class LiveAt(Schema):
    """What served a name at a moment, in each environment, and why."""

    at: datetime
    name: str
    live: LiveVersions
    because: list[ModelHistoryRead] = Field(description="The entries that say so.")


class FigureDifference(Schema):
    """One figure of two versions."""

    name: str
    a: float | None
    b: float | None
    difference: float | None


class VersionComparison(Schema):
    """Two versions side by side."""

    a: ModelVersionRead
    b: ModelVersionRead
    figures: list[FigureDifference]
    per_class: list[FigureDifference] = Field(description="F1 of each label, largest change first.")
    slices: list[FigureDifference]
    labels_added: list[str]
    labels_gone: list[str]
    same_data: bool = Field(description="Whether both were measured on the same dataset version.")
    paired: dict[str, Any] | None = Field(
        description="The paired test on the same examples, where one was compared with the other."
    )


class ReleaseDone(Schema):
    """What came of an action."""

    action: str
    name: str
    version: ModelVersionRead | None
    live: LiveVersions
    history: ModelHistoryRead | None

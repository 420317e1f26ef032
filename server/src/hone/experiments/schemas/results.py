"""What experiments came to, as the API gives it."""

from datetime import datetime

from pydantic import Field

from hone.core.schemas import Schema
from hone.experiments.schemas.design import ExperimentRead, Role, VerdictRead


class MeasuredRead(Schema):
    """One measure of one arm."""

    mean: float | None
    low: float | None = Field(
        description="End of the arm's own interval, at the experiment's alpha."
    )
    high: float | None
    n: int = Field(description="Units with a value.")


class ArmResults(Schema):
    """What an arm came to."""

    name: str
    share: float
    units: int
    unnamed: int = Field(description="Calls that named nobody; each is a unit of its own.")
    operations: int
    errors: int
    rescued: int = Field(
        description="Calls for which nothing of the arm was available, and the target answered."
    )
    metrics: dict[str, MeasuredRead]


class CupedRead(Schema):
    """What the time before told."""

    used: bool
    variance_reduction: float = Field(description="The part of the variance that it explains.")


class Comparison(Schema):
    """One arm held against the first by one measure."""

    arm: str
    metric: str
    role: Role
    difference: float | None
    relative: float | None = Field(description="In parts of what the first arm has.")
    low: float | None
    high: float | None
    p: float | None
    significant: bool
    better: bool | None = Field(description="Null where it may as well be chance.")
    method: str
    cuped: CupedRead
    margin: float | None = Field(description="Of a guardrail: what is put up with, in its unit.")
    broken: bool | None = Field(description="Of a guardrail: harm beyond the margin is shown.")
    words: str


class SegmentResult(Schema):
    """One arm held against the first among some of the units."""

    by: str = Field(description="history (new or returning) or key.")
    value: str
    arm: str
    metric: str
    n: int
    difference: float | None
    low: float | None
    high: float | None
    p: float
    q: float = Field(description="p, adjusted for how many segments were looked at.")
    significant: bool


class HistoryPoint(Schema):
    """A difference as of an analysis."""

    at: datetime
    metric: str
    arm: str
    difference: float | None
    low: float | None
    high: float | None


class SampleRatioRead(Schema):
    """Whether units came to the arms as they should."""

    p: float
    ok: bool
    words: str


class ExperimentResults(Schema):
    """What came of an experiment, as of now."""

    experiment: ExperimentRead
    as_of: datetime
    sample_ratio: SampleRatioRead | None = Field(
        description="Null of a bandit, whose shares move, and where nobody came."
    )
    arms: list[ArmResults]
    comparisons: list[Comparison]
    segments: list[SegmentResult] = Field(
        description="Of the primary metric; to find questions by, not to decide by."
    )
    history: list[HistoryPoint]
    verdict: VerdictRead

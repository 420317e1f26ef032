"""A search for parameters, and its trials as the API shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from hone.core.schemas import Schema

TrialState = Literal["running", "complete", "pruned", "failed"]


class SearchRange(Schema):
    """The values that one parameter may have."""

    type: Literal["number", "integer", "choice"]
    low: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)
    log: bool = Field(
        default=False, description="Ten times more is as far as ten times less; `low` is above 0."
    )
    choices: list[Any] | None = Field(default=None, min_length=2, max_length=100)

    @model_validator(mode="after")
    def _fits(self) -> "SearchRange":
        if self.type == "choice":
            if self.choices is None:
                raise ValueError("a choice needs `choices`")
            return self
        if self.low is None or self.high is None or not self.low < self.high:
            raise ValueError("`low` must be less than `high`")
        if self.log and self.low <= 0:
            raise ValueError("with `log`, `low` must be above 0")
        return self

    def ends(self) -> Sequence[Any]:
        """Return the values that show whether all of it is allowed."""
        if self.type == "choice":
            return self.choices or ()
        ends = (self.low, self.high)
        return [int(each or 0) for each in ends] if self.type == "integer" else ends


class Search(Schema):
    """Try parameters and take the best, by examples that are held back for choosing."""

    sampler: Literal["tpe", "random", "grid"] = Field(
        default="tpe", description="`tpe` learns from the trials before (Optuna's default)."
    )
    trials: int = Field(default=20, ge=1, le=1000)
    objective: str | None = Field(
        default=None,
        max_length=80,
        description="A figure of validation examples, as `macroF1`; absent: the engine's own.",
    )
    prune: Literal["none", "median", "asha"] = Field(
        default="none", description="End trials early that learn step by step and do no good."
    )
    timeout: float | None = Field(
        default=None, gt=0, le=30 * 86_400, description="Seconds after which none is begun."
    )
    concurrency: int = Field(
        default=1, ge=1, le=64, description="Trials at once; they share the run's cores and memory."
    )
    space: dict[Annotated[str, Field(max_length=200)], SearchRange] = Field(
        default_factory=dict[str, SearchRange],
        max_length=50,
        description="By parameter, as `regularization.l2`; absent: what the engine proposes.",
    )


class TrialRead(Schema):
    """One try of a search."""

    number: int
    state: TrialState
    params: Mapping[str, Any] = Field(description="By path; of the first one, none: the run's own.")
    value: float | None = Field(description="The objective.")
    figures: Mapping[str, Any] = Field(description="Of validation examples.")
    seconds: float
    error: str | None
    started_at: datetime
    ended_at: datetime | None


class TrialsRead(Schema):
    """The trials of a run, in the order they were begun."""

    objective: str | None
    direction: Literal["maximize", "minimize"] | None
    wanted: int = Field(description="Trials that were asked for; 0: the run searches nothing.")
    best: int | None = Field(description="The number of the best one so far.")
    items: Sequence[TrialRead]

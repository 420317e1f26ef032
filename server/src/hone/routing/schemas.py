"""Learned routing as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from hone.core.schemas import Schema
from hone.llm.unicode import clean

Basis = Literal["told", "observed"]
"""What is learned from: what somebody judged, or what calls tell of themselves."""
MOST_AT_ONCE = 1000
LONGEST_PROMPT = 100_000


def _clean(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=256)]


class Outcome(Schema):
    """How good one answer was, as somebody judged it."""

    prompt: Annotated[str, BeforeValidator(_clean)] | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_PROMPT,
        description="What the user said last.",
    )
    operation: str | None = Field(
        default=None, max_length=80, description="In its place: the call that the answer is of."
    )
    model: Name | None = Field(
        default=None, description="Who answered; of an operation, known without."
    )
    score: float = Field(ge=0, le=1, allow_inf_nan=False, description="0: useless; 1: all right.")
    user: Name | None = Field(
        default=None, description="Whose prompt it is, so that it goes when they are erased."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.prompt is None) == (self.operation is None):
            raise ValueError("give a prompt or an operation")
        if self.prompt is not None and not self.prompt.strip():
            raise ValueError("a prompt has words")
        if self.prompt is not None and self.model is None:
            raise ValueError("name the model that answered")
        return self


class OutcomesTold(Schema):
    """Outcomes to learn from."""

    outcomes: list[Outcome] = Field(min_length=1, max_length=MOST_AT_ONCE)


class OutcomesTaken(Schema):
    """What was taken."""

    taken: int


class OutcomesOfModel(Schema):
    """What was told of one model."""

    model: str
    outcomes: int
    mean: float = Field(description="Mean score.")
    enough: bool = Field(description="Whether a fit would learn of this model.")


class OutcomesRead(Schema):
    """What was told so far, and what a fit needs."""

    prompts: int
    models: list[OutcomesOfModel]
    required: dict[str, int]


class FitBegin(Schema):
    """What to learn from."""

    basis: Basis = Field(
        default="told",
        description="told: outcomes that somebody judged; observed: calls whose answer failed by"
        " their own record. The two are never mixed.",
    )


class Problem(Schema):
    """Why a fit failed, as an error tells it."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class FitRead(Schema):
    """One run of the trainer."""

    id: str
    state: Literal["running", "done", "failed"]
    basis: Basis
    stage: str = Field(description="What it is doing.")
    progress: float = Field(description="0 to 1.")
    problem: Problem | None
    routing_model: str | None = Field(description="What came of it.")
    started_by: str
    started_at: datetime
    finished_at: datetime | None


class CoveredModel(Schema):
    """One model that a routing model knows."""

    model: str | None = Field(description="Null where it was deleted since.")
    outcomes: int
    mean: float = Field(description="Share of good answers.")
    calibration_error: float | None = Field(
        description="How far chances are from what comes true, on prompts that were held out."
    )


class Traffic(Schema):
    """How like what was learned from the latest calls are."""

    prompts: int
    familiar: float = Field(description="Share of prompts that are wholly trusted.")
    doubted: float = Field(description="Share that is drawn towards the prior.")
    strange: float = Field(description="Share that is not trusted at all.")


class Evidence(Schema):
    """What a routing model is worth, measured on prompts that were held out."""

    prompts: int
    compared: int = Field(description="Prompts that all of its models answered.")
    models: list[CoveredModel]
    apgr: float | None = Field(
        description="Mean gap recovered between the cheapest and the best model; 0.5 is chance."
    )
    saved: float | None = Field(
        description="Share of the best model's cost that is saved while 95 % of its quality is kept."
    )
    kept: float | None = Field(description="Share of the best model's quality kept at that.")
    quality_share: float | None = Field(
        description="What quality counts against cost at that: the factors of a route."
    )
    traffic: Traffic | None


class RoutingModelRead(Schema):
    """What was learned once."""

    id: str
    version: int
    state: Literal["candidate", "active", "retired"]
    basis: Basis
    evidence: Evidence
    doubts: list[str] = Field(description="What it may not be trusted on.")
    size: int = Field(description="Bytes of the file.")
    digest: str = Field(description="SHA-256 of the file.")
    created_by: str
    created_at: datetime
    activated_by: str | None
    activated_at: datetime | None
    retired_at: datetime | None
    former: str | None = Field(description="What `undo` goes back to.")


class RoutingState(Schema):
    """How learned routing stands."""

    active: RoutingModelRead | None
    fit: FitRead | None = Field(description="The last one that was begun.")

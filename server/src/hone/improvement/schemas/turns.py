"""Turns as the API takes and gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hone.core.schemas import Schema
from hone.improvement.schemas.policies import ImprovementRelease, Step
from hone.improvement.schemas.triggers import TriggerKind

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
TurnState = Literal[
    "triggered",
    "awaiting_approval",
    "training",
    "gating",
    "shadow",
    "releasing",
    "comparing",
    "promoted",
    "rolled_back",
    "rejected",
    "skipped",
    "failed",
]


class ImprovementRun(Schema):
    """Why a turn is begun now."""

    reason: Words = "asked for"


class TurnChanges(Schema):
    """What is to be otherwise in this turn; the policy stays."""

    params: dict[str, Any] | None = Field(
        default=None, max_length=200, description="Parameters of the training."
    )
    engine: str | None = Field(default=None, min_length=1, max_length=256)
    release: ImprovementRelease | None = None


class TurnApproval(Schema):
    """That a turn may go on, and what is to be otherwise."""

    note: Words = "approved"
    changes: TurnChanges = Field(default_factory=TurnChanges)


class TurnWhy(Schema):
    """Why a turn is ended, or goes on though a gate has not passed."""

    reason: Words


class TurnTrigger(Schema):
    """What began a turn."""

    kinds: Sequence[TriggerKind] = Field(description="Empty where somebody asked for it.")
    words: str
    by: str


class TurnDecisionRead(Schema):
    """One line of a turn's story."""

    at: datetime
    step: TurnState
    decision: str
    who: str
    words: str
    evidence: dict[str, Any]


class TurnRead(Schema):
    """One round of improvement."""

    id: str
    policy: str
    model: str
    state: TurnState
    awaiting: Step | None = Field(description="Which step waits for an approval.")
    words: str
    trigger: TurnTrigger
    run: str | None
    version: str | None = Field(description="The model version that came of it, by its id.")
    version_number: str | None
    release: str | None
    experiment: str | None
    cost_usd: float = Field(description="Of its training.")
    actions: Sequence[Literal["approve", "reject", "override"]] = Field(
        description="What can be done now."
    )
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class TurnStory(TurnRead):
    """One round with its whole story."""

    plan: dict[str, Any] = Field(description="The policy as it was when the turn began.")
    evidence: dict[str, Any] = Field(description="What the last decision was made on.")
    timeline: Sequence[TurnDecisionRead] = Field(description="Oldest first.")

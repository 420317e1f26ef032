"""Tables of improvement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base

_NONE = text("'{}'")


class Policy(Base):
    """When a model learns anew by itself, how much that may take, and who is asked."""

    __tablename__ = "improvement_policies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    model: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    job: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """A training job, as `POST /api/training/runs` takes it."""
    triggers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    debounce_seconds: Mapped[int] = mapped_column(Integer)
    least_new: Mapped[int] = mapped_column(Integer)
    budget: Mapped[dict[str, Any]] = mapped_column(JSONB)
    approvals: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=_NONE)
    release: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fired_at: Mapped[datetime | None]
    """Since when a trigger fires."""
    looked_at: Mapped[datetime | None]
    looked: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What was seen when somebody looked last, as the API shows it."""
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), default=1)
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Turn(Base):
    """One round: from what began it to a version that is live, or to the reason why none is."""

    __tablename__ = "improvement_turns"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    policy_id: Mapped[UUID]
    model: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'triggered'"), default="triggered")
    awaiting: Mapped[str | None]
    """Which step waits for somebody: train or release."""
    asked: Mapped[bool]
    """Somebody asked for it: what was rolled back may be tried again."""
    trigger: Mapped[dict[str, Any]] = mapped_column(JSONB)
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The policy as it was when the turn began, with what was changed at an approval."""
    approved: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=_NONE)
    gate: Mapped[str | None]
    """What the gates said of its version: passed or refused."""
    override: Mapped[str | None]
    """Why it is released though a gate has not passed."""
    signature: Mapped[str | None]
    run_id: Mapped[UUID | None]
    version_id: Mapped[UUID | None]
    shadow_id: Mapped[UUID | None]
    release_id: Mapped[UUID | None]
    experiment_id: Mapped[UUID | None]
    cost: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """Of its run, in pico-dollars."""
    words: Mapped[str]
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class TurnDecision(Base):
    """What was decided in a turn, by whom and on what; only ever added."""

    __tablename__ = "improvement_decisions"

    turn_id: Mapped[UUID] = mapped_column(ForeignKey("improvement_turns.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    organization_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    step: Mapped[str]
    decision: Mapped[str]
    who: Mapped[str]
    words: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_NONE, default=dict)

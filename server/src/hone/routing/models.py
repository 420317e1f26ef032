"""Tables of learned routing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, REAL, ForeignKey, Integer, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class RoutingModel(Base):
    """What was learned once: a file in the storage, its evidence, and whether calls use it."""

    __tablename__ = "routing_models"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    """candidate, active or retired; one is active at most."""
    basis: Mapped[str]
    """told or observed: what its outcomes came from."""
    digest: Mapped[str]
    """SHA-256 of the file, and its address in the storage."""
    size: Mapped[int] = mapped_column(Integer)
    models: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    card: Mapped[dict[str, float]] = mapped_column(JSONB)
    traffic: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    activated_by: Mapped[str | None]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    former_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("routing_models.id", ondelete="SET NULL")
    )
    """The one that was active before it, for going back."""


class RoutingFit(Base):
    """One run of the trainer: how far it is, and what came of it."""

    __tablename__ = "routing_fits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    state: Mapped[str]
    """running, done or failed; one runs at most."""
    basis: Mapped[str]
    stage: Mapped[str]
    progress: Mapped[float] = mapped_column(REAL)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why it failed, as an error of the API."""
    model_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("routing_models.id", ondelete="SET NULL")
    )
    started_by: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class RoutingOutcome(Base):
    """How good models' answers to one prompt were, as somebody told."""

    __tablename__ = "routing_outcomes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    digest: Mapped[bytes]
    """Of the prompt under the organization's key, or of the operation's id: what is told once more
    is the same row."""
    operation_id: Mapped[UUID | None]
    """Whose prompt it is; the text lies with its contents."""
    key_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None]
    user_id: Mapped[str | None]
    scores: Mapped[dict[str, float]] = mapped_column(JSONB)
    """From 0 to 1, by the model's id."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

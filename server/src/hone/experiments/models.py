"""Tables of experiments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Experiment(Base):
    """Arms that share the calls of one name, and what is to be learned from it."""

    __tablename__ = "experiments"
    __table_args__ = (
        Index("experiments_page", "organization_id", text("id DESC")),
        Index(
            "experiments_under_way",
            "organization_id",
            "target",
            unique=True,
            postgresql_where=text("state IN ('running', 'paused')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    hypothesis: Mapped[str]
    target: Mapped[str]
    """What clients send as `model`."""
    unit: Mapped[str]
    coverage: Mapped[float]
    state: Mapped[str]
    """draft, running, paused, stopped or decided."""
    arms: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """`name`, `kind`, `ref`, `share` and `prompt` of each; the first is what the others are held to."""
    metrics: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    method: Mapped[str]
    alpha: Mapped[float]
    power: Mapped[float]
    minimum_effect: Mapped[float]
    mode: Mapped[str]
    """fixed, or bandit: shares follow what is learned."""
    max_days: Mapped[int | None] = mapped_column(Integer)
    """It is stopped when it has run so long."""
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    started_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]
    decided: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The arm, who said so and why, and whether it stands in the place of the target."""
    looked_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    """When a bandit last gave shares."""


class TrafficSplit(Base):
    """What splits the calls of a name: one experiment, or one release."""

    __tablename__ = "traffic_splits"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    claimed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class ExperimentLook(Base):
    """One analysis that was made, with the verdict as of then; rows are only added."""

    __tablename__ = "experiment_looks"
    __table_args__ = (
        UniqueConstraint("experiment_id", "number"),
        Index("experiment_looks_page", "organization_id", "experiment_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    experiment_id: Mapped[UUID] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    number: Mapped[int] = mapped_column(Integer)
    units: Mapped[int]
    """Of all arms."""
    numbers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSONB)

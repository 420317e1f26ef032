"""Tables of the operations domain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Operation(Base):
    """One recorded model call; partitioned by month of `created_at`, which its id tells too."""

    __tablename__ = "operations"
    __table_args__ = (
        Index(
            "operations_page",
            "organization_id",
            text("created_at DESC"),
            text("id DESC"),
        ),
        Index(
            "operations_external",
            "organization_id",
            "external_id",
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "operations_conversation",
            "organization_id",
            "conversation_id",
            "created_at",
            postgresql_where=text("conversation_id IS NOT NULL"),
        ),
        Index(
            "operations_user",
            "organization_id",
            "user_id",
            "created_at",
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "operations_failed",
            "organization_id",
            "created_at",
            postgresql_where=text("status <> 'success'"),
        ),
        Index(
            "operations_batch",
            "organization_id",
            "batch_id",
            "created_at",
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
        Index(
            "operations_split",
            "organization_id",
            "split_id",
            "created_at",
            postgresql_where=text("split_id IS NOT NULL"),
        ),
        Index(
            "operations_shadow",
            "organization_id",
            "created_at",
            postgresql_where=text("arm = 'shadow'"),
        ),
        Index("operations_scan", "created_at", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    status: Mapped[str]
    http_status: Mapped[int | None] = mapped_column(SmallInteger)
    error_code: Mapped[str | None]
    finish_reason: Mapped[str | None]
    route: Mapped[str | None]
    route_id: Mapped[UUID | None]
    model: Mapped[str]
    model_id: Mapped[UUID | None]
    provider: Mapped[str | None]
    upstream: Mapped[str | None]
    key_id: Mapped[UUID | None]
    user_id: Mapped[str | None]
    conversation_id: Mapped[str | None]
    external_id: Mapped[str | None]
    stream: Mapped[bool] = mapped_column(server_default="false", default=False)
    input_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    output_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    cached_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    written_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    written_hour_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    reasoning_tokens: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    usage_estimated: Mapped[bool] = mapped_column(server_default="false", default=False)
    cost: Mapped[int] = mapped_column(server_default="0", default=0)
    revenue: Mapped[int | None]
    price_id: Mapped[UUID | None]
    latency_ms: Mapped[float | None] = mapped_column(REAL)
    ttft_ms: Mapped[float | None] = mapped_column(REAL)
    overhead_ms: Mapped[float | None] = mapped_column(REAL)
    confidence: Mapped[float | None] = mapped_column(REAL)
    satisfaction_score: Mapped[float | None] = mapped_column(REAL)
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", default=list
    )
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSONB(none_as_null=True))
    held_to: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The limits that held this call, and the process that held it to them."""
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why its first target was chosen, where a policy compares them: `reasons` tells."""
    batch_id: Mapped[UUID | None]
    split_id: Mapped[UUID | None]
    """The experiment or release whose arm it met."""
    arm: Mapped[str | None]
    chance: Mapped[float | None] = mapped_column(REAL)
    split_unit: Mapped[int | None]
    """What stays in one arm, as a digest; None where the call named nothing that could."""
    rescued: Mapped[bool] = mapped_column(server_default="false", default=False)
    """Nothing of its arm was available, and what would have answered without a split did."""


class SplitUnit(Base):
    """Who met which arm of a split, and what their calls came to; written with the operations."""

    __tablename__ = "split_units"
    __table_args__ = (
        Index(
            "split_units_before",
            "organization_id",
            "split_id",
            postgresql_where=text("pre_at IS NULL"),
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    split_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    named: Mapped[bool]
    """False for a call that named nothing, and is a unit of its own."""
    chance: Mapped[float] = mapped_column(REAL)
    key_id: Mapped[UUID | None]
    first_at: Mapped[datetime]
    operations: Mapped[int]
    errors: Mapped[int]
    rescued: Mapped[int]
    timed: Mapped[int]
    """How many have a latency."""
    latency_ms: Mapped[float]
    cost: Mapped[float]
    """Pico-dollars."""
    tokens: Mapped[int]
    pre_at: Mapped[datetime | None]
    """When it was looked at what it did before; None: not yet."""
    pre_operations: Mapped[int | None]
    pre_errors: Mapped[int | None]
    pre_timed: Mapped[int | None]
    pre_latency_ms: Mapped[float | None]
    pre_cost: Mapped[float | None]
    pre_tokens: Mapped[int | None]
    pre_said: Mapped[dict[str, list[float]] | None] = mapped_column(JSONB)
    """How often something was said of its answers, and what that adds up to, by measure."""


class SplitFeedback(Base):
    """What was said of a unit's answers, by measure; triggers on feedback keep it."""

    __tablename__ = "split_feedback"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    split_id: Mapped[UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    total: Mapped[float]


class OperationContent(Base):
    """What was asked and answered, sealed; apart, so that it can be lost alone."""

    __tablename__ = "operation_contents"
    __table_args__ = ({"postgresql_partition_by": "RANGE (created_at)"},)

    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    key_id: Mapped[UUID]
    sealed: Mapped[bytes]


class OperationMinute(Base):
    """Sums of one minute, by model, route and status; `latency` counts as `buckets` says."""

    __tablename__ = "operation_minutes"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    requests: Mapped[int]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost: Mapped[int]
    latency: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    ttft: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class OperationView(Base):
    """A choice of filters and columns that somebody kept under a name."""

    __tablename__ = "operation_views"
    __table_args__ = (UniqueConstraint("organization_id", "owner", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    owner: Mapped[str]
    name: Mapped[str]
    query: Mapped[dict[str, Any]] = mapped_column(JSONB)
    columns: Mapped[list[str]]
    shared: Mapped[bool] = mapped_column(server_default="false", default=False)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class SpoolMark(Base):
    """How far the drain has read one lane of the spool; moves in the transaction of the rows."""

    __tablename__ = "spool_marks"

    lane: Mapped[str] = mapped_column(primary_key=True)
    segment: Mapped[int] = mapped_column(Integer)
    position: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    finished_at: Mapped[datetime | None]


class Quarantine(Base):
    """A frame of the spool that could not be stored, and why."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("lane", "segment", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None]
    lane: Mapped[str]
    segment: Mapped[int] = mapped_column(Integer)
    position: Mapped[int]
    reason: Mapped[str]
    raw: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

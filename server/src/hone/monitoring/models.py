"""Tables of monitoring."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Double, ForeignKey, Integer, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base

_EMPTY = text("'{}'")


class Monitor(Base):
    """What is watched, by which rule, and how it stood when it was measured last."""

    __tablename__ = "monitors"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    kind: Mapped[str]
    model: Mapped[str | None]
    route: Mapped[str | None]
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    preset: Mapped[str | None]
    """Which of those it is that every organization has."""
    enabled: Mapped[bool] = mapped_column(server_default="true", default=True)
    state: Mapped[str] = mapped_column(server_default=text("'no_data'"), default="no_data")
    words: Mapped[str] = mapped_column(server_default=text("''"), default="")
    value: Mapped[float | None] = mapped_column(Double)
    low: Mapped[float | None] = mapped_column(Double)
    high: Mapped[float | None] = mapped_column(Double)
    n: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    memory: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY, default=dict)
    """What the next measurement wants to know of this one."""
    measured_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), default=1)
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MonitorPoint(Base):
    """What a monitor measured in five minutes, of everything or of one slice."""

    __tablename__ = "monitor_points"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    monitor_id: Mapped[UUID] = mapped_column(
        ForeignKey("monitors.id", ondelete="CASCADE"), primary_key=True
    )
    slice: Mapped[str] = mapped_column(primary_key=True, server_default=text("''"))
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float | None] = mapped_column(Double)
    low: Mapped[float | None] = mapped_column(Double)
    high: Mapped[float | None] = mapped_column(Double)
    n: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)


class Alert(Base):
    """Something that somebody should know, from the moment it began until it is over."""

    __tablename__ = "alerts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    monitor_id: Mapped[UUID | None] = mapped_column(ForeignKey("monitors.id", ondelete="SET NULL"))
    key: Mapped[str]
    """The cause: of one there is one alert that is not resolved."""
    kind: Mapped[str]
    severity: Mapped[str]
    state: Mapped[str]
    model: Mapped[str | None]
    route: Mapped[str | None]
    title: Mapped[str]
    words: Mapped[str]
    recommendation: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY, default=dict)
    seen: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    """How often it was measured while it was open."""
    reopened: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    clear_since: Mapped[datetime | None]
    """Since when nothing is seen of it any more; after a while it is resolved."""
    told_at: Mapped[datetime | None]
    """When channels were told last that it is open."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    silenced_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    note: Mapped[str | None]


class AlertSilence(Base):
    """Until when a cause rings nobody."""

    __tablename__ = "alert_silences"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    key: Mapped[str]
    until: Mapped[datetime]
    reason: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AlertChannel(Base):
    """Where alerts go."""

    __tablename__ = "alert_channels"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    kind: Mapped[str]
    target: Mapped[str]
    """What of the address is no secret: whom, or which host."""
    recipients: Mapped[list[str]] = mapped_column(server_default=_EMPTY, default=list)
    networks: Mapped[list[str]] = mapped_column(server_default=_EMPTY, default=list)
    """Networks beyond the public internet that it may reach."""
    sealed: Mapped[bytes | None]
    severity: Mapped[str]
    """The least that it tells at once."""
    digest: Mapped[bool]
    enabled: Mapped[bool] = mapped_column(server_default="true", default=True)
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), default=1)
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AlertDelivery(Base):
    """One message to one channel, until it arrived or was given up."""

    __tablename__ = "alert_deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("alert_channels.id", ondelete="CASCADE"))
    alert_id: Mapped[UUID | None] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    event: Mapped[str]
    round: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    message: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Raised by each worker that takes it: the fencing token."""
    maybe_twice: Mapped[bool] = mapped_column(server_default="false", default=False)
    """A worker was lost while it sent: it may have arrived before."""
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class ErrorPattern(Base):
    """Errors that read alike."""

    __tablename__ = "error_patterns"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    code: Mapped[str]
    template: Mapped[str]
    models: Mapped[list[str]] = mapped_column(server_default=_EMPTY)
    seen: Mapped[int]
    examples: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=_EMPTY)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class MetricReport(Base):
    """A report that is given again for five minutes."""

    __tablename__ = "metric_reports"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)

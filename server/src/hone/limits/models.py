"""Tables of the limits domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Limit(Base):
    """How much of something one subject may use in one window."""

    __tablename__ = "limits"
    __table_args__ = (
        CheckConstraint("amount >= 0"),
        CheckConstraint("(measure = 'concurrency') = (period IS NULL)"),
        UniqueConstraint(
            "organization_id",
            "subject_kind",
            "subject_id",
            "measure",
            "period",
            name="limits_once",
            postgresql_nulls_not_distinct=True,
        ),
        Index("limits_page", "organization_id", text("id DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    measure: Mapped[str]
    period: Mapped[str | None]
    """Nothing for concurrency."""
    amount: Mapped[int]
    """Money is in pico-dollars."""
    on_store_loss: Mapped[str] = mapped_column(server_default=text("'deny'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LimitWindow(Base):
    """What of one window of a limit is leased or used up; concurrency has one, at the epoch."""

    __tablename__ = "limit_windows"

    limit_id: Mapped[UUID] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    granted: Mapped[int] = mapped_column(server_default=text("0"))
    """The sum of its leases."""
    refused_at: Mapped[datetime | None]
    """When a call was first refused."""
    told: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))
    """The steps, in per cent, that were told of."""


class LimitLease(Base):
    """What of one window a server process owns; once it has died, what it used."""

    __tablename__ = "limit_leases"
    __table_args__ = (Index("limit_leases_open", "holder", postgresql_where=text("NOT closed")),)

    limit_id: Mapped[UUID] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    holder: Mapped[UUID] = mapped_column(primary_key=True)
    """The process, by the name of its lane in the spool."""
    organization_id: Mapped[UUID]
    granted: Mapped[int]
    turn: Mapped[int]
    """Which of the holder's statements this comes from; an older one that comes late is void."""
    closed: Mapped[bool] = mapped_column(server_default=text("false"))


class LimitHolder(Base):
    """When a server process was last heard of."""

    __tablename__ = "limit_holders"

    holder: Mapped[UUID] = mapped_column(primary_key=True)
    renewed_at: Mapped[datetime]


class LimitUse(Base):
    """What the calls of one process used of one window: a sum of operations, kept by a trigger."""

    __tablename__ = "limit_uses"

    limit_id: Mapped[UUID] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    holder: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    used: Mapped[int]

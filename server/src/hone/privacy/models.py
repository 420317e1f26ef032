"""Tables of the privacy domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Erasure(Base):
    """One erasure. Whom it is about is sealed while it runs; then a keyed digest is all that is left."""

    __tablename__ = "erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[str]
    digest: Mapped[bytes]
    sealed: Mapped[bytes | None]
    state: Mapped[str]
    step: Mapped[str]
    planned: Mapped[dict[str, int | None]] = mapped_column(JSONB)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Rule(Base):
    """How many days an organization keeps one kind of data; null: for ever.

    The days of operations stand in the organization's row, where the server before reads them.
    """

    __tablename__ = "retention_rules"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime]


class Run(Base):
    """What one night's run deleted so far of an organization; told once it is finished."""

    __tablename__ = "retention_runs"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_at: Mapped[datetime] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None]

"""Tables of the health domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class ServerProcess(Base):
    """A server process, and when it was last heard of."""

    __tablename__ = "server_processes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class OpenCircuit(Base):
    """A model that a process leaves alone until some moment; without a row a circuit is closed."""

    __tablename__ = "open_circuits"
    __table_args__ = (Index("open_circuits_process", "process_id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    model_id: Mapped[UUID] = mapped_column(primary_key=True)
    process_id: Mapped[UUID] = mapped_column(
        ForeignKey("server_processes.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
    until: Mapped[datetime]
    """From then on one call at a time finds out whether it is well: the circuit is half open."""
    reason: Mapped[str]
    """The code of the error that opened it."""
    asked: Mapped[float | None] = mapped_column(Double)
    """Seconds that the provider asked for, by Retry-After or the like."""

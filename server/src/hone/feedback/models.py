"""Tables of feedback."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import REAL, Computed, Double, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Feedback(Base):
    """What somebody said of one answer, or of one conversation; said again, it is the same row."""

    __tablename__ = "feedback"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    digest: Mapped[bytes]
    """Who, of what, by which measure; or the client's own key for it."""
    said: Mapped[bytes]
    """Digest of all that was said, so that a request which is sent again changes nothing."""
    state: Mapped[str]
    """received until a worker has settled it, then accepted, held or rejected."""
    reason: Mapped[str | None]
    """Why it is held or rejected, as a code."""
    kind: Mapped[str]
    metric: Mapped[str]
    operation_id: Mapped[UUID | None]
    """May name a call that is not drained yet, while the state is received."""
    conversation_id: Mapped[str | None]
    model: Mapped[str | None]
    model_id: Mapped[UUID | None]
    route: Mapped[str | None]
    confidence: Mapped[float | None] = mapped_column(REAL)
    """Of the answer, as its model had it."""
    actor: Mapped[str]
    user_id: Mapped[str | None]
    """The client's user, in whose name the actor says it."""
    person: Mapped[str] = mapped_column(Computed("coalesce(user_id, actor)", persisted=True))
    positive: Mapped[bool | None]
    score: Mapped[float | None] = mapped_column(REAL)
    """0 to 1, whatever the measure."""
    value: Mapped[float | None] = mapped_column(Double)
    """The number as it was told."""
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    was_used: Mapped[bool | None]
    was_helpful: Mapped[bool | None]
    corrected: Mapped[bool] = mapped_column(server_default="false")
    commented: Mapped[bool] = mapped_column(server_default="false")
    given: Mapped[str | None]
    """The label that was answered."""
    expected: Mapped[str | None]
    """The label that is right."""
    answer: Mapped[bytes | None]
    """Digest of the right answer under the organization's key: whether two people agree."""
    sentiment: Mapped[float | None] = mapped_column(REAL)
    quality: Mapped[float | None] = mapped_column(REAL)
    key_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None]
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When a worker looks at it next, while it is received."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    settled_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]


class Verdict(Base):
    """What was decided of a person whose feedback was held."""

    __tablename__ = "feedback_people"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    """trusted or barred."""
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Signal(Base):
    """What a call tells of its answer though nobody said a word."""

    __tablename__ = "feedback_signals"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    """observed by a worker, or told by a client's program."""
    model: Mapped[str]
    route: Mapped[str | None]
    conversation_id: Mapped[str | None]
    user_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

"""Tables of releases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Release(Base):
    """One version on its way to the traffic of a name, by a plan."""

    __tablename__ = "releases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    environment: Mapped[str]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("model_versions.id"))
    former_id: Mapped[UUID | None] = mapped_column(ForeignKey("model_versions.id"))
    """What was live when it began; None: nothing."""
    strategy: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    override: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why it is released though a gate has not passed."""
    state: Mapped[str]
    step: Mapped[int] = mapped_column(Integer, default=0)
    share: Mapped[float | None]
    """Part of the units that the candidate answers; None: the gateway splits nothing."""
    shadow: Mapped[bool] = mapped_column(default=False)
    """Whether the candidate gets copies of calls."""
    held_by: Mapped[str | None]
    """person, approval or signal: what it waits for while it holds."""
    ends_as: Mapped[str | None]
    """What it becomes once it has gone back: rolled_back, cancelled or failed."""
    promoted: Mapped[bool] = mapped_column(default=False)
    """Whether the history says that the candidate is live."""
    reason: Mapped[str]
    words: Mapped[str]
    """How it stands, in a sentence."""
    approvals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    splits: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    """Under what the log knows each step, the first one under the release's own id; empty: all under that."""
    experiment_id: Mapped[UUID | None] = mapped_column(ForeignKey("experiments.id"))
    """Which experiment showed that it is better."""
    kept_until: Mapped[datetime | None]
    """So long the version before stays loaded after it has succeeded."""
    moves: Mapped[int] = mapped_column(Integer, default=0)
    """How often it moved: what was found out before a move counts no more after it."""
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    started_at: Mapped[datetime | None]
    step_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None]


class ReleaseEvent(Base):
    """One line of a release's timeline; rows are only ever added."""

    __tablename__ = "release_events"

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    release_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str]
    step: Mapped[int] = mapped_column(Integer)
    share: Mapped[float | None]
    actor: Mapped[str]
    words: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class ReleaseWatch(Base):
    """What was counted since the last move; written every second, and no part of what the gateway is told."""

    __tablename__ = "release_watches"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    moves: Mapped[int] = mapped_column(Integer)
    """Of the release when this was begun; at another number it begins anew."""
    seconds: Mapped[float]
    """That passed while somebody looked: a clock that is set, or an hour without a worker, is none."""
    looked_at: Mapped[datetime]
    measured_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)

"""Tables of trained models; their rows are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class ModelVersion(Base):
    """One version of a trained model: where its files lie, what it was made of, what it is worth."""

    __tablename__ = "model_versions"
    __table_args__ = (UniqueConstraint("organization_id", "name", "major", "minor", "patch"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    major: Mapped[int] = mapped_column(Integer)
    minor: Mapped[int] = mapped_column(Integer)
    patch: Mapped[int] = mapped_column(Integer)
    task: Mapped[str]
    engine: Mapped[str]
    run_id: Mapped[UUID | None]
    dataset_id: Mapped[UUID | None]
    dataset_version_id: Mapped[UUID | None]
    dataset_digest: Mapped[str | None]
    digest: Mapped[str]
    """Of its manifest, and so of every file; empty where it has none."""
    size: Mapped[int]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """`[{"name", "size", "sha256"}]`: the checksum is the address in the storage."""
    labels: Mapped[list[str]]
    configuration: Mapped[dict[str, Any]] = mapped_column(JSONB)
    card: Mapped[dict[str, Any]] = mapped_column(JSONB)
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    gate: Mapped[dict[str, Any]] = mapped_column(JSONB)
    champion_id: Mapped[UUID | None] = mapped_column(ForeignKey("model_versions.id"))
    """What it was compared with: the version that was live."""
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    @property
    def version(self) -> str:
        """Write the number: `1.2.0`."""
        return f"{self.major}.{self.minor}.{self.patch}"


class History(Base):
    """What happened to what serves a name: the newest row of an environment says what is live."""

    __tablename__ = "model_history"

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    environment: Mapped[str | None]
    """None where a version was deprecated, which changes nothing of what is live; `canary` of a candidate."""
    action: Mapped[str]
    """promoted, rolled_back, deprecated or retired."""
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("model_versions.id"))
    """What is live from then on; None: nothing."""
    former_id: Mapped[UUID | None] = mapped_column(ForeignKey("model_versions.id"))
    actor: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the gates said at that moment."""
    override: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

"""Tables of the registry."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Provider(Base):
    """Someone who serves models, and the sealed credential to call them."""

    __tablename__ = "providers"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 120"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    kind: Mapped[str]
    base_url: Mapped[str]
    credential: Mapped[bytes | None]
    networks: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Model(Base):
    """Something that can be called, under the organization's own name for it."""

    __tablename__ = "models"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 256"),
        CheckConstraint("length(upstream) BETWEEN 1 AND 256"),
        CheckConstraint("quality BETWEEN 0 AND 1"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"))
    upstream: Mapped[str]
    catalogue_id: Mapped[str | None]
    context_tokens: Mapped[int | None] = mapped_column(Integer)
    output_tokens: Mapped[int | None] = mapped_column(Integer)
    modalities: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    """What the operator says that it takes; None: as the catalogue says."""
    capabilities: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    """What the operator says that it can do; None: as the catalogue says."""
    region: Mapped[str | None]
    quality: Mapped[float | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Price(Base):
    """A model's price from a moment on, in pico-dollars per token; rows are only ever added."""

    __tablename__ = "prices"
    __table_args__ = (
        Index(
            "prices_in_force",
            "organization_id",
            "model_id",
            text("effective_from DESC"),
            text("id DESC"),
        ),
        CheckConstraint("input >= 0"),
        CheckConstraint("output >= 0"),
        CheckConstraint("cached_input >= 0"),
        CheckConstraint("cache_write >= 0"),
        CheckConstraint("batch_percent BETWEEN 0 AND 100"),
        CheckConstraint("cache_write_hour >= 0"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    model_id: Mapped[UUID]
    input: Mapped[int]
    output: Mapped[int]
    cached_input: Mapped[int | None]
    cache_write: Mapped[int | None]
    batch_percent: Mapped[int | None] = mapped_column(Integer)
    """How much of it a call of a batch pays; None: all of it."""
    cache_write_hour: Mapped[int | None]
    source: Mapped[str]
    effective_from: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Route(Base):
    """A name that clients send as `model`, and what may answer it."""

    __tablename__ = "routes"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    policy: Mapped[str]
    targets: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    """`[{"model": <hex id>, "weight": 0.4}]`: by id, so that a model can be renamed."""
    fallbacks: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Hex ids of models."""
    deadlines: Mapped[dict[str, float]] = mapped_column(JSONB, server_default=text("'{}'"))
    """What differs from the gateway's own deadlines, in seconds."""
    settings: Mapped[dict[str, object]] = mapped_column(JSONB, server_default=text("'{}'"))
    """What the policy needs: factors, exploration, regions; what is absent is the default."""
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Version(Base):
    """What a provider, a model or a route was; rows are only ever added, and outlive it."""

    __tablename__ = "registry_versions"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str]
    restored: Mapped[int | None] = mapped_column(Integer)
    """The version that this one is equal to again."""
    actor: Mapped[str | None]
    """None for a version that was there before versions were kept."""
    state: Mapped[dict[str, object]] = mapped_column(JSONB)
    """By names, as the audit trail tells it; a route's also has the ids of its models."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

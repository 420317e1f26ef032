"""Tables of datasets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, REAL, Double, ForeignKey, Integer, SmallInteger, Uuid, func, text
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, JSONB
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Dataset(Base):
    """A named collection of examples of one kind, and the key that they are sealed under."""

    __tablename__ = "datasets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    kind: Mapped[str]
    """intent, entity, response, chat or preference."""
    description: Mapped[str] = mapped_column(server_default=text("''"), default="")
    collects: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Models and routes whose corrected answers become examples here."""
    trusted: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Whose corrections count as validated at once; `*` is everybody."""
    retention_days: Mapped[int | None] = mapped_column(Integer)
    merged: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """How many examples came again and were not kept twice."""
    sealed_key: Mapped[bytes]
    """The key of its examples, sealed under the organization's."""
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Example(Base):
    """One example; what it says is sealed."""

    __tablename__ = "examples"

    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    dataset_id: Mapped[UUID] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    digest: Mapped[bytes]
    """Of input and output under the dataset's key: an exact duplicate is seen before it is kept."""
    input_digest: Mapped[bytes]
    """Of the input: the same question with another answer contradicts."""
    near_digest: Mapped[bytes]
    """Of the input's words, whatever their case and punctuation: what may not be in two splits."""
    sealed: Mapped[bytes]
    bytes: Mapped[int] = mapped_column(Integer)
    label: Mapped[str | None]
    source: Mapped[str]
    quality: Mapped[float] = mapped_column(REAL)
    weight: Mapped[float] = mapped_column(REAL)
    status: Mapped[str]
    split: Mapped[str | None]
    """Where it is for good: told at the import, or drawn at the first freeze that had it."""
    reviewer: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    person: Mapped[str | None]
    """Of whom it tells: an end user, or who corrected."""
    operation_id: Mapped[UUID | None]
    conversation_id: Mapped[str | None]
    feedback_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    knowledge_id: Mapped[UUID | None]
    """The knowledge source that it is a page of."""
    file: Mapped[str | None]
    line: Mapped[int | None] = mapped_column(Integer)
    held: Mapped[MultiRange[int]] = mapped_column(INT4MULTIRANGE, server_default=text("'{}'"))
    """The numbers of the versions that hold it, as ranges."""
    said_at: Mapped[datetime | None]
    """When what it tells of was said, where that is known; else it is as old as the example."""
    erased_at: Mapped[datetime | None]
    """Set by an erasure; it is nowhere shown, and goes when no version holds it any more."""
    updated_at: Mapped[datetime]


class DatasetCount(Base):
    """How many examples there are of each sort; kept by triggers."""

    __tablename__ = "dataset_counts"

    dataset_id: Mapped[UUID] = mapped_column(
        ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """Tenths of quality, 0 to 9."""
    organization_id: Mapped[UUID]
    examples: Mapped[int]
    quality: Mapped[float] = mapped_column(Double)
    """The sum."""


class Version(Base):
    """What a dataset was at one moment, for ever: a manifest, and sealed bytes in the storage."""

    __tablename__ = "dataset_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    dataset_id: Mapped[UUID] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    digest: Mapped[str]
    """Of the content, whatever ids its examples have; an erasure does not change it."""
    examples: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column("bytes")
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_key: Mapped[bytes | None]
    parts: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    erasures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """When examples were taken out for somebody's sake, and how many."""
    gone_at: Mapped[datetime | None]
    """When retention took its content; the manifest stays."""
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Check(Base):
    """One search for duplicates, wrong labels and the like: how far it is, and what came of it."""

    __tablename__ = "dataset_checks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    dataset_id: Mapped[UUID] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    kinds: Mapped[list[str]]
    state: Mapped[str]
    """running, done, failed or cancelled; one of a dataset runs at most."""
    stage: Mapped[str]
    progress: Mapped[float] = mapped_column(REAL)
    summary: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seconds: Mapped[int] = mapped_column(Integer, server_default=text("3600"), default=3600)
    """So long it may take, from its start; whoever goes on with it has what is left."""
    finished: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    """The parts that are done, and are not done again after a kill."""
    scanned_to: Mapped[UUID | None]
    """The last example in which personal data was looked for."""
    started_by: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class Finding(Base):
    """Something about examples that a person should decide."""

    __tablename__ = "dataset_findings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    dataset_id: Mapped[UUID] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    kind: Mapped[str]
    key: Mapped[bytes]
    """Tells the same finding again: one that was dismissed does not come back."""
    examples: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    score: Mapped[float] = mapped_column(REAL)
    suggestion: Mapped[str]
    label: Mapped[str | None]
    """What a wrong label should be."""
    reason: Mapped[str] = mapped_column(server_default=text("''"), default="")
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(server_default=text("'open'"), default="open")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Knowledge(Base):
    """A page, FAQ or document of the organization; what it says are examples that name it."""

    __tablename__ = "knowledge_sources"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    dataset_id: Mapped[UUID] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    name: Mapped[str]
    url: Mapped[str | None]
    """Where it is read from; None for one that was uploaded."""
    every_hours: Mapped[int | None] = mapped_column(Integer)
    """How often it is read again; None: when somebody asks."""
    format: Mapped[str | None]
    """html, pdf, text or faq: what was read last."""
    state: Mapped[str]
    """waiting, current or failed; a failed one keeps the pages it had."""
    problem: Mapped[str | None]
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """In a row."""
    digest: Mapped[bytes | None]
    """Of the bytes that were read last."""
    etag: Mapped[str | None]
    passages: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """How many examples it has."""
    checked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Of the worker that reads it: only the last to take it may write."""
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

"""Tables of files and batches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base

ACTIVE = ("validating", "in_progress", "finalizing", "cancelling")
"""The states of a batch that is not over."""


class File(Base):
    """A file, and the key of its bytes; they lie sealed in the storage, in parts."""

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("length(filename) <= 512"),
        Index("files_page", "organization_id", text("id DESC"), postgresql_where=text("complete")),
        Index("files_expiry", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        Index("files_begun", "created_at", postgresql_where=text("NOT complete")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    owner: Mapped[str]
    """The key or person that it belongs to, by its public id."""
    filename: Mapped[str]
    purpose: Mapped[str]
    size: Mapped[int] = mapped_column("bytes", server_default=text("0"), default=0)
    sealed_key: Mapped[bytes]
    """The key of its parts, sealed under the organization's."""
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'"))
    """Where the parts lie, in their order; noted before they are stored."""
    complete: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]


class BlobRemoval(Base):
    """A part of a file that is gone, to be removed from the storage."""

    __tablename__ = "blob_removals"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Batch(Base):
    """Many calls, made in the background, and how far they are."""

    __tablename__ = "batches"
    __table_args__ = (
        Index("batches_page", "organization_id", text("id DESC")),
        Index(
            "batches_active",
            "organization_id",
            "input_file_id",
            postgresql_where=text(
                "status IN ('validating', 'in_progress', 'finalizing', 'cancelling')"
            ),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    owner: Mapped[str]
    key_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    """In whose name the calls are made: a key's or a person's."""
    endpoint: Mapped[str]
    input_file_id: Mapped[UUID]
    output_file_id: Mapped[UUID | None]
    error_file_id: Mapped[UUID | None]
    completion_window: Mapped[str]
    output_expires_after: Mapped[int | None]
    """Seconds that its files are kept; None: until somebody deletes them."""
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSONB(none_as_null=True))
    status: Mapped[str] = mapped_column(server_default=text("'validating'"), default="validating")
    errors: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    """Why it failed as a whole; what a line failed of stands in the error file."""
    model: Mapped[str | None]
    """What its lines ask for, where all ask for the same."""
    total: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    completed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    failed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    input_tokens: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    cached_tokens: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    output_tokens: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    reasoning_tokens: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    cost: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    """In pico-dollars."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    in_progress_at: Mapped[datetime | None]
    finalizing_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    cancelling_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class BatchAnswer(Base):
    """What came of one line, sealed, until all of them become files."""

    __tablename__ = "batch_answers"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    organization_id: Mapped[UUID]
    succeeded: Mapped[bool]
    sealed: Mapped[bytes]

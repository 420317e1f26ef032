"""What the privacy API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from hone.core import ids
from hone.core.schemas import Schema


def _erasure(made: UUID) -> str:
    return ids.public("erasure", made)


ErasureId = Annotated[UUID, PlainSerializer(_erasure, return_type=str, when_used="json")]
TargetName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=512, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]


class ErasureTarget(Schema):
    """Whom to erase."""

    kind: Literal["person", "user"] = Field(
        description="A person who works in Hone, or an end user as clients of the gateway name"
        " them."
    )
    target: TargetName = Field(description="A person's id or e-mail, or the end user's id.")


class WrittenBackup(Schema):
    """A backup that was made before, and so still holds what is erased."""

    file: str
    at: datetime


class ErasurePreview(Schema):
    """What an erasure would take away."""

    kind: Literal["person", "user"]
    target: str = Field(description="The person's id, or the end user's.")
    name: str | None = Field(description="What the person is called; null for an end user.")
    counts: dict[str, int | None] = Field(
        description="How much of each kind there is; null when more than 10,000."
    )
    backups: list[WrittenBackup] = Field(
        description="The newest backups so far. They still hold it: delete them, or keep"
        " erasures.jsonl of the data directory, which a restore applies again."
    )


class ErasureRead(Schema):
    """An erasure, under way or done; it does not tell whom."""

    id: ErasureId
    kind: Literal["person", "user"]
    state: Literal["running", "done"]
    step: str = Field(description="What is being done.")
    planned: dict[str, int | None] = Field(
        description="How much of each kind there was; null when more than 10,000."
    )
    counts: dict[str, int] = Field(description="How much of each kind is gone.")
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None

"""What the privacy API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from hone.core import ids
from hone.core.schemas import Schema
from hone.privacy.kinds import NAMES, KindName


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


Days = Annotated[int, Field(ge=1, le=36_500)]


class Due(Schema):
    """What goes at the next run."""

    before: datetime | None = Field(description="What is older goes; null: nothing does.")
    rows: int | None = Field(description="How many rows; null when more than 10,000.")
    oldest: datetime | None = Field(description="The oldest that is there now.")


class RuleRead(Schema):
    """How long one kind of data is kept."""

    kind: KindName
    about: str
    days: int | None = Field(description="Null: for ever.")
    effective_days: int | None = Field(
        description="Contents go with their operations, if those go first."
    )
    default_days: int | None
    least_days: int = Field(description="No rule may be shorter.")
    most_days: int | None = Field(description="No rule may be longer; null: any.")
    version: int
    updated_at: datetime | None = Field(description="Null: the rule was never changed here.")
    due: Due


class Retention(Schema):
    """How long each kind of data is kept."""

    next_run: datetime = Field(description="When what is due goes. It does not come back.")
    rules: list[RuleRead]


class RuleChange(Schema):
    """A rule to set."""

    kind: KindName
    days: Days | None = Field(description="Null: for ever.")
    version: int = Field(ge=0, description="The version that you read.")


class RetentionUpdate(Schema):
    """Rules to set; what is absent stays."""

    rules: list[RuleChange] = Field(min_length=1, max_length=len(NAMES))

"""What the audit API takes and gives."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, field_validator

from hone.core import ids
from hone.core.schemas import Schema

_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _event(made: UUID) -> str:
    return ids.public("evt", made)


def _verification(made: UUID) -> str:
    return ids.public("ver", made)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time; without a zone it is UTC."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=_PRINTABLE)]
Labels = Annotated[tuple[Label, ...], Field(max_length=50)]
EventId = Annotated[UUID, PlainSerializer(_event, return_type=str, when_used="json")]
VerificationId = Annotated[UUID, PlainSerializer(_verification, return_type=str, when_used="json")]


class EventFilter(Schema):
    """Which events are meant; a name given more than once means any of its values."""

    name: Labels = Field(
        default=(), description="What happened, as `route.updated`, or all of a kind: `route.`."
    )
    actor: Labels = Field(default=(), description="Who did it: `person_…`, `key_…` or `system`.")
    subject: Labels = Field(default=(), description="What it happened to, by its id.")
    from_: Moment | None = Field(default=None, alias="from", description="The first moment.")
    to: Moment | None = Field(default=None, description="The moment after the last.")
    q: Label | None = Field(default=None, description="Text in the event, its subject or actor.")

    @field_validator("from_", "to")
    @classmethod
    def _storable(cls, value: datetime | None) -> datetime | None:
        if value is not None and not 1970 <= value.year <= 9000:
            raise ValueError("a moment lies between the years 1970 and 9000")
        return value


class EventQuery(EventFilter):
    """Which events a list shows, and which page of it."""

    limit: int = Field(default=50, ge=1, le=500, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=512, description="`next` of the page before."
    )


class EventExport(EventFilter):
    """Which events a file holds."""

    format: Literal["csv", "jsonl"] = "csv"


class EventActor(Schema):
    """Who did something."""

    id: str
    kind: Literal["person", "key", "system"]
    name: str | None = Field(description="Null when the person was erased.")


class EventRead(Schema):
    """One fact of the trail."""

    id: EventId
    position: int = Field(description="Its place in the organization's chain.")
    at: datetime
    name: str
    subject: str
    actor: EventActor
    before: dict[str, Any] | None = Field(description="The changed fields as they were.")
    after: dict[str, Any] | None = Field(description="The changed fields as they became.")
    details: dict[str, Any] = Field(description="What else the event says.")
    personal: dict[str, Any] | None = Field(description="What it says of a person.")
    withheld: Literal["erased", "not_permitted", "not_kept"] | None = Field(
        description="Why something that the event said is not here."
    )
    hash: str = Field(description="Its link of the chain, in hex.")


class NameFacet(Schema):
    """An event's name and how often it happened."""

    name: str
    count: int


class ActorFacet(Schema):
    """An actor and how much they did."""

    actor: EventActor
    count: int


class EventFacets(Schema):
    """What there is to filter by, among the newest events."""

    names: list[NameFacet]
    actors: list[ActorFacet]
    counted: int = Field(description="How many of the newest events were counted.")


class VerificationRead(Schema):
    """One walk along the chain."""

    id: VerificationId
    state: Literal["running", "whole", "broken"]
    checked: int = Field(description="How many links hold.")
    total: int = Field(description="How many there were when the walk began.")
    hash: str = Field(description="The hash of the last link that holds, in hex.")
    broken_at: int | None
    reason: str | None
    requested_by: str
    started_at: datetime
    finished_at: datetime | None

    @field_validator("hash", mode="before")
    @classmethod
    def _hex(cls, value: object) -> object:
        return value.hex() if isinstance(value, bytes) else value


class Chain(Schema):
    """The state of an organization's chain."""

    events: int = Field(description="Events in the chain.")
    waiting: int = Field(description="Facts that are not sealed yet; they are within a second.")
    head: str | None = Field(
        description="The newest hash, in hex. Who notes it down elsewhere can prove later that"
        " nothing before it was changed, even by an owner of the database."
    )
    last: VerificationRead | None = Field(description="The last walk that ended.")
    running: VerificationRead | None = Field(description="The walk that is under way.")

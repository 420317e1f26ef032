"""Limits as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from hone.core import ids
from hone.core.schemas import Schema
from hone.gateway import Measure, Subject, Window
from hone.limits import amounts


def _limit(made: UUID) -> str:
    return ids.public("limit", made)


LimitId = Annotated[UUID, PlainSerializer(_limit, return_type=str)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"^[^\x00]*$")]
OnStoreLoss = Literal["deny", "allow"]


class LimitSubject(Schema):
    """What a limit is on."""

    kind: Subject
    id: str | None = Field(default=None, max_length=80, description="Absent for the organization.")
    name: Named | None = Field(
        default=None,
        description="Its name in place of its id; a person's is their e-mail address.",
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = (self.id is not None) + (self.name is not None)
        if given != (self.kind is not Subject.ORGANIZATION):
            raise ValueError("give an id or a name; for the organization neither")
        return self


class LimitCreate(Schema):
    """A limit to set."""

    subject: LimitSubject
    measure: Measure
    window: Window | None = Field(
        default=None, description="By the calendar in UTC; absent for concurrency."
    )
    amount: Decimal = Field(description="USD for cost, a whole number for all else.")
    on_store_loss: OnStoreLoss = Field(
        default="deny",
        description="What becomes of calls while the database cannot be asked and no quota is held.",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.measure is Measure.CONCURRENCY) != (self.window is None):
            raise ValueError("concurrency has no window, and everything else has one")
        amounts.to_stored(self.measure, self.amount)
        return self


class LimitUpdate(Schema):
    """Another amount for a limit."""

    amount: Decimal | None = Field(
        default=None, description="USD for cost, a whole number for all else."
    )
    on_store_loss: OnStoreLoss | None = None
    version: int = Field(ge=1, le=2**31 - 1, description="The version that you read.")


class LimitsQuery(Schema):
    """Which limits to list."""

    kind: Subject | None = Field(default=None, description="Limits on this kind of thing.")
    subject: str | None = Field(
        default=None, max_length=80, description="Limits on this one, by id."
    )


class LimitSubjectRead(Schema):
    """What a limit is on."""

    kind: Subject
    id: str
    name: str | None = Field(
        description="Null where it is gone, or where you may not see who a person is."
    )


class LimitUseRead(Schema):
    """How much of a limit's present window is used."""

    window_start: datetime | None
    resets_at: datetime | None = Field(description="Null for concurrency.")
    used: str = Field(description="By calls that ended; for concurrency by those in progress.")
    reserved: str = Field(description="Promised to calls in progress, or leased by servers.")
    remaining: str
    refusing: bool = Field(description="A call was refused for it in this window.")


class LimitRead(Schema):
    """A limit as clients see it."""

    id: LimitId
    subject: LimitSubjectRead
    measure: Measure
    window: Window | None
    amount: str = Field(description="USD for cost, a whole number for all else.")
    on_store_loss: OnStoreLoss
    use: LimitUseRead
    version: int
    created_at: datetime
    updated_at: datetime

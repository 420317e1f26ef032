"""Which operations are meant, and what there is to choose from."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, field_validator

from hone.core.schemas import Schema
from hone.operations.schemas.types import Dollars, Label, Labels, Milliseconds, Moment, key_of


class OperationFilter(Schema):
    """Which operations are meant; a name given more than once means any of its values."""

    model: Labels = Field(default=(), description="Name of the model.")
    status: Labels = Field(default=(), description="success, error, cancelled or interrupted.")
    kind: Labels = Field(default=(), description="Such as chat, embeddings or classification.")
    route: Labels = Field(default=(), description="Name that the client sent as `model`.")
    user: Labels = Field(default=(), description="The client's id of its user.")
    conversation: Labels = Field(default=(), description="The client's id of the conversation.")
    error_code: Labels = Field(default=(), description="Such as upstream_timeout.")
    key: Annotated[UUID | None, BeforeValidator(key_of)] = Field(
        default=None, description="API key that the call came with."
    )
    batch: Label | None = Field(default=None, description="Id of the batch whose line it was.")
    split: Label | None = Field(
        default=None, description="Id of the experiment or release that split the traffic."
    )
    arm: Labels = Field(default=(), description="Arm of a split that the call met.")
    from_: Moment | None = Field(default=None, alias="from", description="Not before this time.")
    to: Moment | None = Field(default=None, description="Before this time.")
    q: Annotated[Label, Field(max_length=200)] | None = Field(
        default=None,
        description="An operation's id, or part of a model, route, user, conversation, error code"
        " or your own id.",
    )
    min_cost: Dollars | None = Field(default=None, description="Least cost, in US dollars.")
    min_latency: Milliseconds | None = Field(
        default=None, description="Least latency, in milliseconds."
    )

    @field_validator("to")
    @classmethod
    def _ordered(cls, value: datetime | None, info: Any) -> datetime | None:  # noqa: ANN401
        start = info.data.get("from_")
        if value is not None and start is not None and value <= start:
            raise ValueError("must be later than `from`")
        return value


class OperationQuery(OperationFilter):
    """Which operations a list shows."""

    limit: int = Field(default=50, ge=1, le=500, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=512, description="`next` of the page before."
    )


class FacetQuery(Schema):
    """The time whose values are counted, to the hour."""

    from_: Moment | None = Field(default=None, alias="from", description="Not before this time.")
    to: Moment | None = Field(default=None, description="Before this time.")


class FacetValue(Schema):
    """One value that operations have."""

    value: str = Field(description="Pass it to the list's filter.")
    label: str | None = Field(description="The name of a key; null where the value is the name.")
    requests: int = Field(description="How many operations have it, in whole hours.")


class OperationFacets(Schema):
    """What there is to filter by; of each field the 200 most frequent values."""

    model: list[FacetValue]
    route: list[FacetValue]
    status: list[FacetValue]
    kind: list[FacetValue]
    error_code: list[FacetValue]
    key: list[FacetValue]

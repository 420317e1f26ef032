"""What the operations API takes and gives."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    field_validator,
)
from pydantic.alias_generators import to_camel

from hone.core import ids
from hone.core.paging import Page
from hone.core.schemas import Schema
from hone.operations.text import clean_json

Window = Literal["15m", "1h", "6h", "24h"]

_LARGEST_INTEGER = 2**31 - 1
_LARGEST_USD = 10_000


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _rounded(value: float) -> float:
    """Drop what is too small for PostgreSQL's real, which refuses it."""
    return round(value, 6)


def _key(value: object) -> object:
    """Read the id of a key."""
    if value is None or isinstance(value, UUID):
        return value
    found = ids.parse("key", str(value))
    if found is None:
        raise ValueError("must be the id of a key, such as key_019ab…")
    return found


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time; without a zone it is UTC."""
Json = Annotated[Any, BeforeValidator(clean_json)]
Label = Annotated[str, BeforeValidator(clean_json), Field(min_length=1, max_length=512)]
Labels = Annotated[tuple[Label, ...], Field(max_length=50)]
Tokens = Annotated[int, Field(ge=0, le=_LARGEST_INTEGER)]
Milliseconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False), AfterValidator(_rounded)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(_rounded)]
Score = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False), AfterValidator(_rounded)]
Dollars = Annotated[float, Field(ge=0, le=_LARGEST_USD, allow_inf_nan=False)]


class OperationFilter(Schema):
    """Which operations are meant; a name given more than once means any of its values."""

    model: Labels = Field(default=(), description="Name of the model.")
    status: Labels = Field(default=(), description="success, error, cancelled or interrupted.")
    kind: Labels = Field(default=(), description="Such as chat, embeddings or classification.")
    route: Labels = Field(default=(), description="Name that the client sent as `model`.")
    user: Labels = Field(default=(), description="The client's id of its user.")
    conversation: Labels = Field(default=(), description="The client's id of the conversation.")
    error_code: Labels = Field(default=(), description="Such as upstream_timeout.")
    key: Annotated[UUID | None, BeforeValidator(_key)] = Field(
        default=None, description="API key that the call came with."
    )
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


class OperationItem(Schema):
    """One row of the list."""

    id: str
    created_at: datetime
    model_name: str
    route: str | None
    provider: str | None
    kind: str
    status: str = Field(description="success, error, cancelled or interrupted.")
    error_code: str | None
    input_tokens: int
    output_tokens: int
    cached_tokens: int = Field(description="Of the input: read from the provider's cache.")
    cache_write_tokens: int = Field(description="Of the input: put into the provider's cache.")
    cost_usd: float
    latency_ms: float | None
    ttft_ms: float | None = Field(description="Time to first token.")
    stream: bool
    user_id: str | None
    conversation_id: str | None


COLUMNS: Final = tuple(field.alias or name for name, field in OperationItem.model_fields.items())
"""What a row has, as the API names it."""
ExportFormat = Literal["csv", "jsonl"]


def _column(value: str) -> str:
    if value not in COLUMNS:
        raise ValueError(f"must be one of {', '.join(COLUMNS)}")
    return value


class OperationExport(OperationFilter):
    """Which operations and columns go into a file."""

    format: ExportFormat = Field(default="csv", description="csv, or jsonl for JSON lines.")
    columns: Annotated[
        tuple[Annotated[str, AfterValidator(_column)], ...], Field(max_length=50)
    ] = Field(default=(), description="Columns, in this order; all of the list's when left out.")
    limit: int = Field(default=100_000, ge=1, le=1_000_000, description="Most rows.")


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


class OperationPage(Page[OperationItem]):
    """One page of the list, which may have looked only so far back."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True)

    searched_until: datetime | None = Field(
        description="Where looking took too long: everything from this time on was searched, and"
        " `next` goes on from here. Null when the page is full or the list ends."
    )


class AttemptRead(Schema):
    """One try at one target: the unit that a provider bills."""

    number: int
    model: str
    provider: str | None = None
    upstream: str | None = Field(default=None, description="The model's name at the provider.")
    status: int | None = Field(default=None, description="HTTP status of the provider.")
    error: str | None = None
    error_message: str | None = None
    started_ms: float | None = Field(
        default=None, description="Milliseconds after the operation's start."
    )
    duration_ms: float | None = None
    ttft_ms: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = Field(default=False, description="True when tokens were not reported.")
    cost_usd: float = 0.0


class CandidateRead(Schema):
    """A target that was available, and its chance to be tried first."""

    model: str
    propensity: float = Field(description="The chance that it had; all sum to 1.")


class Caller(Schema):
    """Who made a call."""

    kind: Literal["key", "person"]
    id: str
    name: str | None = Field(description="Null when it is not known any longer.")


class Neighbours(Schema):
    """The operations before and after one in its conversation."""

    previous: str | None
    next: str | None


class Lineage(Schema):
    """Where an operation stands on the loop; null is what does not exist."""

    conversation: str | None
    feedback: str | None
    example: str | None
    dataset: str | None
    run: str | None
    version: str | None
    release: str | None


class OperationRead(OperationItem):
    """Everything that is known of one operation."""

    caller: Caller | None
    neighbours: Neighbours
    lineage: Lineage
    source: str = Field(description="gateway, or log for a call made elsewhere.")
    http_status: int | None
    finish_reason: str | None
    upstream: str | None
    key_id: str | None
    external_id: str | None
    total_tokens: int
    reasoning_tokens: int
    usage_estimated: bool
    revenue_usd: float | None
    overhead_ms: float | None = Field(description="What Hone itself added.")
    confidence: float | None
    satisfaction_score: float | None
    attempts: list[AttemptRead]
    candidates: list[CandidateRead]
    metadata: dict[str, Any] | None
    messages: list[dict[str, Any]] | None = Field(
        description="What was asked and answered, as a chat."
    )
    messages_withheld: str | None = Field(description="Why there are no messages.")


class OperationLog(Schema):
    """A call that was made elsewhere."""

    model_id: Label = Field(description="The model's name, as you call it.")
    operation_type: Annotated[Label, Field(max_length=64)] = Field(
        description="Such as classification, suggestion or chat."
    )
    input: Json = Field(default=None, description="What was asked: text, messages or any JSON.")
    output: Json = Field(default=None, description="What was answered: text or any JSON.")
    confidence: Share | None = None
    response_time_ms: Milliseconds | None = None
    input_tokens: Tokens = 0
    output_tokens: Tokens = 0
    success: bool = True
    error_message: Annotated[Label, Field(max_length=2000)] | None = None
    user_id: Label | None = None
    conversation_id: Label | None = None
    external_id: Annotated[StrictInt | StrictStr | None, BeforeValidator(clean_json)] = Field(
        default=None, description="Your id; the same id again gives the same operation."
    )
    provider: Label | None = None
    cost_usd: Dollars = 0
    revenue_usd: Dollars | None = None
    satisfaction_score: Score | None = None
    metadata: Annotated[dict[str, Any] | None, BeforeValidator(clean_json)] = Field(
        default=None, max_length=100
    )

    @field_validator("external_id")
    @classmethod
    def _short(cls, value: int | str | None) -> str | None:
        text = None if value is None else str(value)
        if text is not None and not 1 <= len(text) <= 256:
            raise ValueError("must have 1 to 256 characters")
        return text


Name = Annotated[str, BeforeValidator(clean_json), Field(min_length=1, max_length=120)]
QueryName = Annotated[str, Field(max_length=64)]


class ViewCreate(Schema):
    """A choice of filters and columns, to be kept under a name."""

    name: Name
    query: Annotated[
        dict[QueryName, Label | Annotated[list[Label], Field(max_length=50)]], Field(max_length=30)
    ] = Field(
        default_factory=dict, description='The list\'s parameters, such as `{"status": ["error"]}`.'
    )
    columns: Annotated[list[QueryName], Field(max_length=50)] = Field(
        default_factory=list[str], description="Columns that are shown; the usual ones when empty."
    )
    shared: bool = Field(
        default=False, description="Whether everybody in the organization sees it."
    )


class ViewReplace(ViewCreate):
    """What a view is to be."""

    version: int = Field(description="The version that you read.")


class ViewRead(ViewCreate):
    """A view."""

    id: str
    mine: bool = Field(description="Whether you made it, and so may change it.")
    version: int
    created_at: datetime
    updated_at: datetime


class Before(Schema):
    """The window before, to compare with."""

    requests: int
    error_rate: float
    cost_usd: float
    p95_ms: float | None


class Totals(Schema):
    """What a window adds up to."""

    requests: int
    errors: int
    error_rate: float
    cost_usd: float
    input_tokens: int
    output_tokens: int
    requests_per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    ttft_p50_ms: float | None
    previous: Before


class Point(Schema):
    """One step of a series."""

    at: datetime
    requests: int
    errors: int
    cost_usd: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class ModelShare(Schema):
    """What one model did in a window."""

    model: str
    requests: int
    share: float
    errors: int
    cost_usd: float
    p95_ms: float | None


class Overview(Schema):
    """A window at a glance."""

    as_of: datetime
    window: Window
    totals: Totals
    series: list[Point]
    models: list[ModelShare]

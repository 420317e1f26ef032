"""Operations as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

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

from hone.core.paging import Page
from hone.core.schemas import Schema
from hone.operations.reasons import CandidateRead, ReasonRead
from hone.operations.schemas.filters import OperationFilter
from hone.operations.schemas.types import Dollars, Json, Label, Milliseconds, Score, Share, Tokens
from hone.operations.text import clean_json


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
    cache_write_hour_tokens: int = Field(description="Of those put there: to stay for an hour.")
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
    cache_write_hour_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = Field(default=False, description="True when tokens were not reported.")
    cost_usd: float = 0.0


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


class SplitRead(Schema):
    """Which arm of a split a call met."""

    id: str = Field(description="The experiment or release.")
    kind: Literal["experiment", "release"]
    arm: str
    chance: float = Field(description="The arm's share of the units that took part.")
    named: bool = Field(description="False where the call named no user and no conversation.")
    rescued: bool = Field(
        description="Nothing of the arm was available, and what answers without a split did."
    )


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
    batch_id: str | None
    total_tokens: int
    reasoning_tokens: int
    usage_estimated: bool
    revenue_usd: float | None
    overhead_ms: float | None = Field(description="What Hone itself added.")
    confidence: float | None
    satisfaction_score: float | None
    attempts: list[AttemptRead]
    candidates: list[CandidateRead]
    reason: ReasonRead | None
    split: SplitRead | None
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

"""Costs as the API gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from hone.core.schemas import Schema
from hone.operations.costs.dimensions import known
from hone.operations.costs.periods import Step
from hone.operations.schemas import ExportFormat, OperationFilter

By = Annotated[str, Field(max_length=80), AfterValidator(known)]


class CostSelection(OperationFilter):
    """Which calls are added up, and by what."""

    by: By | None = Field(
        default=None,
        description="model, provider, route, key, person, team, user, conversation, kind, status,"
        " stream, or metadata. and a key of yours, such as metadata.feature.",
    )
    step: Step | None = Field(default=None, description="How long each step of time is.")
    zone: str = Field(
        default="UTC", max_length=64, description="Whose days and months, such as Europe/Berlin."
    )


class CostQuery(CostSelection):
    """Which calls are added up, and how much of it is told."""

    limit: int = Field(default=50, ge=1, le=500, description="Values that are told one by one.")
    compare: bool = Field(default=True, description="Tell of the period before as well.")


class CostExport(CostSelection):
    """Which calls are added up into a file."""

    format: ExportFormat = Field(default="csv", description="csv, or jsonl for JSON lines.")


class CostBefore(Schema):
    """The period before, which is as long."""

    calls: int
    cost_usd: float
    revenue_usd: float | None


class CostFigures(Schema):
    """What some calls add up to."""

    calls: int
    input_tokens: int
    cached_tokens: int = Field(description="Of the input: read from the provider's cache.")
    cache_write_tokens: int = Field(description="Of the input: put into the provider's cache.")
    output_tokens: int
    reasoning_tokens: int = Field(description="Of the output: spent on thinking.")
    cost_usd: float
    average_cost_usd: float | None = Field(description="Of one call.")
    estimated_share: float = Field(
        description="The share of the cost that rests on estimated tokens, 0 to 1."
    )
    earning_calls: int = Field(description="Calls that say what they earned.")
    revenue_usd: float | None = Field(description="What they earned; null where none says.")
    margin_usd: float | None = Field(description="Revenue less cost; null where none says.")


class CostTotal(CostFigures):
    """What everything adds up to."""

    before: CostBefore | None


class CostItem(CostFigures):
    """What one value adds up to."""

    value: str | None = Field(description="Null for calls that have none.")
    label: str | None = Field(description="The name of a key, person or team, while it is known.")
    share: float = Field(description="The share of the total cost, 0 to 1.")
    costs: list[float] = Field(description="Cost in each step, in US dollars.")
    before: CostBefore | None


class CostRest(CostFigures):
    """What all values add up to that are not told one by one."""

    values: int
    share: float
    costs: list[float]


class CostStep(Schema):
    """One step of time."""

    at: datetime
    calls: int
    cost_usd: float
    revenue_usd: float | None


class CostReport(Schema):
    """Costs by one dimension, the dearest first."""

    as_of: datetime
    from_: datetime = Field(serialization_alias="from")
    to: datetime
    before_from: datetime
    before_to: datetime
    zone: str
    by: str | None
    step: Step | None
    total: CostTotal
    steps: list[CostStep]
    items: Sequence[CostItem]
    rest: CostRest | None = Field(description="Null where every value is told.")

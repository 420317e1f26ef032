"""Models and prices as the API takes and gives them."""

from datetime import datetime

from pydantic import Field

from hone.core.schemas import Schema
from hone.registry.schemas.types import ModelId, Moment, Name, PriceId, ProviderName, Usd, Version


class PriceWrite(Schema):
    """A price in USD per million tokens, with at most six decimals."""

    input: Usd
    output: Usd
    cached_input: Usd | None = Field(
        default=None, description="Price of cached input tokens; absent: like any other."
    )
    effective_from: Moment | None = Field(
        default=None, description="From when on it holds; absent: from now on."
    )


class PriceRead(Schema):
    """One version of a price, in USD per million tokens."""

    id: PriceId
    input: str
    output: str
    cached_input: str | None
    source: str
    effective_from: datetime


class ModelCreate(Schema):
    """A model to add."""

    name: Name
    provider: ProviderName = Field(description="Name of the provider.")
    upstream: Name = Field(description="The model's name at the provider.")
    price: PriceWrite | None = Field(default=None, description="Absent: the catalogue's price.")
    catalogue: Name | None = Field(
        default=None, description="Id in the catalogue; absent: found by provider and upstream."
    )


class ModelReplace(ModelCreate):
    """A model as it is to be."""

    version: Version


class ModelRead(Schema):
    """A model as clients see it."""

    id: ModelId
    name: str
    provider: str
    upstream: str
    catalogue_id: str | None
    context_tokens: int | None
    output_tokens: int | None
    price: PriceRead | None = Field(description="The price in force; null: calls cost nothing.")
    version: int
    created_at: datetime
    updated_at: datetime

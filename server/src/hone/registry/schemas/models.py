"""Models and prices as the API takes and gives them."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, field_validator

from hone.core.schemas import Schema
from hone.llm.types import Capability, Modality
from hone.registry.schemas.types import (
    ModelId,
    Moment,
    Name,
    Part,
    PriceId,
    ProviderName,
    Region,
    Share,
    Usd,
    Version,
)


class PriceWrite(Schema):
    """A price in USD per million tokens, with at most six decimals."""

    input: Usd
    output: Usd
    cached_input: Usd | None = Field(
        default=None, description="Price of cached input tokens; absent: like any other."
    )
    cache_write: Usd | None = Field(
        default=None,
        description="Price of input tokens that are put into the cache; absent: like any other.",
    )
    batch: Part | None = Field(
        default=None,
        description="Part of these that a line of a batch pays, such as 0.5; absent: all.",
    )
    cache_write_hour: Usd | None = Field(
        default=None,
        description="Price of those that are to stay there for an hour; absent: as any put there.",
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
    cache_write: str | None
    batch: str | None = Field(description="Part that a line of a batch pays; null: all of it.")
    cache_write_hour: str | None
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
    modalities: list[Modality] | None = Field(
        default=None,
        max_length=10,
        description="What it takes; absent: as the catalogue says, and else whatever is sent.",
    )
    capabilities: list[Capability] | None = Field(
        default=None,
        max_length=10,
        description="What it can do; absent: as the catalogue says, and else whatever is asked.",
    )
    region: Region | None = Field(
        default=None, description="Where it computes, such as `eu`; routes may ask for it."
    )
    quality: Share | None = Field(
        default=None,
        description="How good you take its answers to be, 0 to 1; policies read it, absent is 0.5.",
    )

    @field_validator("modalities", "capabilities")
    @classmethod
    def _once(cls, given: list[StrEnum] | None) -> list[StrEnum] | None:
        return None if given is None else list(dict.fromkeys(given))


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
    modalities: list[str] | None
    capabilities: list[str] | None
    region: str | None
    quality: float | None
    price: PriceRead | None = Field(description="The price in force; null: calls cost nothing.")
    version: int
    created_at: datetime
    updated_at: datetime

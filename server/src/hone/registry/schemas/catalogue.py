"""The catalogue as the API gives it."""

from datetime import date
from typing import Literal

from hone.core.schemas import Schema


class CatalogueSource(Schema):
    """Where figures of the catalogue come from."""

    name: str
    version: str
    licence: str


class CatalogueFigures(Schema):
    """What the second source states; prices in USD per million tokens."""

    id: str
    context: int | None
    input: str | None
    output: str | None


class CatalogueModel(Schema):
    """What is known of a vendor's model; prices in USD per million tokens."""

    id: str
    family: str
    provider: str
    mode: str
    context: int | None
    max_output: int | None
    input: str | None
    output: str | None
    cached_input: str | None
    cache_write: str | None
    cache_write_hour: str | None
    confidence: Literal["agreed", "disputed", "single", "unpriced"]
    compared: CatalogueFigures | None
    source: str | None
    retires: date | None
    tools: bool | None
    vision: bool | None
    reasoning: bool | None


class CatalogueRead(Schema):
    """The catalogue."""

    as_of: date
    sources: list[CatalogueSource]
    items: list[CatalogueModel]

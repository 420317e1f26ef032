"""What the registry's API takes and gives, and what a declared file says."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    PlainSerializer,
    SecretStr,
    StringConstraints,
    model_validator,
)

from hone.core import ids
from hone.core.schemas import Schema
from hone.gateway import Policy
from hone.registry import money

# PostgreSQL stores no NUL; a name that ends in a space could not be told from one that does not.
_NAME = r"^[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"

ProviderName = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_NAME)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=_NAME)]
Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Network = Annotated[str, StringConstraints(max_length=64)]


def _exact(usd: Decimal) -> Decimal:
    money.to_pico(usd)
    return usd


def _storable(moment: datetime) -> datetime:
    """Refuse what PostgreSQL would keep and Python could not read again."""
    if not 1970 <= moment.year <= 9000:
        raise ValueError("a moment lies between the years 1970 and 9000")
    return moment.astimezone(UTC)


def _sendable(credential: SecretStr) -> SecretStr:
    """Refuse what cannot stand in an HTTP header; the message does not repeat it."""
    text = credential.get_secret_value()
    if not 0 < len(text) <= 8192 or not all("!" <= each <= "~" for each in text):
        raise ValueError("a credential is printable ASCII without spaces")
    return credential


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
Usd = Annotated[Decimal, AfterValidator(_exact)]
Credential = Annotated[SecretStr, AfterValidator(_sendable)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that you read.")]


def _provider(made: UUID) -> str:
    return ids.public("provider", made)


def _model(made: UUID) -> str:
    return ids.public("model", made)


def _price(made: UUID) -> str:
    return ids.public("price", made)


def _route(made: UUID) -> str:
    return ids.public("route", made)


ProviderId = Annotated[UUID, PlainSerializer(_provider, return_type=str)]
ModelId = Annotated[UUID, PlainSerializer(_model, return_type=str)]
PriceId = Annotated[UUID, PlainSerializer(_price, return_type=str)]
RouteId = Annotated[UUID, PlainSerializer(_route, return_type=str)]


class ProviderCreate(Schema):
    """A provider to add."""

    name: ProviderName
    kind: str = Field(max_length=64, description="Which vendor or protocol, such as `openai`.")
    base_url: Url | None = Field(
        default=None, description="Where it is; absent: the vendor's own address."
    )
    api_key: Credential | None = Field(
        default=None,
        description="The credential, kept sealed and never shown. On a change: absent keeps it, "
        "null removes it.",
    )
    networks: list[Network] = Field(
        default=[],
        max_length=64,
        description="Networks (CIDR) beyond the public internet where it may be.",
    )


class ProviderReplace(ProviderCreate):
    """A provider as it is to be."""

    version: Version


class ProviderRead(Schema):
    """A provider as clients see it."""

    id: ProviderId
    name: str
    kind: str
    base_url: str
    has_credential: bool
    networks: list[str]
    version: int
    created_at: datetime
    updated_at: datetime


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


class RouteTarget(Schema):
    """A model and its share of a route's traffic."""

    model: Name
    weight: Weight = 1.0


class RouteDeadlines(Schema):
    """How long each part of an attempt may take, in seconds; what is absent is the default."""

    connect: Seconds | None = None
    first_token: Seconds | None = None
    stall: Seconds | None = None
    total: Seconds | None = None


class RouteCreate(Schema):
    """A route to add."""

    name: Name
    policy: Policy = Policy.WEIGHTED
    targets: list[RouteTarget] = Field(min_length=1, max_length=100)
    fallbacks: list[Name] = Field(
        default=[], max_length=20, description="Models to try, in order, when all targets failed."
    )
    deadlines: RouteDeadlines = RouteDeadlines()

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [each.model for each in self.targets]
        if len(set(names)) != len(names):
            raise ValueError("a model is a target of a route once")
        if len(set(self.fallbacks)) != len(self.fallbacks):
            raise ValueError("a model is a fallback of a route once")
        return self


class RouteReplace(RouteCreate):
    """A route as it is to be."""

    version: Version


class RouteRead(Schema):
    """A route as clients see it."""

    id: RouteId
    name: str
    policy: str
    targets: list[RouteTarget]
    fallbacks: list[str]
    deadlines: RouteDeadlines
    version: int
    created_at: datetime
    updated_at: datetime


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

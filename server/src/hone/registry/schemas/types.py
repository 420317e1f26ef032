"""The fields that the registry's bodies are made of."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    PlainSerializer,
    SecretStr,
    StringConstraints,
)

from hone.core import ids
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
Part = Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)]
Credential = Annotated[SecretStr, AfterValidator(_sendable)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Region = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NAME)]
Factor = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Exploration = Annotated[float, Field(ge=0.001, le=1, allow_inf_nan=False)]
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

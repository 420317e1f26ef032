"""Providers as the API takes and gives them."""

from datetime import datetime

from pydantic import Field

from hone.core.schemas import Schema
from hone.registry.schemas.types import Credential, Network, ProviderId, ProviderName, Url, Version


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


class ProviderKind(Schema):
    """A vendor or protocol that is known."""

    kind: str
    base_url: str | None = Field(description="The vendor's own address; null where it has none.")


class ProviderKinds(Schema):
    """Every kind of provider."""

    items: list[ProviderKind]

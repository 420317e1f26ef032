"""What the API of identity providers takes and gives."""

import re
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, SecretStr, model_validator

from hone.core import ids
from hone.core.schemas import Schema
from hone.identity.permissions import Role
from hone.identity.schemas import Name

_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}|localhost")


def _public(made: UUID) -> str:
    return ids.public("oidc", made)


def _domain(text: str) -> str:
    if _DOMAIN.fullmatch(lower := text.lower()) is None:
        raise ValueError("a domain is what stands behind the @, such as example.com")
    return lower


def _with_openid(scopes: list[str]) -> list[str]:
    return scopes if "openid" in scopes else ["openid", *scopes]


OidcId = Annotated[UUID, PlainSerializer(_public, return_type=str, when_used="json")]
Domain = Annotated[str, Field(max_length=253), AfterValidator(_domain)]
Scope = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[!#-\[\]-~]+$")]
Plain = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[ -~]+$")]


class OidcCreate(Schema):
    """An identity provider to add."""

    name: Name = Field(description="What the button on the sign-in page says.")
    issuer: str = Field(
        min_length=1, max_length=2048, description="As it writes itself in its configuration."
    )
    client_id: Plain
    client_secret: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=2048,
        description="Kept sealed and never shown. On a change: absent keeps it, null removes it.",
    )
    scopes: Annotated[list[Scope], Field(max_length=20), AfterValidator(_with_openid)] = Field(
        default=["openid", "email", "profile"], description="What is asked for."
    )
    domains: list[Domain] = Field(
        default=[], max_length=100, description="Whose addresses may become people here."
    )
    role: Role | None = Field(
        default=None, description="What they become; null: only people who are here already."
    )
    listed: bool = Field(default=True, description="Whether the sign-in page offers it.")

    @model_validator(mode="after")
    def _role_has_domains(self) -> Self:
        # At a public provider anybody has an address.
        if self.role is not None and not self.domains:
            raise ValueError("a role for newcomers needs the domains that they may come from")
        return self


class OidcReplace(OidcCreate):
    """An identity provider as it is to be."""

    version: int = Field(description="The version that was read.")


class OidcRead(Schema):
    """An identity provider as clients see it."""

    id: OidcId
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    scopes: list[str]
    domains: list[str]
    role: str | None
    listed: bool
    version: int
    created_at: datetime


class OidcTested(Schema):
    """Whether an identity provider can be signed in at, as far as asking it tells."""

    works: bool
    problem: str | None = Field(description="What is wrong, in words.")

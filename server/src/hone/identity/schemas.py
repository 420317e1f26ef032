"""What the identity API takes and gives."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from hone.core import ids
from hone.core.schemas import Schema
from hone.gateway import ContentMode
from hone.identity.permissions import Permission, Role

# PostgreSQL stores no NUL, and no name needs a control character.
_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PRINTABLE)
]
RouteName = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=_PRINTABLE)]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=320,
        pattern=r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,255}$",
    ),
]


def _storable(moment: datetime) -> datetime:
    """Refuse what PostgreSQL would keep and Python could not read again."""
    if not 1970 <= moment.year <= 9000:
        raise ValueError("a moment lies between the years 1970 and 9000")
    return moment.astimezone(UTC)


def _key(made: UUID) -> str:
    return ids.public("key", made)


def _organization(made: UUID) -> str:
    return ids.public("org", made)


def _person(made: UUID) -> str:
    return ids.public("person", made)


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
KeyId = Annotated[UUID, PlainSerializer(_key, return_type=str, when_used="json")]
OrganizationId = Annotated[UUID, PlainSerializer(_organization, return_type=str, when_used="json")]
PersonId = Annotated[UUID, PlainSerializer(_person, return_type=str, when_used="json")]


class KeyCreate(Schema):
    """A key to make."""

    name: Name = Field(description="What the key is for.")
    permissions: list[Permission] = Field(
        min_length=1, max_length=100, description="What it may do; no more than you may."
    )
    routes: list[RouteName] | None = Field(
        default=None, max_length=500, description="Routes it may call; absent: every route."
    )
    expires_at: Moment | None = Field(
        default=None, description="When it stops working; absent: never."
    )


class KeyRead(Schema):
    """A key as clients see it; the key itself is shown once, when it is made."""

    id: KeyId
    name: str
    hint: str = Field(description="How the key begins, to recognise it by.")
    permissions: list[str]
    routes: list[str] | None
    person_id: PersonId | None = Field(description="The person whose key it is, if any.")
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyCreated(KeyRead):
    """A new key. This is the only time that `key` is shown."""

    key: str = Field(description="The key; keep it, it is not shown again.")


class KeyRevoked(Schema):
    """A revoked key."""

    id: KeyId
    revoked_at: datetime
    own: bool = Field(description="True when you revoked the key that you are calling with.")
    message: str


class PersonCreate(Schema):
    """A person to add."""

    email: Email
    name: Name
    role: Role


class PersonRead(Schema):
    """A person as clients see one."""

    id: PersonId
    email: str
    name: str
    role: str
    created_at: datetime
    deactivated_at: datetime | None


class OrganizationRead(Schema):
    """The organization that you are in."""

    id: OrganizationId
    name: str
    slug: str
    content_mode: ContentMode = Field(description="What of prompts and answers is kept.")
    retention_days: int | None = Field(description="Days that operations are kept; null: always.")
    created_at: datetime


class OrganizationUpdate(Schema):
    """What to change of the organization; what is absent stays."""

    name: Name | None = None
    content_mode: ContentMode | None = None
    retention_days: int | None = Field(
        default=None, ge=1, le=36_500, description="Null keeps operations for ever."
    )


class OrganizationName(Schema):
    """An organization, in short."""

    id: OrganizationId
    name: str


class Me(Schema):
    """Who is asking."""

    id: str
    kind: Literal["key", "person", "system"]
    name: str
    organization: OrganizationName
    role: str | None = Field(description="The role of the person behind the key, if any.")
    permissions: list[str]

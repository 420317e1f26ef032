"""What the identity API takes and gives."""

from datetime import UTC, datetime
from typing import Annotated, Literal
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


def _session(made: UUID) -> str:
    return ids.public("session", made)


def _team(made: UUID) -> str:
    return ids.public("team", made)


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
KeyId = Annotated[UUID, PlainSerializer(_key, return_type=str, when_used="json")]
OrganizationId = Annotated[UUID, PlainSerializer(_organization, return_type=str, when_used="json")]
PersonId = Annotated[UUID, PlainSerializer(_person, return_type=str, when_used="json")]
SessionId = Annotated[UUID, PlainSerializer(_session, return_type=str, when_used="json")]
TeamId = Annotated[UUID, PlainSerializer(_team, return_type=str, when_used="json")]


class KeyCreate(Schema):
    """A key to make."""

    name: Name = Field(description="What the key is for.")
    permissions: list[Permission] = Field(
        min_length=1, max_length=100, description="What it may do; no more than you may."
    )
    routes: list[RouteName] | None = Field(
        default=None, max_length=500, description="Routes it may call; absent: every route."
    )
    default_route: RouteName | None = Field(
        default=None,
        description="Asked where a call names no model, and whose provider is asked for what "
        "providers keep; absent: Hone chooses among all models, and the route `default` is asked.",
    )
    expires_at: Moment | None = Field(
        default=None, description="When it stops working; absent: never."
    )
    team_id: str | None = Field(
        default=None, max_length=60, description="The team whose key it is, if any."
    )


class KeyRead(Schema):
    """A key as clients see it; the key itself is shown once, when it is made."""

    id: KeyId
    name: str
    hint: str = Field(description="How the key begins, to recognise it by.")
    permissions: list[str]
    routes: list[str] | None
    default_route: str | None = Field(description="Asked where a call names no model.")
    person_id: PersonId | None = Field(description="The person whose key it is, if any.")
    team_id: TeamId | None = Field(description="The team whose key it is, if any.")
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(
        default=None,
        description="When it was last used, to some 15 seconds; null: never, or before Hone counted it.",
    )


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


class TeamName(Schema):
    """A team, in short."""

    id: TeamId
    name: str


PersonState = Literal["active", "invited", "deactivated"]


class PersonRead(Schema):
    """A person as clients see one."""

    id: PersonId
    email: str
    name: str
    role: str
    state: PersonState = Field(description="Who is invited has not set a password yet.")
    teams: list[TeamName]
    last_seen_at: datetime | None = Field(description="When they last used a browser here.")
    created_at: datetime
    deactivated_at: datetime | None
    version: int


class PersonUpdate(Schema):
    """What to change of a person; what is absent stays."""

    name: Name | None = None
    role: Role | None = None
    version: int = Field(description="The version that was read.")


class PeopleQuery(Schema):
    """Which people to list."""

    q: str | None = Field(
        default=None, max_length=200, description="Part of a name or of an e-mail address."
    )
    role: Role | None = None
    state: PersonState | None = None


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


class SignIn(Schema):
    """What a person proves who they are by."""

    email: str = Field(max_length=320)
    password: SecretStr = Field(max_length=512)
    organization: str | None = Field(
        default=None, max_length=63, description="Its slug, where the password fits several."
    )


class Renewed(Schema):
    """A session that goes on."""

    expires_at: datetime = Field(description="When to have refreshed it by.")


class SessionRead(Schema):
    """One browser in which a person is signed in."""

    id: SessionId
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime = Field(description="When it ends if nobody comes back.")
    address: str
    user_agent: str = Field(description="Browser and system, such as `Chrome on Linux`.")
    method: str
    current: bool = Field(description="True for the session that asks.")


class MeUpdate(Schema):
    """What to change of yourself; what is absent stays."""

    name: Name | None = None


class PasswordChange(Schema):
    """A new password in place of the present one."""

    current: SecretStr = Field(max_length=512)
    new: SecretStr = Field(max_length=512)


class Forgot(Schema):
    """Whose password is to be set anew."""

    email: str = Field(max_length=320)


LinkPurpose = Literal["invitation", "reset"]


class OrganizationTitle(Schema):
    """An organization, by its name alone."""

    name: str


class LinkRead(Schema):
    """What a link is for."""

    purpose: LinkPurpose
    email: str
    name: str
    organization: OrganizationTitle
    expires_at: datetime


class SetPassword(Schema):
    """A password, set by the holder of a link."""

    token: SecretStr = Field(max_length=200)
    password: SecretStr = Field(max_length=512)
    name: Name | None = Field(default=None, description="For somebody who joins.")


class PasswordLink(Schema):
    """A link by which a person sets a new password; it is shown once."""

    url: str
    expires_at: datetime


class Invitation(Schema):
    """Somebody to invite."""

    email: Email
    name: Name
    role: Role
    teams: list[str] = Field(default=[], max_length=100, description="Teams to join at once.")


class Invited(Schema):
    """An invitation; the link is shown once."""

    person: PersonRead
    url: str
    expires_at: datetime
    sent: bool = Field(description="True when the link is on its way by e-mail.")


class TeamCreate(Schema):
    """A team to make."""

    name: Name


class TeamUpdate(Schema):
    """Another name for a team."""

    name: Name
    version: int = Field(description="The version that was read.")


class TeamRead(Schema):
    """A team as lists show it."""

    id: TeamId
    name: str
    member_count: int
    key_count: int = Field(description="Keys of the team that work.")
    created_at: datetime
    version: int


class TeamMember(Schema):
    """A person in a team, in short."""

    id: PersonId
    name: str
    email: str
    role: str


class TeamWithMembers(TeamRead):
    """A team with its people, by name."""

    members: list[TeamMember]


class KeysQuery(Schema):
    """Which keys to list."""

    q: str | None = Field(default=None, max_length=200, description="Part of a key's name.")
    state: Literal["active", "expired", "revoked"] | None = None
    person: str | None = Field(default=None, max_length=60, description="Whose keys.")
    team: str | None = Field(default=None, max_length=60, description="Which team's keys.")


class OidcName(Schema):
    """An identity provider, in short."""

    id: str
    name: str


class SignInOptions(Schema):
    """What the sign-in page offers."""

    password_reset: Literal["email", "console", "administrator"] = Field(
        description="Where the link to set a new password arrives."
    )
    oidc: list[OidcName] = Field(description="Identity providers to sign in with.")
    oidc_callback: str = Field(
        description="Where identity providers send people back to; to be registered there."
    )


class MySession(Schema):
    """The session of whoever is signed in."""

    id: SessionId
    expires_at: datetime = Field(
        description="When to have refreshed it by; a session that is refreshed goes on."
    )


class Me(Schema):
    """Who is asking."""

    id: str
    kind: Literal["key", "person", "system"]
    name: str
    email: str | None = Field(description="Of the person, if there is one.")
    organization: OrganizationName
    role: str | None = Field(description="The role of the person behind the key, if any.")
    permissions: list[str]
    session: MySession | None = Field(description="Null for a key.")

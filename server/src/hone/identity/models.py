"""Tables of the identity domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Organization(Base):
    """The tenant: every row and every query names one."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'"),
        CheckConstraint("content_mode IN ('full', 'none')"),
        CheckConstraint("retention_days > 0"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(Text, unique=True)
    content_mode: Mapped[str] = mapped_column(Text, server_default=text("'full'"))
    retention_days: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Person(Base):
    """Someone who works in one organization, in one role."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("length(email) BETWEEN 3 AND 320"),
        Index("people_email", "organization_id", text("lower(email)"), unique=True),
        Index("people_address", text("lower(email)")),
        Index("people_page", "organization_id", text("id DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deactivated_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    """When they were asked to join; nothing once they have."""
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class ApiKey(Base):
    """A key of an organization; the key itself is not kept, only its SHA-256."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120"),
        Index("api_keys_page", "organization_id", text("id DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    hint: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    permissions: Mapped[list[str]]
    routes: Mapped[list[str] | None]
    default_route: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"))


class KeyUse(Base):
    """When a key was last used; apart from the key, since a use is no change of it."""

    __tablename__ = "key_uses"

    key_id: Mapped[UUID] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    used_at: Mapped[datetime]


class Password(Base):
    """How a person proves who they are."""

    __tablename__ = "passwords"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignedIn(Base):
    """A session: one browser in which a person is signed in."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    method: Mapped[str]
    generation: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    """The refresh token that counts; an older one was stolen, or its thief has refreshed."""
    rotated_at: Mapped[datetime]
    address: Mapped[str]
    user_agent: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Link(Base):
    """An invitation or a password reset: works once, for a while."""

    __tablename__ = "links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    digest: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """How often sign-in failed for one address; digests only, of no tenant."""

    __tablename__ = "throttles"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    failed_at: Mapped[datetime]
    locked_until: Mapped[datetime]


class Team(Base):
    """People who work together, and the keys that are theirs."""

    __tablename__ = "teams"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Member(Base):
    """A person in a team."""

    __tablename__ = "team_members"

    team_id: Mapped[UUID] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OidcProvider(Base):
    """An identity provider at which people of an organization sign in."""

    __tablename__ = "oidc_providers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[bytes | None]
    scopes: Mapped[list[str]]
    domains: Mapped[list[str]]
    role: Mapped[str | None]
    """What somebody becomes who is not here yet; nothing lets only those in who are."""
    listed: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OidcSubject(Base):
    """Who a person is at an identity provider."""

    __tablename__ = "oidc_subjects"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

"""The rules of organizations, people and API keys."""

import base64
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import clock, crypto, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.gateway import Principal
from hone.identity import repository
from hone.identity.errors import (
    EmailTaken,
    ExpiryPassed,
    KeyWouldOutlive,
    LastAdmin,
    NoOrganization,
    RoutesNotYours,
)
from hone.identity.models import ApiKey, Organization, Person
from hone.identity.permissions import PERMISSIONS, Actor, Permission, Role
from hone.identity.schemas import (
    KeyCreate,
    KeyCreated,
    KeyRead,
    KeyRevoked,
    Me,
    OrganizationName,
    OrganizationUpdate,
    PersonCreate,
    PersonRead,
)

_HINT_LENGTH = 9


async def me(session: Session, actor: Actor) -> Me:
    """Tell who is asking."""
    kind: Literal["key", "person", "system"] = "system"
    person_id = None
    if (key_id := ids.parse("key", actor.id)) is not None:
        kind = "key"
        key = await repository.key(session, actor.organization_id, key_id)
        person_id = key and key.person_id
    elif (person_id := ids.parse("person", actor.id)) is not None:
        kind = "person"
    person = person_id and await repository.person(session, actor.organization_id, person_id)
    return Me(
        id=actor.id,
        kind=kind,
        name=actor.name,
        organization=OrganizationName.model_validate(
            await organization(session, actor.organization_id)
        ),
        role=person.role if person else None,
        permissions=sorted(actor.permissions),
    )


async def organization(session: Session, organization_id: UUID) -> Organization:
    """Return an organization; the transaction must be in it."""
    found = await repository.organization(session, organization_id)
    if found is None:
        raise NoOrganization
    return found


async def update_organization(
    session: Session, actor: Actor, data: OrganizationUpdate
) -> Organization:
    """Change the organization's name, what it keeps and for how long."""
    actor.require(Permission.ORGANIZATION_WRITE)
    row = await organization(session, actor.organization_id)
    wanted = {
        name: value
        for name, value in data.model_dump(mode="json", exclude_unset=True).items()
        if (value is not None or name == "retention_days") and getattr(row, name) != value
    }
    if wanted:
        before = {name: getattr(row, name) for name in wanted}
        for name, value in wanted.items():
            setattr(row, name, value)
        _publish(
            session,
            actor,
            "organization.updated",
            ids.public("org", row.id),
            before=before,
            after=wanted,
        )
    return row


async def access_key(
    session: Session, actor: Actor, key_id: str, permission: Permission = Permission.KEYS_READ
) -> ApiKey:
    """Open the one door to a key: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("key", key_id)
    found = parsed and await repository.key(session, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such key in this organization.")
    return found


async def keys(session: Session, actor: Actor, query: PageQuery) -> Page[KeyRead]:
    """List the organization's keys, newest first."""
    actor.require(Permission.KEYS_READ)
    rows, total, following = await repository.page(session, ApiKey, actor.organization_id, query)
    items = [KeyRead.model_validate(row) for row in rows]
    return Page[KeyRead](items=items, total=total, next=following)


async def create_key(session: Session, actor: Actor, data: KeyCreate) -> KeyCreated:
    """Make a key that may do no more, on no more routes and for no longer than its maker."""
    actor.require(Permission.KEYS_WRITE)
    actor.require_all(data.permissions)
    if data.expires_at is not None and data.expires_at <= clock.now():
        raise ExpiryPassed(param="expiresAt")
    maker = await _maker(session, actor)
    if maker is not None:
        _refuse_more_than(maker, data.routes, data.expires_at)
    person_id = maker.person_id if maker else ids.parse("person", actor.id)
    return await add_key(session, actor, data, new_key(), person_id)


async def add_key(
    session: Session, actor: Actor, data: KeyCreate, key: str, person_id: UUID | None
) -> KeyCreated:
    """Keep the digest of a key and return the key itself, once."""
    key_id = ids.new()
    row = ApiKey(
        id=key_id,
        organization_id=actor.organization_id,
        name=data.name,
        hint=f"{key[:_HINT_LENGTH]}…",
        digest=crypto.digest(key),
        permissions=sorted(set(data.permissions)),
        routes=None if data.routes is None else sorted(set(data.routes)),
        person_id=person_id,
        created_at=ids.created_at(key_id),
        created_by=actor.id,
        expires_at=data.expires_at,
        revoked_at=None,
    )
    session.add(row)
    after = {
        "name": row.name,
        "permissions": row.permissions,
        "routes": row.routes,
        "expires_at": row.expires_at and row.expires_at.isoformat(),
    }
    _publish(session, actor, "key.created", ids.public("key", key_id), after=after)
    await session.flush()
    return KeyCreated(**KeyRead.model_validate(row).model_dump(), key=key)


def new_key() -> str:
    """Make an API key: 256 random bits."""
    return "hone_" + base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


async def revoke_key(session: Session, actor: Actor, key_id: str) -> KeyRevoked:
    """Stop a key for good; whoever may write keys may stop any, since a leak cannot wait."""
    row = await access_key(session, actor, key_id, Permission.KEYS_WRITE)
    subject = ids.public("key", row.id)
    if row.revoked_at is None:
        row.revoked_at = now = clock.now()
        after = {"revoked_at": now.isoformat()}
        before = {"revoked_at": None}
        _publish(session, actor, "key.revoked", subject, before=before, after=after)
    own = subject == actor.id
    message = "This key is revoked."
    if own:
        message = "You revoked the key that you are calling with; it stops working within a second."
    return KeyRevoked(id=row.id, revoked_at=row.revoked_at, own=own, message=message)


async def _maker(session: Session, actor: Actor) -> ApiKey | None:
    """Find the key that the actor calls with; people and the system have none."""
    key_id = ids.parse("key", actor.id)
    return key_id and await repository.key(session, actor.organization_id, key_id)


def _refuse_more_than(
    maker: ApiKey, routes: Sequence[str] | None, expires_at: datetime | None
) -> None:
    if maker.routes is not None and (routes is None or not set(routes) <= set(maker.routes)):
        raise RoutesNotYours(param="routes", details={"routes": maker.routes})
    latest = maker.expires_at
    if latest is not None and (expires_at is None or expires_at > latest):
        raise KeyWouldOutlive(param="expiresAt", details={"latest": latest.isoformat()})


async def access_person(
    session: Session,
    actor: Actor,
    person_id: str,
    permission: Permission = Permission.PEOPLE_READ,
) -> Person:
    """Open the one door to a person: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("person", person_id)
    found = parsed and await repository.person(session, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such person in this organization.")
    return found


async def people(session: Session, actor: Actor, query: PageQuery) -> Page[PersonRead]:
    """List the organization's people, newest first."""
    actor.require(Permission.PEOPLE_READ)
    rows, total, following = await repository.page(session, Person, actor.organization_id, query)
    items = [PersonRead.model_validate(row) for row in rows]
    return Page[PersonRead](items=items, total=total, next=following)


async def create_person(session: Session, actor: Actor, data: PersonCreate) -> Person:
    """Add a person in a role that gives no more than the actor has."""
    actor.require(Permission.PEOPLE_WRITE)
    actor.require_all(PERMISSIONS[data.role])
    person_id = ids.new()
    row = Person(
        id=person_id,
        organization_id=actor.organization_id,
        email=data.email,
        name=data.name,
        role=data.role.value,
        created_at=ids.created_at(person_id),
    )
    session.add(row)
    # Name and address are personal: they stay out of the trail, which is never rewritten.
    subject = ids.public("person", person_id)
    _publish(session, actor, "person.created", subject, after={"role": row.role})
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTaken(param="email") from error
    return row


async def deactivate_person(session: Session, actor: Actor, person_id: str) -> Person:
    """Shut a person out, with every key that is theirs."""
    row = await access_person(session, actor, person_id, Permission.PEOPLE_WRITE)
    actor.require_all(_allowed(row.role))
    if row.deactivated_at is not None:
        return row
    if row.role == Role.ADMIN:
        admins = await repository.active_with_role(session, actor.organization_id, Role.ADMIN)
        if [each.id for each in admins] == [row.id]:
            raise LastAdmin
    row.deactivated_at = now = clock.now()
    _publish(
        session,
        actor,
        "person.deactivated",
        ids.public("person", row.id),
        before={"deactivated_at": None},
        after={"deactivated_at": now.isoformat()},
    )
    return row


async def principals(session: Session, organization_id: UUID) -> dict[bytes, Principal]:
    """Compile the keys that work: not revoked, not expired, nobody's who was shut out.

    A person's key never does more than the person's present role allows.
    """
    found = await repository.usable_keys(session, organization_id, clock.now())
    return {key.digest: _principal(key, role) for key, role in found}


def _principal(key: ApiKey, role: str | None) -> Principal:
    permissions = frozenset(key.permissions)
    if role is not None:
        permissions &= _allowed(role)
    return Principal(
        key_id=key.id,
        organization_id=key.organization_id,
        name=key.name,
        permissions=permissions,
        routes=None if key.routes is None else frozenset(key.routes),
        expires_at=None if key.expires_at is None else key.expires_at.timestamp(),
        person_id=key.person_id,
    )


def _allowed(role: str) -> frozenset[str]:
    """Look a role up; one of a newer version allows nothing here."""
    return frozenset(
        each.value for known, held in PERMISSIONS.items() if known == role for each in held
    )


def _publish(
    session: Session, actor: Actor, name: str, subject: str, **data: Mapping[str, object]
) -> None:
    publish(session, actor.organization_id, actor.id, name, subject, data)

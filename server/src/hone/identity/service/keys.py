"""The rules of API keys."""

import base64
import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.exc import IntegrityError

from hone.core import clock, crypto, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery
from hone.identity import repository
from hone.identity.errors import (
    DefaultRouteOutside,
    ExpiryPassed,
    KeyTaken,
    KeyWouldOutlive,
    RoutesNotYours,
)
from hone.identity.models import ApiKey
from hone.identity.permissions import Actor, Permission
from hone.identity.repository.lists import contains
from hone.identity.schemas import KeyCreate, KeyCreated, KeyRead, KeyRevoked, KeysQuery
from hone.identity.service.teams import access_team
from hone.identity.service.trail import note

_HINT_LENGTH = 9


async def access_key(
    session: Session, actor: Actor, key_id: str, permission: Permission = Permission.KEYS_READ
) -> ApiKey:
    """Open the one door to a key: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("key", key_id)
    found = parsed and await repository.keys.find(session, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such key in this organization.")
    return found


async def keys(
    session: Session, actor: Actor, page: PageQuery, query: KeysQuery | None = None
) -> Page[KeyRead]:
    """List the organization's keys, newest first."""
    actor.require(Permission.KEYS_READ)
    conditions = [] if query is None else _conditions(query)
    rows, total, following = await repository.lists.page(
        session, ApiKey, actor.organization_id, page, *conditions
    )
    items = await _shown(session, actor, rows)
    return Page[KeyRead](items=items, total=total, next=following)


async def key(session: Session, actor: Actor, key_id: str) -> KeyRead:
    """Show one key."""
    row = await access_key(session, actor, key_id)
    return (await _shown(session, actor, [row]))[0]


async def _shown(session: Session, actor: Actor, rows: Sequence[ApiKey]) -> list[KeyRead]:
    used = await repository.keys.used(session, actor.organization_id, [row.id for row in rows])
    shown = (KeyRead.model_validate(row) for row in rows)
    return [each.model_copy(update={"last_used_at": used.get(each.id)}) for each in shown]


async def note_uses(session: Session, organization_id: UUID, keys: Sequence[UUID]) -> None:
    """Write down that keys were used just now; this is no change, and leaves no event."""
    await repository.keys.note_uses(session, organization_id, keys, clock.now())


def _conditions(query: KeysQuery) -> list[ColumnElement[bool]]:
    """Write what a list is held to; an id that is none is nobody's."""
    conditions: list[ColumnElement[bool]] = []
    if query.q:
        conditions.append(contains(ApiKey.name.expression, query.q))
    if query.person is not None:
        conditions.append(ApiKey.person_id == (ids.parse("person", query.person) or UUID(int=0)))
    if query.team is not None:
        conditions.append(ApiKey.team_id == (ids.parse("team", query.team) or UUID(int=0)))
    revoked, expired = ApiKey.revoked_at.is_not(None), ApiKey.expires_at <= clock.now()
    if query.state == "revoked":
        conditions.append(revoked)
    elif query.state == "expired":
        conditions += [~revoked, expired]
    elif query.state == "active":
        conditions += [~revoked, or_(ApiKey.expires_at.is_(None), ~expired)]
    return conditions


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
    if data.team_id is not None:
        await access_team(session, actor, data.team_id, Permission.KEYS_WRITE)
    return await add_key(session, actor, data, new_key(), person_id)


async def add_key(
    session: Session, actor: Actor, data: KeyCreate, key: str, person_id: UUID | None
) -> KeyCreated:
    """Keep the digest of a key and return the key itself, once."""
    hint = f"{key[:_HINT_LENGTH]}…"
    row = await _keep(session, actor, data, crypto.digest(key), hint, person_id)
    return KeyCreated(**KeyRead.model_validate(row).model_dump(), key=key)


async def adopt_key(
    session: Session, actor: Actor, data: KeyCreate, digest: bytes, hint: str
) -> KeyRead | None:
    """Keep a key that another gateway has made, of which its SHA-256 is all there is.

    None where this organization has it already.
    """
    actor.require(Permission.KEYS_WRITE)
    actor.require_all(data.permissions)
    if data.expires_at is not None and data.expires_at <= clock.now():
        raise ExpiryPassed(param="expiresAt")
    if await repository.keys.has(session, digest):
        return None
    try:
        row = await _keep(session, actor, data, digest, hint, None)
    except IntegrityError as error:
        raise KeyTaken from error
    return KeyRead.model_validate(row)


async def _keep(
    session: Session,
    actor: Actor,
    data: KeyCreate,
    digest: bytes,
    hint: str,
    person_id: UUID | None,
) -> ApiKey:
    if not (data.default_route is None or data.routes is None or data.default_route in data.routes):
        raise DefaultRouteOutside(param="defaultRoute")
    key_id = ids.new()
    row = ApiKey(
        id=key_id,
        organization_id=actor.organization_id,
        name=data.name,
        hint=hint,
        digest=digest,
        permissions=sorted(set(data.permissions)),
        routes=None if data.routes is None else sorted(set(data.routes)),
        default_route=data.default_route,
        person_id=person_id,
        created_at=ids.created_at(key_id),
        created_by=actor.id,
        expires_at=data.expires_at,
        revoked_at=None,
        team_id=None if data.team_id is None else ids.parse("team", data.team_id),
    )
    session.add(row)
    after = {
        "name": row.name,
        "permissions": row.permissions,
        "routes": row.routes,
        "default_route": row.default_route,
        "expires_at": row.expires_at and row.expires_at.isoformat(),
    }
    note(session, actor, "key.created", ids.public("key", key_id), after=after)
    await session.flush()
    return row


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
        note(session, actor, "key.revoked", subject, before=before, after=after)
    own = subject == actor.id
    message = "This key is revoked."
    if own:
        message = "You revoked the key that you are calling with; it stops working within a second."
    return KeyRevoked(id=row.id, revoked_at=row.revoked_at, own=own, message=message)


async def _maker(session: Session, actor: Actor) -> ApiKey | None:
    """Find the key that the actor calls with; people and the system have none."""
    key_id = ids.parse("key", actor.id)
    return key_id and await repository.keys.find(session, actor.organization_id, key_id)


def _refuse_more_than(
    maker: ApiKey, routes: Sequence[str] | None, expires_at: datetime | None
) -> None:
    if maker.routes is not None and (routes is None or not set(routes) <= set(maker.routes)):
        raise RoutesNotYours(param="routes", details={"routes": maker.routes})
    latest = maker.expires_at
    if latest is not None and (expires_at is None or expires_at > latest):
        raise KeyWouldOutlive(param="expiresAt", details={"latest": latest.isoformat()})

"""The rules of links: invitations and password resets, which work once and for a while.

A link names its organization and its row, so that it is found without a search; the rest of it is
a secret of 256 bits, of which only the digest is kept.
"""

import base64
import binascii
import hmac
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.core import clock, crypto, ids
from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.identity import repository
from hone.identity.delivery import send_link
from hone.identity.desk import ADMINISTRATOR, Desk, Visit
from hone.identity.errors import AlreadyJoined, LinkExpired, PersonDeactivated
from hone.identity.models import Link, Person
from hone.identity.passwords import refuse_weak
from hone.identity.permissions import PERMISSIONS, Actor, Permission, allowed
from hone.identity.schemas import (
    Invitation,
    Invited,
    LinkPurpose,
    LinkRead,
    OrganizationTitle,
    PasswordLink,
    PersonCreate,
    SetPassword,
)
from hone.identity.service import throttling
from hone.identity.service.me import me
from hone.identity.service.organizations import organization
from hone.identity.service.people import access_person, add_person, person_by_email, rename, shown
from hone.identity.service.sessions import actor_of, begin, end_all, issue
from hone.identity.service.sign_in import PASSWORD, Admitted, pace
from hone.identity.service.teams import join_all
from hone.identity.service.trail import note

INVITATION: Final = "invitation"
RESET: Final = "reset"
_LIVES: Final = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
_BYTES: Final = 16 + 16 + 32


@dataclass(frozen=True, slots=True)
class Made:
    """A new link."""

    url: str
    expires_at: datetime


async def invite(session: Session, actor: Actor, desk: Desk, data: Invitation) -> Invited:
    """Ask somebody to join; who is invited already gets a new link in place of the old one."""
    actor.require(Permission.PEOPLE_WRITE)
    wanted = PersonCreate(email=data.email, name=data.name, role=data.role)
    row = await repository.people.by_email(session, actor.organization_id, data.email)
    if row is None or row.invited_at is None:
        row = await add_person(session, actor, desk.keyring, wanted, "person.invited")
    else:
        await _invite_again(session, actor, desk, row, wanted)
    await join_all(session, actor, data.teams, row)
    return await _invited(session, desk, row)


async def _invite_again(
    session: Session, actor: Actor, desk: Desk, row: Person, data: PersonCreate
) -> None:
    """Invite somebody who has not joined yet, or whose invitation was taken back."""
    actor.require_all(allowed(row.role) | PERMISSIONS[data.role])
    before, after = {"role": row.role}, {"role": data.role.value}
    row.role, row.deactivated_at, row.invited_at = data.role.value, None, clock.now()
    row.version += 1
    subject = ids.public("person", row.id)
    note(session, actor, "person.invited", subject, before=before, after=after)
    await rename(session, actor, desk.keyring, row, data.name)


async def renew_invitation(session: Session, actor: Actor, desk: Desk, person_id: str) -> Invited:
    """Make a new link for somebody who has not joined yet; the old one stops working."""
    row = await _still_invited(session, actor, person_id)
    note(session, actor, "person.invited", ids.public("person", row.id), after={"renewed": True})
    return await _invited(session, desk, row)


async def withdraw_invitation(session: Session, actor: Actor, person_id: str) -> None:
    """Take an invitation back: the person is shut out before they have come in."""
    row = await _still_invited(session, actor, person_id)
    row.deactivated_at = now = clock.now()
    row.version += 1
    after = {"deactivated_at": now.isoformat(), "withdrawn": True}
    note(session, actor, "person.deactivated", ids.public("person", row.id), after=after)
    await repository.credentials.drop_links(session, actor.organization_id, row.id)


async def password_link(session: Session, actor: Actor, desk: Desk, person_id: str) -> PasswordLink:
    """Make a link by which a person sets a new password; it is shown once."""
    row = await access_person(session, actor, person_id, Permission.PEOPLE_WRITE, lock=True)
    if row.deactivated_at is not None:
        raise PersonDeactivated
    made = await make(session, desk, row, _purpose(row))
    subject = ids.public("person", row.id)
    note(session, actor, "person.password_link_made", subject)
    return PasswordLink(url=made.url, expires_at=made.expires_at)


async def link_of(session: Session, actor: Actor, desk: Desk, email: str) -> PasswordLink:
    """Make a link by which whoever has an address sets a new password."""
    found = await person_by_email(session, actor, email)
    return await password_link(session, actor, desk, ids.public("person", found.id))


async def make(session: Session, desk: Desk, row: Person, purpose: str) -> Made:
    """Make a link; the ones before it stop working."""
    await repository.credentials.drop_links(session, row.organization_id, row.id)
    link_id, secret, now = ids.new(), os.urandom(32), clock.now()
    link = Link(
        id=link_id,
        organization_id=row.organization_id,
        person_id=row.id,
        purpose=purpose,
        digest=_digest(secret),
        created_at=now,
        expires_at=now + _LIVES[purpose],
        used_at=None,
    )
    session.add(link)
    await session.flush()
    raw = row.organization_id.bytes + link_id.bytes + secret
    token = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return Made(f"{desk.public_url}/set-password?token={token}", link.expires_at)


async def read(desk: Desk, token: str) -> LinkRead:
    """Tell what a link is for, to whoever holds it."""
    organization_id, link_id, secret = _parsed(token)
    async with desk.database.transaction(organization_id) as session:
        link, row = await _open(session, organization_id, link_id, secret)
        title = (await organization(session, organization_id)).name
        return LinkRead(
            purpose=_as_purpose(link.purpose),
            email=row.email,
            name=row.name,
            organization=OrganizationTitle(name=title),
            expires_at=link.expires_at,
        )


async def use(desk: Desk, data: SetPassword, visit: Visit) -> Admitted:
    """Set a password by a link, join if that was asked, and sign in; other sessions end."""
    password = data.password.get_secret_value()
    organization_id, link_id, secret = _parsed(data.token.get_secret_value())
    async with desk.database.transaction(organization_id) as session:
        _, row = await _open(session, organization_id, link_id, secret)
        refuse_weak(password, row.email)
    hashed = await desk.hasher.hash(password)
    async with desk.database.transaction(organization_id) as session:
        link, row = await _open(session, organization_id, link_id, secret)
        link.used_at = now = clock.now()
        await repository.credentials.set_password(session, organization_id, row.id, hashed, now)
        await throttling.forgive(session, desk, row.email, visit.address)
        actor = actor_of(row)
        await _join(session, actor, desk.keyring, row, data.name)
        await end_all(session, actor, row.id)
        note(session, actor, "person.password_changed", ids.public("person", row.id))
        begun = await begin(session, desk.keyring, row, PASSWORD, visit)
        return Admitted(await me(session, actor_of(row, begun.id)), issue(desk.tokens, begun))


async def _join(
    session: Session, actor: Actor, keyring: Keyring, row: Person, name: str | None
) -> None:
    """Note that who was invited has come, under the name that they give."""
    if row.invited_at is None:
        return
    row.invited_at = None
    row.version += 1
    note(session, actor, "person.joined", ids.public("person", row.id))
    if name is not None:
        await rename(session, actor, keyring, row, name)


async def _invited(session: Session, desk: Desk, row: Person) -> Invited:
    made = await make(session, desk, row, INVITATION)
    title = (await organization(session, row.organization_id)).name
    sent = await send_link(session, desk, row, made.url, INVITATION, title)
    return Invited(
        person=await shown(session, row), url=made.url, expires_at=made.expires_at, sent=sent
    )


async def forgot(desk: Desk, email: str, visit: Visit) -> None:
    """Send whoever has an address a link to a new password; nothing is told of whether there is."""
    began = time.monotonic()
    await throttling.take(desk, f"forgot {email}", visit.address)
    async with desk.database.transaction() as session:
        places = await repository.people.everywhere(session, email)
    for organization_id, person_id in places:
        async with desk.database.transaction(organization_id) as session:
            row = await repository.people.find(session, organization_id, person_id)
            if row is None or row.deactivated_at is not None or desk.way == ADMINISTRATOR:
                continue
            made = await make(session, desk, row, _purpose(row))
            title = (await organization(session, organization_id)).name
            await send_link(session, desk, row, made.url, RESET, title)
            note(session, actor_of(row), "person.password_link_made", ids.public("person", row.id))
    await pace(began)


async def _still_invited(session: Session, actor: Actor, person_id: str) -> Person:
    row = await access_person(session, actor, person_id, Permission.PEOPLE_WRITE, lock=True)
    if row.invited_at is None or row.deactivated_at is not None:
        raise AlreadyJoined
    return row


async def _open(
    session: Session, organization_id: UUID, link_id: UUID, secret: bytes
) -> tuple[Link, Person]:
    """Find what a token stands for; whatever is wrong with it looks the same."""
    link = await repository.credentials.link(session, organization_id, link_id)
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkExpired
    row = await repository.people.find(session, organization_id, link.person_id)
    if row is None or row.deactivated_at is not None:
        raise LinkExpired
    if not hmac.compare_digest(link.digest, _digest(secret)):
        raise LinkExpired
    return link, row


def _purpose(row: Person) -> str:
    """Let a reset of somebody who has not joined yet be their invitation."""
    return RESET if row.invited_at is None else INVITATION


def _as_purpose(purpose: str) -> LinkPurpose:
    return "invitation" if purpose == INVITATION else "reset"


def _parsed(token: str) -> tuple[UUID, UUID, bytes]:
    try:
        raw = base64.b64decode(token.encode("ascii") + b"==", b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != _BYTES:
        raise LinkExpired
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), raw[32:]


def _digest(secret: bytes) -> bytes:
    return crypto.digest(secret.hex())

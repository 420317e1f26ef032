"""The rules of sessions: begun by signing in, renewed every few minutes, ended for good.

A refresh token works once; the next one is a generation newer. Whoever comes with an older one has
a copy of what somebody else has used, so nobody can tell thief from owner: both are out. Only two
tabs of one browser may come at once, so for some seconds the generation before still counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import seal_personal
from hone.core.keyring import Keyring
from hone.core.tokens import Access, Refresh, Tokens
from hone.gateway import SessionEnded
from hone.identity import repository
from hone.identity.desk import Desk, Visit
from hone.identity.errors import NotSignedIn
from hone.identity.models import Person, SignedIn
from hone.identity.permissions import Actor, allowed
from hone.identity.service.principals import ACCESS_SECONDS
from hone.identity.service.trail import note

IDLE: Final = timedelta(days=7)
"""How long a session waits for its person to come back."""
LONGEST: Final = timedelta(days=30)
"""How long a session lasts at most."""
GRACE: Final = timedelta(seconds=10)
"""How long the token before still counts, for tabs that refresh at once."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a browser is given to keep."""

    access: str
    refresh: str
    csrf: str
    access_until: float
    until: datetime


def actor_of(person: Person, session_id: UUID | None = None) -> Actor:
    """Return a person as an actor."""
    return Actor(
        ids.public("person", person.id),
        person.organization_id,
        allowed(person.role),
        person.name,
        session_id,
        clock.now().timestamp() + ACCESS_SECONDS,
    )


def issue(tokens: Tokens, row: SignedIn) -> Issued:
    """Sign what a session's browser is given."""
    until = min(clock.now().timestamp() + ACCESS_SECONDS, row.expires_at.timestamp())
    return Issued(
        access=tokens.access(Access(row.person_id, row.organization_id, row.id, until)),
        refresh=tokens.refresh(Refresh(row.organization_id, row.id, row.generation)),
        csrf=tokens.csrf(row.id),
        access_until=until,
        until=row.expires_at,
    )


async def begin(
    session: Session, keyring: Keyring, person: Person, method: str, visit: Visit
) -> SignedIn:
    """Begin a session of a person who has proved who they are."""
    now = clock.now()
    row = SignedIn(
        id=ids.new(),
        organization_id=person.organization_id,
        person_id=person.id,
        method=method,
        generation=1,
        rotated_at=now,
        address=visit.address,
        user_agent=visit.user_agent,
        created_at=now,
        last_seen_at=now,
        expires_at=now + IDLE,
    )
    session.add(row)
    facts = {"address": visit.address, "userAgent": visit.user_agent}
    personal = await seal_personal(session, keyring, person.organization_id, person.id, facts)
    subject = ids.public("session", row.id)
    after = {"method": method, "person": ids.public("person", person.id)}
    note(session, actor_of(person), "session.started", subject, personal=personal, after=after)
    await session.flush()
    return row


async def refresh(desk: Desk, token: str, visit: Visit) -> Issued:
    """Renew a session: a new access token, and a refresh token of the next generation."""
    said = desk.tokens.read_refresh(token)
    if said is None:
        raise SessionEnded
    async with desk.database.transaction(said.organization_id) as session:
        issued = await _renew(session, desk, said, visit)
    if issued is None:
        raise SessionEnded
    return issued


async def _renew(session: Session, desk: Desk, said: Refresh, visit: Visit) -> Issued | None:
    """Renew, or end what was used twice; that is kept although the answer is a refusal."""
    row = await repository.sessions.find(session, said.organization_id, said.session_id, lock=True)
    now = clock.now()
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    person = await repository.people.find(session, row.organization_id, row.person_id)
    if person is None or person.deactivated_at is not None:
        return None
    if said.generation == row.generation:
        row.generation += 1
        row.rotated_at = row.last_seen_at = now
        row.address, row.user_agent = visit.address, visit.user_agent
        row.expires_at = min(now + IDLE, row.created_at + LONGEST)
        return issue(desk.tokens, row)
    same = said.generation == row.generation - 1 and visit.user_agent == row.user_agent
    if same and now - row.rotated_at < GRACE:
        return issue(desk.tokens, row)
    if said.generation < row.generation:
        row.ended_at = now
        facts = {"address": visit.address, "userAgent": visit.user_agent}
        personal = await seal_personal(session, desk.keyring, row.organization_id, person.id, facts)
        subject = ids.public("session", row.id)
        after = {"person": ids.public("person", person.id), "generation": said.generation}
        note(session, actor_of(person), "session.reused", subject, personal=personal, after=after)
    return None


async def sign_out(desk: Desk, token: str) -> None:
    """End the session of a browser; the token may be any that the session ever had."""
    said = desk.tokens.read_refresh(token)
    if said is None:
        return
    async with desk.database.transaction(said.organization_id) as session:
        row = await repository.sessions.find(session, said.organization_id, said.session_id)
        person = row and await repository.people.find(session, row.organization_id, row.person_id)
        if row is not None and person:
            await _end(session, actor_of(person, row.id), person.id, row.id)


def require_signed_in(actor: Actor) -> tuple[UUID, UUID]:
    """Return the person and session of an actor; a key has none."""
    person_id = ids.parse("person", actor.id)
    if person_id is None or actor.session_id is None:
        raise NotSignedIn
    return person_id, actor.session_id


async def own_sessions(session: Session, actor: Actor) -> Sequence[SignedIn]:
    """List where the actor is signed in."""
    person_id, _ = require_signed_in(actor)
    now = clock.now()
    return await repository.sessions.open_of(session, actor.organization_id, person_id, now)


async def end_own_session(session: Session, actor: Actor, session_id: str) -> None:
    """End one of the actor's own sessions."""
    person_id, _ = require_signed_in(actor)
    parsed = ids.parse("session", session_id)
    if parsed is None or not await _end(session, actor, person_id, parsed):
        raise NotFound("You have no such session.")


async def end_other_sessions(session: Session, actor: Actor) -> None:
    """End all of the actor's sessions but the present one."""
    person_id, own = require_signed_in(actor)
    await end_all(session, actor, person_id, but=own)


async def end_all(
    session: Session, actor: Actor, person_id: UUID, *, but: UUID | None = None
) -> None:
    """End a person's sessions, perhaps all but one; they are out within a second."""
    ended = await repository.sessions.end(
        session, actor.organization_id, person_id, clock.now(), but=but
    )
    for each in ended:
        _note_end(session, actor, person_id, each)


async def _end(session: Session, actor: Actor, person_id: UUID, session_id: UUID) -> bool:
    """End a session of a person; one that has ended stays so."""
    row = await repository.sessions.find(session, actor.organization_id, session_id, lock=True)
    if row is None or row.person_id != person_id:
        return False
    if row.ended_at is None:
        row.ended_at = clock.now()
        _note_end(session, actor, person_id, session_id)
    return True


def _note_end(session: Session, actor: Actor, person_id: UUID, session_id: UUID) -> None:
    after = {"person": ids.public("person", person_id)}
    note(session, actor, "session.ended", ids.public("session", session_id), after=after)

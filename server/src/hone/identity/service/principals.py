"""What the gateway is told: the keys that work, the people who may be signed in, who was signed out."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.gateway import Principal
from hone.identity import repository
from hone.identity.models import ApiKey, Person
from hone.identity.permissions import allowed

ACCESS_SECONDS = 600
"""How long an access token works."""
_MARGIN_SECONDS = 60


async def principals(session: Session, organization_id: UUID) -> dict[bytes, Principal]:
    """Compile the keys that work: not revoked, not expired, nobody's who was shut out.

    A person's key never does more than the person's present role allows.
    """
    found = await repository.keys.usable(session, organization_id, clock.now())
    teams = await repository.teams.every_membership(session, organization_id)
    return {key.digest: _key(key, role, teams) for key, role in found}


async def visitors(session: Session, organization_id: UUID) -> dict[UUID, Principal]:
    """Compile the people who may be signed in, with what their present role allows."""
    teams = await repository.teams.every_membership(session, organization_id)
    return {
        person.id: _person(person, teams.get(person.id, ()))
        for person in await repository.people.active(session, organization_id)
    }


async def ended_sessions(session: Session, organization_id: UUID) -> frozenset[UUID]:
    """Name the sessions that ended while an access token of theirs may still be around."""
    since = clock.now() - timedelta(seconds=ACCESS_SECONDS + _MARGIN_SECONDS)
    return frozenset(await repository.sessions.ended_since(session, organization_id, since))


def _key(key: ApiKey, role: str | None, teams: Mapping[UUID, tuple[UUID, ...]]) -> Principal:
    permissions = frozenset(key.permissions)
    if role is not None:
        permissions &= allowed(role)
    mine = teams.get(key.person_id, ()) if key.person_id else ()
    return Principal(
        key_id=key.id,
        organization_id=key.organization_id,
        name=key.name,
        permissions=permissions,
        routes=None if key.routes is None else frozenset(key.routes),
        default_route=key.default_route,
        expires_at=None if key.expires_at is None else key.expires_at.timestamp(),
        person_id=key.person_id,
        teams=mine if key.team_id is None or key.team_id in mine else (*mine, key.team_id),
    )


def _person(person: Person, teams: tuple[UUID, ...]) -> Principal:
    return Principal(
        key_id=None,
        organization_id=person.organization_id,
        name=person.name,
        permissions=allowed(person.role),
        person_id=person.id,
        user=ids.public("person", person.id),
        teams=teams,
    )

"""The rules of teams: people who work together, and the keys that are theirs."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery
from hone.identity import repository
from hone.identity.errors import TeamChanged, TeamNameTaken
from hone.identity.models import Person, Team
from hone.identity.permissions import Actor, Permission
from hone.identity.repository.lists import contains
from hone.identity.schemas import (
    TeamCreate,
    TeamMember,
    TeamRead,
    TeamUpdate,
    TeamWithMembers,
)
from hone.identity.service.people import access_person
from hone.identity.service.trail import note


async def access_team(
    session: Session,
    actor: Actor,
    team_id: str,
    permission: Permission = Permission.PEOPLE_READ,
    *,
    lock: bool = False,
) -> Team:
    """Open the one door to a team: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("team", team_id)
    found = parsed and await repository.teams.find(
        session, actor.organization_id, parsed, lock=lock
    )
    if not found:
        raise NotFound("There is no such team in this organization.")
    return found


async def teams(
    session: Session, actor: Actor, page: PageQuery, q: str | None = None
) -> Page[TeamRead]:
    """List the organization's teams, newest first."""
    actor.require(Permission.PEOPLE_READ)
    named = [contains(Team.name.expression, q)] if q else []
    organization_id = actor.organization_id
    rows, total, following = await repository.lists.page(
        session, Team, organization_id, page, *named
    )
    found = [row.id for row in rows]
    sizes = await repository.teams.sizes(session, organization_id, found)
    keys = await repository.teams.key_counts(session, organization_id, found, clock.now())
    items = [_read(row, sizes.get(row.id, 0), keys.get(row.id, 0)) for row in rows]
    return Page[TeamRead](items=items, total=total, next=following)


async def team(session: Session, actor: Actor, team_id: str) -> TeamWithMembers:
    """Return a team with its members."""
    return await _shown(session, await access_team(session, actor, team_id))


async def create_team(session: Session, actor: Actor, data: TeamCreate) -> TeamWithMembers:
    """Make a team without members."""
    actor.require(Permission.PEOPLE_WRITE)
    made = ids.new()
    row = Team(
        id=made,
        organization_id=actor.organization_id,
        name=data.name,
        version=1,
        created_at=ids.created_at(made),
    )
    session.add(row)
    await _flush(session)
    note(session, actor, "team.created", ids.public("team", made), after={"name": row.name})
    return await _shown(session, row)


async def update_team(
    session: Session, actor: Actor, team_id: str, data: TeamUpdate
) -> TeamWithMembers:
    """Give a team another name."""
    row = await access_team(session, actor, team_id, Permission.PEOPLE_WRITE, lock=True)
    if row.version != data.version:
        raise TeamChanged(details={"version": row.version})
    if data.name != row.name:
        before = {"name": row.name}
        row.name, row.version = data.name, row.version + 1
        await _flush(session)
        subject = ids.public("team", row.id)
        note(session, actor, "team.updated", subject, before=before, after={"name": row.name})
    return await _shown(session, row)


async def delete_team(session: Session, actor: Actor, team_id: str) -> None:
    """Delete a team; its people and its keys stay."""
    row = await access_team(session, actor, team_id, Permission.PEOPLE_WRITE, lock=True)
    note(session, actor, "team.deleted", ids.public("team", row.id), before={"name": row.name})
    await repository.teams.remove(session, actor.organization_id, row.id)


async def add_member(session: Session, actor: Actor, team_id: str, person_id: str) -> None:
    """Add a person to a team; who is in it stays in it."""
    row = await access_team(session, actor, team_id, Permission.PEOPLE_WRITE)
    person = await access_person(session, actor, person_id)
    await _join(session, actor, row, person)


async def remove_member(session: Session, actor: Actor, team_id: str, person_id: str) -> None:
    """Take a person out of a team; who is not in it stays out."""
    row = await access_team(session, actor, team_id, Permission.PEOPLE_WRITE)
    person = await access_person(session, actor, person_id)
    if await repository.teams.leave(session, actor.organization_id, row.id, person.id):
        before = {"person": ids.public("person", person.id)}
        note(session, actor, "team.member_removed", ids.public("team", row.id), before=before)


async def join_all(session: Session, actor: Actor, team_ids: Sequence[str], person: Person) -> None:
    """Add a person to several teams."""
    for each in team_ids:
        row = await access_team(session, actor, each, Permission.PEOPLE_WRITE)
        await _join(session, actor, row, person)


async def _join(session: Session, actor: Actor, row: Team, person: Person) -> None:
    if await repository.teams.join(session, actor.organization_id, row.id, person.id):
        after = {"person": ids.public("person", person.id)}
        note(session, actor, "team.member_added", ids.public("team", row.id), after=after)


async def _flush(session: Session) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise TeamNameTaken(param="name") from error


def _read(row: Team, size: int, keys: int) -> TeamRead:
    return TeamRead(
        id=row.id,
        name=row.name,
        member_count=size,
        key_count=keys,
        created_at=row.created_at,
        version=row.version,
    )


async def _shown(session: Session, row: Team) -> TeamWithMembers:
    members = await repository.teams.members(session, row.organization_id, row.id)
    keys = await repository.teams.key_counts(session, row.organization_id, [row.id], clock.now())
    return TeamWithMembers(
        **_read(row, len(members), keys.get(row.id, 0)).model_dump(),
        members=[TeamMember.model_validate(each) for each in members],
    )

"""The rules of people: nobody grants more than they hold, nor acts on somebody who holds more."""

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import seal_personal
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery
from hone.identity import repository
from hone.identity.errors import EmailTaken, LastAdmin, PersonChanged
from hone.identity.models import Person, SignedIn
from hone.identity.permissions import PERMISSIONS, Actor, Permission, Role, allowed
from hone.identity.repository.lists import contains
from hone.identity.schemas import PeopleQuery, PersonCreate, PersonRead, PersonUpdate, TeamName
from hone.identity.service.sessions import end_all
from hone.identity.service.trail import note

State = Literal["active", "invited", "deactivated"]
_READ: Final = Permission.PEOPLE_READ
_WRITE: Final = Permission.PEOPLE_WRITE


async def access_person(
    session: Session,
    actor: Actor,
    person_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Person:
    """Open the one door to a person: permission first, then organization, then existence.

    Whoever writes must hold all that the person holds.
    """
    actor.require(permission)
    parsed = ids.parse("person", person_id)
    found = parsed and await repository.people.find(
        session, actor.organization_id, parsed, lock=lock
    )
    if not found:
        raise NotFound("There is no such person in this organization.")
    if permission is _WRITE:
        actor.require_all(allowed(found.role))
    return found


async def person(session: Session, actor: Actor, person_id: str) -> PersonRead:
    """Return one person."""
    return await shown(session, await access_person(session, actor, person_id))


async def people(
    session: Session, actor: Actor, query: PeopleQuery, page: PageQuery
) -> Page[PersonRead]:
    """List the organization's people, newest first."""
    actor.require(_READ)
    rows, total, following = await repository.lists.page(
        session, Person, actor.organization_id, page, *_conditions(query)
    )
    items = await _shown(session, rows)
    return Page[PersonRead](items=items, total=total, next=following)


def _conditions(query: PeopleQuery) -> list[ColumnElement[bool]]:
    """Write what a list is held to."""
    conditions: list[ColumnElement[bool]] = []
    if query.q:
        conditions.append(
            contains(Person.email.expression, query.q) | contains(Person.name.expression, query.q)
        )
    if query.role is not None:
        conditions.append(Person.role == query.role.value)
    gone, invited = Person.deactivated_at.is_not(None), Person.invited_at.is_not(None)
    if query.state == "deactivated":
        conditions.append(gone)
    elif query.state is not None:
        conditions += [~gone, invited if query.state == "invited" else ~invited]
    return conditions


async def create_person(
    session: Session, actor: Actor, keyring: Keyring, data: PersonCreate
) -> PersonRead:
    """Add a person in a role that gives no more than the actor has."""
    row = await add_person(session, actor, keyring, data, "person.created")
    return await shown(session, row)


async def add_person(
    session: Session, actor: Actor, keyring: Keyring, data: PersonCreate, event: str
) -> Person:
    """Add a person's row, invited or not, and tell of it by an event."""
    actor.require(_WRITE)
    actor.require_all(PERMISSIONS[data.role])
    person_id = ids.new()
    row = Person(
        id=person_id,
        organization_id=actor.organization_id,
        email=data.email,
        name=data.name,
        role=data.role.value,
        created_at=ids.created_at(person_id),
        invited_at=clock.now() if event == "person.invited" else None,
        version=1,
    )
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTaken(param="email") from error
    facts = {"after": {"email": row.email, "name": row.name}}
    personal = await seal_personal(session, keyring, row.organization_id, person_id, facts)
    subject = ids.public("person", person_id)
    note(session, actor, event, subject, personal=personal, after={"role": row.role})
    return row


async def find_person(session: Session, actor: Actor, email: str) -> PersonRead | None:
    """Return the person who has an address, if anybody has."""
    actor.require(_READ)
    found = await repository.people.by_email(session, actor.organization_id, email)
    return None if found is None else await shown(session, found)


async def person_by_email(session: Session, actor: Actor, email: str) -> PersonRead:
    """Return the person who has an address."""
    found = await find_person(session, actor, email)
    if found is None:
        raise NotFound(f"There is nobody with the address {email!r} in this organization.")
    return found


async def change_role_of(
    session: Session, actor: Actor, keyring: Keyring, email: str, role: Role
) -> PersonRead:
    """Give whoever has an address another role, whatever was changed meanwhile."""
    found = await person_by_email(session, actor, email)
    data = PersonUpdate(role=role, version=found.version)
    return await update_person(session, actor, keyring, ids.public("person", found.id), data)


async def update_person(
    session: Session, actor: Actor, keyring: Keyring, person_id: str, data: PersonUpdate
) -> PersonRead:
    """Change a person's name or role; a role counts within a second, in every open session."""
    row = await _locked(session, actor, person_id)
    if row.version != data.version:
        raise PersonChanged(details={"version": row.version})
    if data.role is not None and data.role.value != row.role:
        await _change_role(session, actor, row, data.role)
    if data.name is not None:
        await rename(session, actor, keyring, row, data.name)
    return await shown(session, row)


async def _change_role(session: Session, actor: Actor, row: Person, role: Role) -> None:
    actor.require_all(PERMISSIONS[role])
    await _refuse_last_admin(session, row)
    note(
        session,
        actor,
        "person.updated",
        ids.public("person", row.id),
        before={"role": row.role},
        after={"role": role.value},
    )
    row.role, row.version = role.value, row.version + 1


async def rename(session: Session, actor: Actor, keyring: Keyring, row: Person, name: str) -> None:
    """Give a person another name."""
    if name == row.name:
        return
    facts = {"before": {"name": row.name}, "after": {"name": name}}
    personal = await seal_personal(session, keyring, row.organization_id, row.id, facts)
    note(session, actor, "person.updated", ids.public("person", row.id), personal=personal)
    row.name, row.version = name, row.version + 1


async def deactivate_person(session: Session, actor: Actor, person_id: str) -> PersonRead:
    """Shut a person out, with every session, link and key that is theirs."""
    row = await _locked(session, actor, person_id)
    if row.deactivated_at is not None:
        return await shown(session, row)
    await _refuse_last_admin(session, row)
    row.deactivated_at = now = clock.now()
    row.version += 1
    note(
        session,
        actor,
        "person.deactivated",
        ids.public("person", row.id),
        before={"deactivated_at": None},
        after={"deactivated_at": now.isoformat()},
    )
    await end_all(session, actor, row.id)
    await repository.credentials.drop_links(session, actor.organization_id, row.id)
    return await shown(session, row)


async def reactivate_person(session: Session, actor: Actor, person_id: str) -> PersonRead:
    """Let a person in again, in the role that they had; their sessions stay ended."""
    row = await access_person(session, actor, person_id, _WRITE, lock=True)
    if row.deactivated_at is not None:
        before = {"deactivated_at": row.deactivated_at.isoformat()}
        row.deactivated_at = None
        row.version += 1
        subject = ids.public("person", row.id)
        after = {"deactivated_at": None}
        note(session, actor, "person.reactivated", subject, before=before, after=after)
    return await shown(session, row)


async def person_sessions(session: Session, actor: Actor, person_id: str) -> Sequence[SignedIn]:
    """List where a person is signed in."""
    row = await access_person(session, actor, person_id)
    now = clock.now()
    return await repository.sessions.open_of(session, actor.organization_id, row.id, now)


async def end_person_sessions(session: Session, actor: Actor, person_id: str) -> None:
    """Sign a person out everywhere."""
    row = await access_person(session, actor, person_id, _WRITE)
    await end_all(session, actor, row.id)


async def _locked(session: Session, actor: Actor, person_id: str) -> Person:
    """Find and lock a person; of administrators all, in one order, for any of them may be the last."""
    row = await access_person(session, actor, person_id, _WRITE)
    if row.role == Role.ADMIN:
        await repository.people.active_with_role(session, row.organization_id, Role.ADMIN)
    await session.refresh(row, with_for_update=True)
    return row


async def refuse_last_admin(session: Session, actor: Actor, person_id: str) -> None:
    """Raise `LastAdmin` if nobody else could administer the organization."""
    await _refuse_last_admin(session, await access_person(session, actor, person_id))


async def _refuse_last_admin(session: Session, row: Person) -> None:
    if row.role == Role.ADMIN:
        admins = await repository.people.active_with_role(session, row.organization_id, Role.ADMIN)
        if [each.id for each in admins] == [row.id]:
            raise LastAdmin


async def shown(session: Session, row: Person) -> PersonRead:
    """Return a person as clients see one."""
    return (await _shown(session, [row]))[0]


async def _shown(session: Session, rows: Sequence[Person]) -> list[PersonRead]:
    if not rows:
        return []
    people_ids = [row.id for row in rows]
    organization_id = rows[0].organization_id
    seen = await repository.sessions.last_seen(session, organization_id, people_ids)
    teams = await repository.teams.of_people(session, organization_id, people_ids)
    return [
        PersonRead(
            id=row.id,
            email=row.email,
            name=row.name,
            role=row.role,
            state=_state(row),
            teams=[TeamName.model_validate(team) for team in teams.get(row.id, ())],
            last_seen_at=seen.get(row.id),
            created_at=row.created_at,
            deactivated_at=row.deactivated_at,
            version=row.version,
        )
        for row in rows
    ]


def _state(row: Person) -> State:
    if row.deactivated_at is not None:
        return "deactivated"
    return "active" if row.invited_at is None else "invited"

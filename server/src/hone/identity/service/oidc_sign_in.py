"""Signing in at an identity provider: who comes back from there, and who that is here."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert

from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import seal_personal
from hone.identity import repository
from hone.identity.desk import Desk, Visit
from hone.identity.errors import DomainRefused, EmailUnverified, NotAMember, PersonShutOut
from hone.identity.models import OidcProvider, OidcSubject, Person
from hone.identity.openid import Client, Directory, Flow, Subject, begin, finish
from hone.identity.permissions import Role, system
from hone.identity.schemas import OidcName, PersonCreate
from hone.identity.service import sessions
from hone.identity.service.oidc import client_of
from hone.identity.service.people import add_person
from hone.identity.service.sessions import Issued
from hone.identity.service.trail import note

OIDC: Final = "oidc"


async def offered(desk: Desk) -> list[OidcName]:
    """Name the providers that the sign-in page offers."""
    async with desk.database.transaction() as session:
        found = await repository.oidc.listed(session)
    return [OidcName(id=ids.public("oidc", each), name=name) for each, name in found]


async def leave(
    desk: Desk, directory: Directory, provider_id: str, callback: str, path: str | None
) -> tuple[str, str]:
    """Return where to send a browser, and what it is to keep meanwhile."""
    parsed = ids.parse("oidc", provider_id)
    if parsed is None:
        raise NotFound("There is no such identity provider.")
    row, client = await _known(desk, parsed)
    provider = directory.find(row.issuer)
    url, flow = await begin(provider, client, " ".join(row.scopes), row.id, callback, path)
    return url, flow.write(desk.tokens.digest)


async def arrive(
    desk: Desk, directory: Directory, kept: str, answer: Mapping[str, str], visit: Visit
) -> tuple[Issued, str]:
    """Sign in whoever comes back, and return where they wanted to go."""
    flow = Flow.read(kept, answer.get("state", ""), desk.tokens.digest)
    row, client = await _known(desk, flow.provider)
    subject = await finish(directory.find(row.issuer), client, flow, answer)
    async with desk.database.transaction(row.organization_id) as session:
        person = await _person(session, desk, row, subject)
        begun = await sessions.begin(session, desk.keyring, person, OIDC, visit)
        return sessions.issue(desk.tokens, begun), flow.path


async def _known(desk: Desk, provider_id: UUID) -> tuple[OidcProvider, Client]:
    async with desk.database.transaction() as session:
        organization_id = await repository.oidc.organization_of(session, provider_id)
    if organization_id is None:
        raise NotFound("There is no such identity provider.")
    async with desk.database.transaction(organization_id) as session:
        row = await repository.oidc.find(session, organization_id, provider_id)
        if row is None:
            raise NotFound("There is no such identity provider.")
        return row, await client_of(session, desk.keyring, row)


async def _person(session: Session, desk: Desk, row: OidcProvider, subject: Subject) -> Person:
    """Find who somebody is: by what the provider calls them, at first by their verified address."""
    organization_id = row.organization_id
    known = await repository.oidc.subject(session, organization_id, subject.issuer, subject.subject)
    if known is not None:
        person = await repository.people.find(session, organization_id, known.person_id, lock=True)
    elif subject.email is None:
        raise EmailUnverified
    else:
        person = await repository.people.by_email(session, organization_id, subject.email)
        if person is None:
            person = await _join(session, desk, row, subject, subject.email)
    if person is None or person.deactivated_at is not None:
        raise PersonShutOut
    if known is None:
        await _link(session, desk, row, subject, person)
    if person.invited_at is not None:
        person.invited_at = None
        person.version += 1
    return person


async def _join(
    session: Session, desk: Desk, row: OidcProvider, subject: Subject, email: str
) -> Person:
    """Make a person of somebody who may become one."""
    if row.role is None:
        raise NotAMember
    if email.rpartition("@")[2].lower() not in row.domains:
        raise DomainRefused
    plain = "".join(each for each in subject.name or "" if each.isprintable()).strip()[:120]
    try:
        data = PersonCreate(email=email, name=plain or email[:120], role=Role(row.role))
    except (ValidationError, ValueError) as error:
        raise NotAMember from error
    actor = system(row.organization_id)
    return await add_person(session, actor, desk.keyring, data, "person.created")


async def _link(
    session: Session, desk: Desk, row: OidcProvider, subject: Subject, person: Person
) -> None:
    """Know somebody by what the provider calls them from now on, whatever becomes of the address."""
    await session.execute(
        insert(OidcSubject)
        .values(
            organization_id=row.organization_id,
            issuer=subject.issuer,
            subject=subject.subject,
            person_id=person.id,
        )
        .on_conflict_do_nothing()
    )
    facts = {"after": {"subject": subject.subject}}
    personal = await seal_personal(session, desk.keyring, row.organization_id, person.id, facts)
    note(
        session,
        sessions.actor_of(person),
        "person.linked",
        ids.public("person", person.id),
        personal=personal,
        after={"provider": ids.public("oidc", row.id)},
    )

"""Signing in by password. One answer, after one time, for an unknown address and a wrong password."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.events import publish, seal_personal
from hone.identity import repository
from hone.identity.desk import Desk, Visit
from hone.identity.errors import OrganizationNeeded, SignInBusy, SignInFailed, SignInLocked
from hone.identity.models import Organization, Person
from hone.identity.permissions import system
from hone.identity.schemas import Me, SignIn
from hone.identity.service import throttling
from hone.identity.service.me import me
from hone.identity.service.organizations import organization
from hone.identity.service.sessions import Issued, actor_of, begin, issue

PASSWORD: Final = "password"  # noqa: S105 - a method, not a password
FAILURE_SECONDS: Final = 0.25
"""A failure is answered this long after it began, whatever there was to look up."""
_TOLD_FAILURES: Final = 10
"""Every tenth failure in a row is written into the trail, and the first and the fifth."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A person who is signed in, and what their browser keeps."""

    me: Me
    issued: Issued


@dataclass(frozen=True, slots=True)
class _Candidate:
    person: Person
    hash: str | None
    organization: Organization


async def sign_in(desk: Desk, data: SignIn, visit: Visit) -> Admitted:
    """Sign a person in by e-mail address and password."""
    began = time.monotonic()
    try:
        admitted = await _sign_in(desk, data, visit)
    except SignInFailed:
        desk.count("failed")
        await pace(began)
        raise
    except SignInLocked:
        desk.count("locked")
        raise
    except SignInBusy:
        desk.count("busy")
        raise
    desk.count("signed_in")
    return admitted


async def pace(began: float) -> None:
    """Wait until the time is over that every failure takes."""
    await asyncio.sleep(max(0.0, began + FAILURE_SECONDS - time.monotonic()))


async def _sign_in(desk: Desk, data: SignIn, visit: Visit) -> Admitted:
    failures = await throttling.take(desk, data.email, visit.address)
    password = data.password.get_secret_value()
    candidates = await _candidates(desk, data)
    fits = [each for each in candidates if await desk.hasher.fits(each.hash, password)]
    if not candidates:
        await desk.hasher.fits(None, password)
    if not fits:
        await _tell(desk, candidates, failures, visit)
        raise SignInFailed
    if len(fits) > 1:
        choice = [{"slug": each.organization.slug, "name": each.organization.name} for each in fits]
        async with desk.database.transaction() as session:
            await throttling.forgive(session, desk, data.email, visit.address)
        raise OrganizationNeeded(param="organization", details={"organizations": choice})
    return await _admit(desk, fits[0], password, data.email, visit)


async def _candidates(desk: Desk, data: SignIn) -> list[_Candidate]:
    """Find whose password it could be, in each organization that knows the address."""
    async with desk.database.transaction() as session:
        places = await repository.people.everywhere(session, data.email)
    found = [await _candidate(desk, *place) for place in places]
    return [each for each in found if each and data.organization in {None, each.organization.slug}]


async def _candidate(desk: Desk, organization_id: UUID, person_id: UUID) -> _Candidate | None:
    async with desk.database.transaction(organization_id) as session:
        row = await repository.people.with_password(session, organization_id, person_id)
        if row is None:
            return None
        return _Candidate(*row, await organization(session, organization_id))


async def _admit(
    desk: Desk, candidate: _Candidate, password: str, email: str, visit: Visit
) -> Admitted:
    person = candidate.person
    outdated = candidate.hash is None or desk.hasher.outdated(candidate.hash)
    fresh = await desk.hasher.hash(password) if outdated else None
    async with desk.database.transaction(person.organization_id) as session:
        if fresh is not None:
            await repository.credentials.set_password(
                session, person.organization_id, person.id, fresh, clock.now()
            )
        await throttling.forgive(session, desk, email, visit.address)
        row = await begin(session, desk.keyring, person, PASSWORD, visit)
        return Admitted(await me(session, actor_of(person, row.id)), issue(desk.tokens, row))


async def _tell(desk: Desk, candidates: list[_Candidate], failures: int, visit: Visit) -> None:
    """Write failures at a known address into the trail, the first ones and then every tenth."""
    if failures not in {1, throttling.FREE} and failures % _TOLD_FAILURES:
        return
    for each in candidates:
        person = each.person
        async with desk.database.transaction(person.organization_id) as session:
            facts = {"address": visit.address, "userAgent": visit.user_agent}
            personal = await seal_personal(
                session, desk.keyring, person.organization_id, person.id, facts
            )
            actor = system(person.organization_id)
            subject = ids.public("person", person.id)
            told = {"after": {"failures": failures}}
            publish(
                session,
                person.organization_id,
                actor.id,
                "sign_in.failed",
                subject,
                told,
                personal=personal,
            )

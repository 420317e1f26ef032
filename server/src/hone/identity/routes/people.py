"""HTTP routes of people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.identity.deps import ActorDep, KeyringDep, SessionDep
from hone.identity.permissions import Role
from hone.identity.rendering import page_of_sessions
from hone.identity.schemas import (
    PeopleQuery,
    PersonCreate,
    PersonRead,
    PersonState,
    PersonUpdate,
    SessionRead,
)
from hone.identity.service import people

router = APIRouter(prefix="/api/identity", tags=["identity"])
PageDep = Annotated[PageQuery, Depends(page_query)]


async def _people_query(
    q: Annotated[
        str | None, Query(max_length=200, description="Part of a name or address.")
    ] = None,
    role: Role | None = None,
    state: PersonState | None = None,
) -> PeopleQuery:
    return PeopleQuery(q=q, role=role, state=state)


PeopleDep = Annotated[PeopleQuery, Depends(_people_query)]


@router.get("/people")
async def list_people(
    session: SessionDep, actor: ActorDep, query: PeopleDep, page: PageDep
) -> Page[PersonRead]:
    """List people, newest first."""
    return await people.people(session, actor, query, page)


@router.post("/people", status_code=201)
async def create_person(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, body: PersonCreate
) -> PersonRead:
    """Add a person without inviting them; they can sign in once they have a password."""
    return await people.create_person(session, actor, keyring, body)


@router.get("/people/{person_id}")
async def get_person(session: SessionDep, actor: ActorDep, person_id: str) -> PersonRead:
    """Get a person."""
    return await people.person(session, actor, person_id)


@router.patch("/people/{person_id}")
async def update_person(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, person_id: str, body: PersonUpdate
) -> PersonRead:
    """Change a person's name or role; a role counts within a second."""
    return await people.update_person(session, actor, keyring, person_id, body)


@router.delete("/people/{person_id}")
async def deactivate_person(session: SessionDep, actor: ActorDep, person_id: str) -> PersonRead:
    """Deactivate a person; their sessions end and their keys stop working."""
    return await people.deactivate_person(session, actor, person_id)


@router.post("/people/{person_id}/reactivate")
async def reactivate_person(session: SessionDep, actor: ActorDep, person_id: str) -> PersonRead:
    """Let a person in again."""
    return await people.reactivate_person(session, actor, person_id)


@router.get("/people/{person_id}/sessions")
async def list_person_sessions(
    session: SessionDep, actor: ActorDep, person_id: str
) -> Page[SessionRead]:
    """List where a person is signed in, the last seen first."""
    return page_of_sessions(await people.person_sessions(session, actor, person_id), actor)


@router.delete("/people/{person_id}/sessions", status_code=204)
async def end_person_sessions(session: SessionDep, actor: ActorDep, person_id: str) -> None:
    """Sign a person out everywhere."""
    await people.end_person_sessions(session, actor, person_id)

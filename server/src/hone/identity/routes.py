"""HTTP routes of identity."""

from typing import Annotated

from fastapi import APIRouter, Depends

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import service
from hone.identity.deps import ActorDep, SessionDep
from hone.identity.models import ApiKey, Organization, Person
from hone.identity.schemas import (
    KeyCreate,
    KeyCreated,
    KeyRead,
    KeyRevoked,
    Me,
    OrganizationRead,
    OrganizationUpdate,
    PersonCreate,
    PersonRead,
)

router = APIRouter(prefix="/api/identity", tags=["identity"])
PageDep = Annotated[PageQuery, Depends(page_query)]


@router.get("/me")
async def get_me(session: SessionDep, actor: ActorDep) -> Me:
    """Tell who is asking and what they may do."""
    return await service.me(session, actor)


@router.get("/organization", response_model=OrganizationRead)
async def get_organization(session: SessionDep, actor: ActorDep) -> Organization:
    """Get your organization."""
    return await service.organization(session, actor.organization_id)


@router.patch("/organization", response_model=OrganizationRead)
async def update_organization(
    session: SessionDep, actor: ActorDep, body: OrganizationUpdate
) -> Organization:
    """Change your organization."""
    return await service.update_organization(session, actor, body)


@router.get("/keys")
async def list_keys(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[KeyRead]:
    """List API keys, newest first."""
    return await service.keys(session, actor, page)


@router.post("/keys", status_code=201)
async def create_key(session: SessionDep, actor: ActorDep, body: KeyCreate) -> KeyCreated:
    """Make an API key; the answer is the only place where it is shown."""
    return await service.create_key(session, actor, body)


@router.get("/keys/{key_id}", response_model=KeyRead)
async def get_key(session: SessionDep, actor: ActorDep, key_id: str) -> ApiKey:
    """Get an API key."""
    return await service.access_key(session, actor, key_id)


@router.delete("/keys/{key_id}")
async def revoke_key(session: SessionDep, actor: ActorDep, key_id: str) -> KeyRevoked:
    """Revoke an API key; every server refuses it within a second."""
    return await service.revoke_key(session, actor, key_id)


@router.get("/people")
async def list_people(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[PersonRead]:
    """List people, newest first."""
    return await service.people(session, actor, page)


@router.post("/people", status_code=201, response_model=PersonRead)
async def create_person(session: SessionDep, actor: ActorDep, body: PersonCreate) -> Person:
    """Add a person."""
    return await service.create_person(session, actor, body)


@router.get("/people/{person_id}", response_model=PersonRead)
async def get_person(session: SessionDep, actor: ActorDep, person_id: str) -> Person:
    """Get a person."""
    return await service.access_person(session, actor, person_id)


@router.delete("/people/{person_id}", response_model=PersonRead)
async def deactivate_person(session: SessionDep, actor: ActorDep, person_id: str) -> Person:
    """Deactivate a person; their keys stop working."""
    return await service.deactivate_person(session, actor, person_id)

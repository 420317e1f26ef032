"""HTTP routes of API keys."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.identity.deps import ActorDep, SessionDep
from hone.identity.schemas import KeyCreate, KeyCreated, KeyRead, KeyRevoked, KeysQuery
from hone.identity.service import keys

router = APIRouter(prefix="/api/identity", tags=["identity"])
PageDep = Annotated[PageQuery, Depends(page_query)]


async def _keys_query(
    q: Annotated[str | None, Query(max_length=200, description="Part of a key's name.")] = None,
    state: Literal["active", "expired", "revoked"] | None = None,
    person: Annotated[str | None, Query(max_length=60, description="Whose keys.")] = None,
    team: Annotated[str | None, Query(max_length=60, description="Which team's keys.")] = None,
) -> KeysQuery:
    return KeysQuery(q=q, state=state, person=person, team=team)


KeysDep = Annotated[KeysQuery, Depends(_keys_query)]


@router.get("/keys")
async def list_keys(
    session: SessionDep, actor: ActorDep, query: KeysDep, page: PageDep
) -> Page[KeyRead]:
    """List API keys, newest first."""
    return await keys.keys(session, actor, page, query)


@router.post("/keys", status_code=201)
async def create_key(session: SessionDep, actor: ActorDep, body: KeyCreate) -> KeyCreated:
    """Make an API key; the answer is the only place where it is shown."""
    return await keys.create_key(session, actor, body)


@router.get("/keys/{key_id}")
async def get_key(session: SessionDep, actor: ActorDep, key_id: str) -> KeyRead:
    """Get an API key."""
    return await keys.key(session, actor, key_id)


@router.delete("/keys/{key_id}")
async def revoke_key(session: SessionDep, actor: ActorDep, key_id: str) -> KeyRevoked:
    """Revoke an API key; every server refuses it within a second."""
    return await keys.revoke_key(session, actor, key_id)

"""HTTP routes of limits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.gateway import Subject
from hone.identity import ActorDep, SessionDep
from hone.limits import service
from hone.limits.schemas import LimitCreate, LimitRead, LimitsQuery, LimitUpdate

router = APIRouter(prefix="/api/limits", tags=["limits"])
PageDep = Annotated[PageQuery, Depends(page_query)]


async def limits_query(
    kind: Annotated[Subject | None, Query(description="Limits on this kind of thing.")] = None,
    subject: Annotated[
        str | None, Query(max_length=80, description="Limits on this one, by its id.")
    ] = None,
) -> LimitsQuery:
    """Read which limits are wanted from a URL."""
    return LimitsQuery(kind=kind, subject=subject)


QueryDep = Annotated[LimitsQuery, Depends(limits_query)]


@router.get("")
async def list_limits(
    session: SessionDep, actor: ActorDep, page: PageDep, wanted: QueryDep
) -> Page[LimitRead]:
    """List limits with their present use, newest first."""
    return await service.page(session, actor, page, wanted)


@router.post("", status_code=201)
async def create_limit(session: SessionDep, actor: ActorDep, body: LimitCreate) -> LimitRead:
    """Set a limit; it counts from now on."""
    return await service.create(session, actor, body)


@router.get("/{limit_id}")
async def get_limit(session: SessionDep, actor: ActorDep, limit_id: str) -> LimitRead:
    """Get a limit with its present use."""
    return await service.get(session, actor, limit_id)


@router.patch("/{limit_id}")
async def update_limit(
    session: SessionDep, actor: ActorDep, limit_id: str, body: LimitUpdate
) -> LimitRead:
    """Change how much a limit allows; what was used stays used."""
    return await service.update(session, actor, limit_id, body)


@router.delete("/{limit_id}", status_code=204)
async def delete_limit(session: SessionDep, actor: ActorDep, limit_id: str) -> None:
    """Take a limit away."""
    await service.delete(session, actor, limit_id)

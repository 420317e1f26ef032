"""HTTP routes of batches for operators: all of the organization's, with what they cost."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.batches.schemas import BatchRead, Status
from hone.batches.service import batches
from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, SessionDep

router = APIRouter(prefix="/api/batches", tags=["batches"])
PageDep = Annotated[PageQuery, Depends(page_query)]


@router.get("")
async def list_all_batches(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    status: Annotated[Status | None, Query(description="Batches in this state.")] = None,
) -> Page[BatchRead]:
    """List the batches of the organization, newest first."""
    return await batches.page(session, actor, page, status)


@router.get("/{batch_id}")
async def get_any_batch(session: SessionDep, actor: ActorDep, batch_id: str) -> BatchRead:
    """Get a batch of the organization, and how far it is."""
    return await batches.whole(session, actor, batch_id)


@router.post("/{batch_id}/cancel")
async def cancel_any_batch(session: SessionDep, actor: ActorDep, batch_id: str) -> BatchRead:
    """End a batch of the organization where it is; what is done can be read."""
    return await batches.cancel(session, actor, batch_id)

"""HTTP routes of erasure and retention."""

from typing import Annotated

from fastapi import APIRouter, Depends

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, KeyringDep, SessionDep
from hone.privacy import retention, service
from hone.privacy.schemas import (
    ErasurePreview,
    ErasureRead,
    ErasureTarget,
    Retention,
    RetentionUpdate,
)

router = APIRouter(prefix="/api", tags=["privacy"])


@router.post("/audit/erasures/preview")
async def preview_erasure(
    session: SessionDep, actor: ActorDep, data: ErasureTarget
) -> ErasurePreview:
    """Tell what the erasure of a person or an end user would take away; nothing is changed."""
    return await service.preview(session, actor, data)


@router.post("/audit/erasures", status_code=202)
async def erase(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, data: ErasureTarget
) -> ErasureRead:
    """Erase a person or an end user for good; `GET /api/audit/erasures/{id}` tells how far it is."""
    return await service.begin(session, actor, keyring, data)


@router.get("/audit/erasures")
async def list_erasures(
    session: SessionDep, actor: ActorDep, query: Annotated[PageQuery, Depends(page_query)]
) -> Page[ErasureRead]:
    """List erasures, newest first; none tells whom."""
    return await service.page(session, actor, query)


@router.get("/audit/erasures/{erasure_id}")
async def get_erasure(session: SessionDep, actor: ActorDep, erasure_id: str) -> ErasureRead:
    """Tell how far an erasure is."""
    return await service.get(session, actor, erasure_id)


@router.get("/retention")
async def get_retention(session: SessionDep, actor: ActorDep) -> Retention:
    """Tell how long each kind of data is kept, and what goes at the next run."""
    return await retention.retention(session, actor)


@router.put("/retention")
async def update_retention(
    session: SessionDep, actor: ActorDep, data: RetentionUpdate
) -> Retention:
    """Set how long kinds of data are kept; it counts from the next run on."""
    return await retention.update(session, actor, data)


@router.post("/retention/preview")
async def preview_retention(
    session: SessionDep, actor: ActorDep, data: RetentionUpdate
) -> Retention:
    """Tell what would go at the next run under other rules; nothing is changed."""
    return await retention.preview(session, actor, data)

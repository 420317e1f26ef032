"""HTTP routes of erasure."""

from typing import Annotated

from fastapi import APIRouter, Query

from hone.core.paging import Page, PageQuery
from hone.identity import ActorDep, KeyringDep, SessionDep
from hone.privacy import service
from hone.privacy.schemas import ErasurePreview, ErasureRead, ErasureTarget

router = APIRouter(prefix="/api/audit/erasures", tags=["audit"])


@router.post("/preview")
async def preview_erasure(
    session: SessionDep, actor: ActorDep, data: ErasureTarget
) -> ErasurePreview:
    """Tell what the erasure of a person or an end user would take away; nothing is changed."""
    return await service.preview(session, actor, data)


@router.post("", status_code=202)
async def erase(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, data: ErasureTarget
) -> ErasureRead:
    """Erase a person or an end user for good; `GET /api/audit/erasures/{id}` tells how far it is."""
    return await service.begin(session, actor, keyring, data)


@router.get("")
async def list_erasures(
    session: SessionDep, actor: ActorDep, query: Annotated[PageQuery, Query()]
) -> Page[ErasureRead]:
    """List erasures, newest first; none tells whom."""
    return await service.page(session, actor, query)


@router.get("/{erasure_id}")
async def get_erasure(session: SessionDep, actor: ActorDep, erasure_id: str) -> ErasureRead:
    """Tell how far an erasure is."""
    return await service.get(session, actor, erasure_id)

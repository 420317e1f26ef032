"""HTTP routes of turns."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, SessionDep
from hone.improvement.schemas.turns import TurnApproval, TurnRead, TurnStory, TurnWhy
from hone.improvement.service import turns
from hone.improvement.service.turns import TurnsQuery

router = APIRouter(prefix="/api/improvement/turns", tags=["improvement"])
PageDep = Annotated[PageQuery, Depends(page_query)]


async def _wanted(
    model: Annotated[str | None, Query(max_length=120, description="Of this model.")] = None,
    state: Annotated[
        str | None, Query(max_length=200, description="Of this state, or these, with commas.")
    ] = None,
) -> TurnsQuery:
    return TurnsQuery(model=model, state=state)


@router.get("")
async def list_improvement_turns(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    wanted: Annotated[TurnsQuery, Depends(_wanted)],
) -> Page[TurnRead]:
    """List turns of improvement, newest first."""
    return await turns.page(session, actor, page, wanted)


@router.get("/{turn_id}")
async def get_improvement_turn(session: SessionDep, actor: ActorDep, turn_id: str) -> TurnStory:
    """Get a turn with its story: what was decided, by whom, and on what."""
    return await turns.get(session, actor, turn_id)


@router.post("/{turn_id}/approve")
async def approve_improvement_turn(
    session: SessionDep, actor: ActorDep, turn_id: str, body: TurnApproval
) -> TurnStory:
    """Let a turn that waits go on, as it is or with changes."""
    return await turns.approve(session, actor, turn_id, body)


@router.post("/{turn_id}/reject")
async def reject_improvement_turn(
    session: SessionDep, actor: ActorDep, turn_id: str, body: TurnWhy
) -> TurnStory:
    """End a turn; what was live stays live, or comes back."""
    return await turns.reject(session, actor, turn_id, body)


@router.post("/{turn_id}/override")
async def override_improvement_turn(
    session: SessionDep, actor: ActorDep, turn_id: str, body: TurnWhy
) -> TurnStory:
    """Release a version though its gates refused it, and say why."""
    return await turns.override(session, actor, turn_id, body)

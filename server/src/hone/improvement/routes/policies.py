"""HTTP routes of policies."""

from typing import Annotated

from fastapi import APIRouter, Depends

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, SessionDep
from hone.improvement.schemas.policies import (
    ImprovementPolicyChange,
    ImprovementPolicyRead,
    ImprovementPolicyWrite,
)
from hone.improvement.schemas.turns import ImprovementRun, TurnStory
from hone.improvement.service import policies, turns

router = APIRouter(prefix="/api/improvement/policies", tags=["improvement"])
PageDep = Annotated[PageQuery, Depends(page_query)]


@router.get("")
async def list_improvement_policies(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[ImprovementPolicyRead]:
    """List improvement policies, newest first, with how near each is to its next turn."""
    return await policies.page(session, actor, page)


@router.post("", status_code=201)
async def create_improvement_policy(
    session: SessionDep, actor: ActorDep, body: ImprovementPolicyWrite
) -> ImprovementPolicyRead:
    """Let a model learn anew by itself: when, how much that may take, and who is asked."""
    return await policies.create(session, actor, body)


@router.get("/{policy_id}")
async def get_improvement_policy(
    session: SessionDep, actor: ActorDep, policy_id: str
) -> ImprovementPolicyRead:
    """Get a policy, what was seen when Hone looked last, and what its turns took."""
    return await policies.get(session, actor, policy_id)


@router.patch("/{policy_id}")
async def update_improvement_policy(
    session: SessionDep, actor: ActorDep, policy_id: str, body: ImprovementPolicyChange
) -> ImprovementPolicyRead:
    """Change a policy; a turn that is under way stays what it is."""
    return await policies.update(session, actor, policy_id, body)


@router.delete("/{policy_id}", status_code=204)
async def delete_improvement_policy(session: SessionDep, actor: ActorDep, policy_id: str) -> None:
    """Take a policy away; its turns stay, and one that is under way goes on."""
    await policies.delete(session, actor, policy_id)


@router.post("/{policy_id}/run", status_code=202)
async def begin_improvement_turn(
    session: SessionDep, actor: ActorDep, policy_id: str, body: ImprovementRun
) -> TurnStory:
    """Begin a turn now, whatever the triggers say."""
    return await turns.run(session, actor, policy_id, body)

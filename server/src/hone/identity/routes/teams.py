"""HTTP routes of teams."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.identity.deps import ActorDep, SessionDep
from hone.identity.schemas import TeamCreate, TeamRead, TeamUpdate, TeamWithMembers
from hone.identity.service import teams

router = APIRouter(prefix="/api/identity", tags=["identity"])
PageDep = Annotated[PageQuery, Depends(page_query)]


@router.get("/teams")
async def list_teams(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    q: Annotated[str | None, Query(max_length=200, description="Part of a team's name.")] = None,
) -> Page[TeamRead]:
    """List teams, newest first."""
    return await teams.teams(session, actor, page, q)


@router.post("/teams", status_code=201)
async def create_team(session: SessionDep, actor: ActorDep, body: TeamCreate) -> TeamWithMembers:
    """Make a team."""
    return await teams.create_team(session, actor, body)


@router.get("/teams/{team_id}")
async def get_team(session: SessionDep, actor: ActorDep, team_id: str) -> TeamWithMembers:
    """Get a team with its members."""
    return await teams.team(session, actor, team_id)


@router.patch("/teams/{team_id}")
async def update_team(
    session: SessionDep, actor: ActorDep, team_id: str, body: TeamUpdate
) -> TeamWithMembers:
    """Give a team another name."""
    return await teams.update_team(session, actor, team_id, body)


@router.delete("/teams/{team_id}", status_code=204)
async def delete_team(session: SessionDep, actor: ActorDep, team_id: str) -> None:
    """Delete a team; its people and its keys stay."""
    await teams.delete_team(session, actor, team_id)


@router.put("/teams/{team_id}/members/{person_id}", status_code=204)
async def add_team_member(
    session: SessionDep, actor: ActorDep, team_id: str, person_id: str
) -> None:
    """Add a person to a team."""
    await teams.add_member(session, actor, team_id, person_id)


@router.delete("/teams/{team_id}/members/{person_id}", status_code=204)
async def remove_team_member(
    session: SessionDep, actor: ActorDep, team_id: str, person_id: str
) -> None:
    """Take a person out of a team."""
    await teams.remove_member(session, actor, team_id, person_id)

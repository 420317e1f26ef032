"""HTTP routes of whoever asks."""

from fastapi import APIRouter

from hone.core.paging import Page
from hone.identity.deps import ActorDep, DeskDep, KeyringDep, SessionDep, VisitDep
from hone.identity.rendering import page_of_sessions
from hone.identity.schemas import Me, MeUpdate, PasswordChange, SessionRead
from hone.identity.service import credentials, me, sessions

router = APIRouter(prefix="/api/identity", tags=["identity"])


@router.get("/me")
async def get_me(session: SessionDep, actor: ActorDep) -> Me:
    """Tell who is asking and what they may do."""
    return await me.me(session, actor)


@router.patch("/me")
async def update_me(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, body: MeUpdate
) -> Me:
    """Change your name."""
    return await me.update_me(session, actor, keyring, body)


@router.post("/me/password", status_code=204)
async def change_password(
    actor: ActorDep, desk: DeskDep, visit: VisitDep, body: PasswordChange
) -> None:
    """Change your password; your other sessions end."""
    await credentials.change_password(desk, actor, body, visit)


@router.get("/sessions")
async def list_sessions(session: SessionDep, actor: ActorDep) -> Page[SessionRead]:
    """List where you are signed in, the last seen first."""
    return page_of_sessions(await sessions.own_sessions(session, actor), actor)


@router.delete("/sessions", status_code=204)
async def end_other_sessions(session: SessionDep, actor: ActorDep) -> None:
    """Sign out everywhere else."""
    await sessions.end_other_sessions(session, actor)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session: SessionDep, actor: ActorDep, session_id: str) -> None:
    """End one of your sessions."""
    await sessions.end_own_session(session, actor, session_id)

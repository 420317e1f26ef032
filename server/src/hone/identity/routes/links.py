"""HTTP routes of invitations and of passwords set by a link."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hone.identity import cookies
from hone.identity.deps import ActorDep, DeskDep, OwnPageDep, SessionDep, VisitDep
from hone.identity.schemas import (
    Forgot,
    Invitation,
    Invited,
    LinkRead,
    Me,
    PasswordLink,
    SetPassword,
)
from hone.identity.service import links

router = APIRouter(prefix="/api/identity", tags=["identity"])


@router.post("/invitations", status_code=201)
async def invite_person(
    session: SessionDep, actor: ActorDep, desk: DeskDep, body: Invitation
) -> Invited:
    """Invite somebody; the link is sent by e-mail where that is set up, and shown once here."""
    return await links.invite(session, actor, desk, body)


@router.post("/invitations/{person_id}/renew", status_code=201)
async def renew_invitation(
    session: SessionDep, actor: ActorDep, desk: DeskDep, person_id: str
) -> Invited:
    """Make a new link for somebody who has not joined yet."""
    return await links.renew_invitation(session, actor, desk, person_id)


@router.delete("/invitations/{person_id}", status_code=204)
async def withdraw_invitation(session: SessionDep, actor: ActorDep, person_id: str) -> None:
    """Take an invitation back."""
    await links.withdraw_invitation(session, actor, person_id)


@router.post("/people/{person_id}/password-link", status_code=201)
async def make_password_link(
    session: SessionDep, actor: ActorDep, desk: DeskDep, person_id: str
) -> PasswordLink:
    """Make a link by which a person sets a new password; it is shown once."""
    return await links.password_link(session, actor, desk, person_id)


@router.post("/password/forgot", status_code=202, dependencies=[OwnPageDep])
async def forgot_password(desk: DeskDep, visit: VisitDep, body: Forgot) -> None:
    """Ask for a link to a new password; the answer is the same whether anybody has the address."""
    await links.forgot(desk, body.email, visit)


@router.get("/password/token")
async def read_password_link(
    desk: DeskDep, token: Annotated[str, Query(max_length=200)]
) -> LinkRead:
    """Tell what a link is for."""
    return await links.read(desk, token)


@router.post("/password/token", status_code=201, dependencies=[OwnPageDep])
async def set_password(
    request: Request, response: Response, desk: DeskDep, visit: VisitDep, body: SetPassword
) -> Me:
    """Set a password by a link, join where that was asked, and sign in."""
    admitted = await links.use(desk, body, visit)
    cookies.keep(response, request, admitted.issued)
    return admitted.me

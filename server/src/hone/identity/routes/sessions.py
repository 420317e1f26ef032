"""HTTP routes of signing in and out."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from hone.identity import cookies
from hone.identity.deps import DeskDep, OwnPageDep, VisitDep, oidc_callback
from hone.identity.schemas import Me, Renewed, SignIn, SignInOptions
from hone.identity.service import oidc_sign_in, sessions, sign_in

router = APIRouter(prefix="/api/identity", tags=["identity"])


@router.get("/sign-in")
async def get_sign_in_options(request: Request, desk: DeskDep) -> SignInOptions:
    """Tell what the sign-in page offers."""
    offered = await oidc_sign_in.offered(desk)
    return SignInOptions(
        password_reset=desk.way,
        oidc=offered,
        oidc_callback=oidc_callback(request, desk.public_url),
    )


@router.post("/session", status_code=201, dependencies=[OwnPageDep])
async def sign_in_by_password(
    request: Request, response: Response, desk: DeskDep, visit: VisitDep, body: SignIn
) -> Me:
    """Sign in by e-mail address and password; the session is kept in cookies."""
    admitted = await sign_in.sign_in(desk, body, visit)
    cookies.keep(response, request, admitted.issued)
    return admitted.me


@router.post("/session/refresh")
async def refresh_session(
    request: Request, response: Response, desk: DeskDep, visit: VisitDep
) -> Renewed:
    """Go on with a session; its cookies are replaced."""
    token = cookies.refresh_token(request, desk.tokens)
    issued = await sessions.refresh(desk, token, visit)
    cookies.keep(response, request, issued)
    return Renewed(expires_at=datetime.fromtimestamp(issued.access_until, UTC))


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, desk: DeskDep) -> None:
    """Sign out; whoever is not signed in any more stays so."""
    await sessions.sign_out(desk, cookies.leaving_token(request, desk.tokens))
    cookies.drop(response, request)

"""HTTP routes of identity providers, and of signing in at one."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from hone.core.errors import AppError
from hone.core.paging import Page, PageQuery, page_query
from hone.identity import cookies
from hone.identity.deps import (
    ActorDep,
    DeskDep,
    KeyringDep,
    SessionDep,
    VisitDep,
    is_secure,
    oidc_callback,
)
from hone.identity.oidc_schemas import OidcCreate, OidcRead, OidcReplace, OidcTested
from hone.identity.openid import Directory
from hone.identity.openid.flow import FLOW_SECONDS
from hone.identity.service import oidc, oidc_sign_in

router = APIRouter(prefix="/api/identity/oidc", tags=["identity"])
PageDep = Annotated[PageQuery, Depends(page_query)]
_PATH = "/api/identity/oidc"


async def _directory(request: Request) -> Directory:
    return cast("Directory", request.app.state.openid)


DirectoryDep = Annotated[Directory, Depends(_directory)]


@router.get("/callback", include_in_schema=False)
async def arrive(
    request: Request, desk: DeskDep, directory: DirectoryDep, visit: VisitDep
) -> Response:
    """Take a browser back from a provider."""
    kept = request.cookies.get(_cookie(request), "")
    try:
        issued, path = await oidc_sign_in.arrive(
            desk, directory, kept, dict(request.query_params), visit
        )
    except AppError as error:
        desk.count("failed")
        return _leaving(request, f"/sign-in?error={error.code}", "")
    desk.count("signed_in")
    answer = _leaving(request, path, "")
    cookies.keep(answer, request, issued)
    return answer


@router.get("/{oidc_id}/start", include_in_schema=False)
async def leave(
    request: Request,
    desk: DeskDep,
    directory: DirectoryDep,
    oidc_id: str,
    next: str | None = None,  # noqa: A002 - what it is called in every address
) -> Response:
    """Send a browser to a provider."""
    try:
        url, kept = await oidc_sign_in.leave(
            desk, directory, oidc_id, oidc_callback(request, desk.public_url), next
        )
    except AppError as error:
        return _leaving(request, f"/sign-in?error={error.code}", "")
    return _leaving(request, url, kept)


@router.get("")
async def list_oidc_providers(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[OidcRead]:
    """List identity providers, newest first."""
    return await oidc.providers(session, actor, page)


@router.post("", status_code=201)
async def create_oidc_provider(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    directory: DirectoryDep,
    body: OidcCreate,
) -> OidcRead:
    """Add an identity provider."""
    return await oidc.create_provider(session, actor, keyring, directory, body)


@router.get("/{oidc_id}")
async def get_oidc_provider(session: SessionDep, actor: ActorDep, oidc_id: str) -> OidcRead:
    """Get an identity provider."""
    return await oidc.provider(session, actor, oidc_id)


@router.put("/{oidc_id}")
async def replace_oidc_provider(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    directory: DirectoryDep,
    oidc_id: str,
    body: OidcReplace,
) -> OidcRead:
    """Change an identity provider."""
    return await oidc.replace_provider(session, actor, keyring, directory, oidc_id, body)


@router.delete("/{oidc_id}", status_code=204)
async def delete_oidc_provider(session: SessionDep, actor: ActorDep, oidc_id: str) -> None:
    """Remove an identity provider."""
    await oidc.delete_provider(session, actor, oidc_id)


@router.post("/{oidc_id}/test")
async def test_oidc_provider(
    session: SessionDep, actor: ActorDep, directory: DirectoryDep, oidc_id: str
) -> OidcTested:
    """Ask an identity provider for its configuration, and say what is wrong."""
    return await oidc.test_provider(session, actor, directory, oidc_id)


def _cookie(request: Request) -> str:
    return "__Secure-hone_oidc" if is_secure(request) else "hone_oidc"


def _leaving(request: Request, url: str, kept: str) -> RedirectResponse:
    """Send a browser on; what it keeps of one sign-in goes with the next step."""
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        _cookie(request),
        kept,
        max_age=FLOW_SECONDS if kept else 0,
        path=_PATH,
        secure=is_secure(request),
        httponly=True,
        # The way back from the provider is a link from another site.
        samesite="lax",
    )
    return answer

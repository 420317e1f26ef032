"""The cookies of a session: what each is called, who may read it, and where it is sent."""

from typing import cast

from starlette.requests import HTTPConnection
from starlette.responses import Response

from hone.core import clock
from hone.core.tokens import Tokens
from hone.gateway import (
    ACCESS_COOKIE,
    CSRF_COOKIE,
    REFRESH_COOKIE,
    Current,
    SessionEnded,
    cookie_name,
    read_cookie,
    require_own_page,
)
from hone.identity.deps import is_secure, raw_headers
from hone.identity.service.sessions import Issued

REFRESH_PATH = "/api/identity/session"


def keep(response: Response, connection: HTTPConnection, issued: Issued) -> None:
    """Have the browser keep a session."""
    secure = is_secure(connection)
    seconds = max(0, int((issued.until - clock.now()).total_seconds()))
    _set(response, ACCESS_COOKIE, issued.access, seconds, secure=secure)
    _set(response, REFRESH_COOKIE, issued.refresh, seconds, secure=secure)
    _set(response, CSRF_COOKIE, issued.csrf, seconds, secure=secure)


def drop(response: Response, connection: HTTPConnection) -> None:
    """Have the browser forget its session."""
    for name in (ACCESS_COOKIE, REFRESH_COOKIE, CSRF_COOKIE):
        _set(response, name, "", 0, secure=is_secure(connection))


def refresh_token(connection: HTTPConnection, tokens: Tokens) -> str:
    """Read the refresh token of a request that a page of ours has made."""
    token = leaving_token(connection, tokens)
    if not token:
        raise SessionEnded
    return token


def leaving_token(connection: HTTPConnection, tokens: Tokens) -> str:
    """Read the refresh token, if there is one, of a request that a page of ours has made."""
    headers, secure = raw_headers(connection), is_secure(connection)
    token = read_cookie(headers, REFRESH_COOKIE, secure=secure)
    said = tokens.read_refresh(token)
    if said is None:
        return ""
    current = cast("Current", connection.app.state.current)
    method = str(connection.scope["method"])
    require_own_page(current, headers, method, said.session_id, secure=secure)
    return token


def _set(response: Response, name: str, value: str, seconds: int, *, secure: bool) -> None:
    response.set_cookie(
        cookie_name(name, secure=secure),
        value,
        max_age=seconds,
        path=REFRESH_PATH if name == REFRESH_COOKIE else "/",
        secure=secure,
        httponly=name != CSRF_COOKIE,
        samesite="lax" if name == ACCESS_COOKIE else "strict",
    )

"""What a route may ask for: the actor who calls, and a transaction in the actor's organization."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, cast

from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from hone.core import crypto, ids
from hone.core.db import Database, Session
from hone.core.errors import Unauthorized, Unavailable
from hone.core.keyring import Keyring
from hone.gateway import (
    ACCESS_COOKIE,
    Current,
    Principal,
    Visitor,
    expected,
    require_own_page,
    require_same_origin,
    session_holder,
    signed_in,
)
from hone.identity.desk import Desk, Visit
from hone.identity.permissions import Actor
from hone.identity.service.principals import ACCESS_SECONDS

_LONGEST_USER_AGENT = 512
_KEY = "x-api-key"
_NEW = 15.0
"""So many seconds after a token was signed its person may be unknown to a process."""
_NEWS = 5.0
"""How long that is waited for, in seconds."""
_LOOK = 0.05


class NotReady(Unavailable):
    """The server has just started and does not know its keys yet; try again in a second."""

    code = "starting"


_told_in_openapi = HTTPBearer(
    scheme_name="key",
    description="An API key; `POST /api/identity/keys` makes one.",
    auto_error=False,
)
_cookie_told_in_openapi = APIKeyCookie(
    name=ACCESS_COOKIE,
    scheme_name="session",
    description="Set by `POST /api/identity/session`; writes also need the header `x-csrf-token`"
    " with the value of the cookie `hone_csrf`.",
    auto_error=False,
)


def authenticate(current: Current, token: str) -> Actor:
    """Turn an API key into an actor; the same keys and the same freshness as the gateway's."""
    if not current.ready:
        raise NotReady
    caller = current.snapshot.callers.get(crypto.digest(token))
    principal = caller and caller.principal
    if principal is None or principal.key_id is None or _expired(principal):
        raise Unauthorized("This API key is not valid.")
    current.note_use(principal)
    return Actor(
        ids.public("key", principal.key_id),
        principal.organization_id,
        principal.permissions,
        principal.name,
    )


def _expired(principal: Principal) -> bool:
    return principal.expires_at is not None and principal.expires_at <= time.time()


def bearer(connection: HTTPConnection) -> str:
    """Read the API key of a request, where OpenAI's or Anthropic's clients send it; empty without one."""
    authorization = connection.headers.get("authorization")
    if authorization is None:
        return connection.headers.get(_KEY, "").strip()
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def visitor(connection: HTTPConnection) -> Visitor | None:
    """Return the person whose browser sends a request, if it is signed in."""
    current = cast("Current", connection.app.state.current)
    return signed_in(current, raw_headers(connection), secure=is_secure(connection))


async def arrived(connection: HTTPConnection) -> Visitor | None:
    """Return who is signed in. Somebody who has just joined may be news to this process: wait for it."""
    current = cast("Current", connection.app.state.current)
    headers, secure = raw_headers(connection), is_secure(connection)
    until = time.monotonic() + _NEWS
    while time.monotonic() < until:
        ends = expected(current, headers, secure=secure)
        if ends is None or ends < time.time() + ACCESS_SECONDS - _NEW:
            break
        await asyncio.sleep(_LOOK)
    return visitor(connection)


async def visitor_of_socket(socket: HTTPConnection) -> Callable[[], Actor] | None:
    """Return how to ask who has a WebSocket open by cookie; None for one that has no cookie.

    Every browser says where the page came from that opens a socket, and no page but ours may.
    """
    found = await arrived(socket)
    if found is None:
        return None
    require_same_origin(raw_headers(socket), told=True)
    current = cast("Current", socket.app.state.current)
    principal, session_id, until = found.principal, found.session_id, found.expires_at

    def ask() -> Actor:
        organization_id, person_id = principal.organization_id, principal.person_id
        assert person_id is not None
        present = session_holder(current, organization_id, person_id, session_id)
        return as_actor(Visitor(present[1], present[0], session_id, until))

    return ask


def as_actor(visiting: Visitor) -> Actor:
    """Turn a person who is signed in into an actor."""
    principal = visiting.principal
    return Actor(
        principal.user or "",
        principal.organization_id,
        principal.permissions,
        principal.name,
        visiting.session_id,
        visiting.expires_at,
    )


def raw_headers(connection: HTTPConnection) -> dict[bytes, bytes]:
    """Return the headers as they came."""
    return dict(cast("list[tuple[bytes, bytes]]", connection.scope["headers"]))


def is_secure(connection: HTTPConnection) -> bool:
    """Tell whether the browser came over https."""
    return str(connection.scope.get("scheme")) in {"https", "wss"}


def oidc_callback(request: HTTPConnection, public_url: str) -> str:
    """Tell where identity providers send a browser back to."""
    origin = public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{origin.rstrip('/')}/api/identity/oidc/callback"


async def current_actor(
    connection: HTTPConnection,
    _: Annotated[object, Security(_told_in_openapi)],
    __: Annotated[object, Security(_cookie_told_in_openapi)],
) -> Actor:
    """Find out who sends a request: the holder of a key, or a person who is signed in."""
    current = cast("Current", connection.app.state.current)
    if "authorization" in connection.headers or _KEY in connection.headers:
        token = bearer(connection)
        if not token:
            raise Unauthorized
        return authenticate(current, token)
    visiting = await arrived(connection)
    if visiting is None:
        raise Unauthorized
    require_own_page(
        current,
        raw_headers(connection),
        str(connection.scope["method"]),
        visiting.session_id,
        secure=is_secure(connection),
    )
    return as_actor(visiting)


ActorDep = Annotated[Actor, Depends(current_actor)]


async def session(connection: HTTPConnection, actor: ActorDep) -> AsyncIterator[Session]:
    """Open the request's transaction: commit when the route returns, roll back when it raises."""
    database = cast("Database", connection.app.state.database)
    async with database.transaction(actor.organization_id) as opened:
        yield opened


# Without scope="function" the commit would run after the answer was sent.
SessionDep = Annotated[Session, Depends(session, scope="function")]


async def _keyring(connection: HTTPConnection) -> Keyring:
    return cast("Keyring", connection.app.state.keyring)


KeyringDep = Annotated[Keyring, Depends(_keyring)]


async def _desk(connection: HTTPConnection) -> Desk:
    return cast("Desk", connection.app.state.desk)


DeskDep = Annotated[Desk, Depends(_desk)]


async def _visit(connection: HTTPConnection) -> Visit:
    address = connection.client.host if connection.client else ""
    return Visit(address, connection.headers.get("user-agent", "")[:_LONGEST_USER_AGENT])


VisitDep = Annotated[Visit, Depends(_visit)]


async def _own_page(connection: HTTPConnection) -> None:
    require_same_origin(raw_headers(connection))


OwnPageDep = Depends(_own_page)
"""For what a stranger may send: refuses what another site's page sends in a visitor's name."""

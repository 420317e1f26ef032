"""What a route may ask for: the actor who calls, and a transaction in the actor's organization."""

import time
from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection

from hone.core import crypto, ids
from hone.core.db import Database, Session
from hone.core.errors import Unauthorized, Unavailable
from hone.gateway import Current, Principal
from hone.identity.permissions import Actor


class NotReady(Unavailable):
    """The server has just started and does not know its keys yet; try again in a second."""

    code = "starting"


_told_in_openapi = HTTPBearer(
    scheme_name="key",
    description="An API key; `POST /api/identity/keys` makes one.",
    auto_error=False,
)


def authenticate(current: Current, token: str) -> Actor:
    """Turn an API key into an actor; the same keys and the same freshness as the gateway's."""
    if not current.ready:
        raise NotReady
    principal = current.snapshot.principals.get(crypto.digest(token))
    if principal is None or _expired(principal):
        raise Unauthorized("This API key is not valid.")
    return Actor(
        ids.public("key", principal.key_id),
        principal.organization_id,
        principal.permissions,
        principal.name,
    )


def _expired(principal: Principal) -> bool:
    return principal.expires_at is not None and principal.expires_at <= time.time()


async def current_actor(
    connection: HTTPConnection, _: Annotated[object, Security(_told_in_openapi)]
) -> Actor:
    """Read the bearer key of a request."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    return authenticate(cast("Current", connection.app.state.current), token.strip())


ActorDep = Annotated[Actor, Depends(current_actor)]


async def session(connection: HTTPConnection, actor: ActorDep) -> AsyncIterator[Session]:
    """Open the request's transaction: commit when the route returns, roll back when it raises."""
    database = cast("Database", connection.app.state.database)
    async with database.transaction(actor.organization_id) as opened:
        yield opened


# Without scope="function" the commit would run after the answer was sent.
SessionDep = Annotated[Session, Depends(session, scope="function")]

"""What is not Hone's goes on to the gateway, which asks the provider of the key's default route."""

from collections.abc import AsyncIterator
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hone.core import crypto
from hone.gateway import DEFAULT_ROUTE, Current
from hone.identity import Actor, bearer


class Elsewhere(Response):
    """An answer that the gateway gives; what was read of the request is given to it again."""

    def __init__(
        self, request: Request, seen: bytes = b"", more: AsyncIterator[bytes] | None = None
    ) -> None:
        super().__init__()
        self._gateway = cast("ASGIApp", request.app.state.gateway)
        self._seen = seen
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the gateway answer."""
        first = True

        async def again() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": self._seen, "more_body": bool(self._more)}
            if self._more is not None:
                async for data in self._more:
                    return {"type": "http.request", "body": data, "more_body": True}
                self._more = None
                return {"type": "http.request", "body": b"", "more_body": False}
            return await receive()

        await self._gateway(scope, again, send)


def may_forward(request: Request, actor: Actor) -> bool:
    """Tell whether there is a provider that may be asked for what Hone does not have."""
    current = cast("Current", request.app.state.current)
    part = current.snapshot.organizations.get(actor.organization_id)
    caller = current.snapshot.callers.get(crypto.digest(bearer(request)))
    asked = None if caller is None else caller.principal.default_route
    name = asked or DEFAULT_ROUTE
    if part is None or name not in part.routes:
        return False
    allowed = None if caller is None else caller.principal.routes
    return allowed is None or name in allowed

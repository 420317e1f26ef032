"""What stands before the applications where it is needed: known hosts, proxies, other origins.

Each piece is put up only if the settings ask for it. Without them nothing stands there, and a
request pays for nothing.
"""

from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any, Final

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from hone.core import forwarding
from hone.core.errors import AppError
from hone.core.forwarding import Network
from hone.core.safe_headers import STRICT_TRANSPORT
from hone.core.settings import Server

_PROBES = frozenset({"/healthz", "/readyz"})
_LOCAL_NAME: Final = "localhost"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_TOLD = (
    *("x-request-id", "request-id", "retry-after", "x-hone-model", "x-hone-overhead-ms"),
    *("x-hone-cost-usd", "x-hone-cache", "x-hone-attempts"),
)
_PREFLIGHT_SECONDS = 600


class HostUnknown(AppError):
    """This server is not known by that name; the operator lists it in HONE_SERVER__ALLOWED_HOSTS."""

    status = 421
    code = "host_unknown"


class KnownHosts:
    """Answers only to known names.

    A page of any site can have its own name point at this machine (DNS rebinding). The browser then
    takes what is served here for a part of that site. On loopback nobody else has a use for a name.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = frozenset(each for each in names if not each.startswith("*."))
        self._ends = tuple(each[1:] for each in names if each.startswith("*."))
        self._any_address = not names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, or refuse it."""
        if scope["type"] == "lifespan" or scope["path"] in _PROBES or self._knows(host(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await JSONResponse(HostUnknown().body(), HostUnknown.status)(scope, receive, send)
        else:
            await WebSocketClose()(scope, receive, send)

    def _knows(self, name: str) -> bool:
        if name in self._names or name == _LOCAL_NAME or name.endswith((".localhost", *self._ends)):
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        # No name was rebound where none was asked for.
        return self._any_address or address.is_loopback


class Proxied:
    """Believes trusted proxies: the client's address and how it spoke come from their headers."""

    def __init__(self, app: ASGIApp, networks: tuple[Network, ...]) -> None:
        self._app = app
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        peer = scope.get("client")
        if scope["type"] == "lifespan" or not peer:
            await self._app(scope, receive, send)
            return
        found = forwarding.origin(peer[0], scope["headers"], self._networks)
        if found.address != peer[0]:
            scope["client"] = (found.address, 0)
        if found.scheme is not None:
            _speak(scope, secure=found.scheme == "https")
        await self._app(scope, receive, _strictly(send) if scope["scheme"] == "https" else send)


def _speak(scope: MutableMapping[str, Any], *, secure: bool) -> None:
    plain = "ws" if scope["type"] == "websocket" else "http"
    scope["scheme"] = f"{plain}s" if secure else plain


def _strictly(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), STRICT_TRANSPORT]
        await send(message)

    return sending


def host(scope: Scope) -> str:
    """Return the name that a request came for, in lower case and without its port."""
    for name, value in scope["headers"]:
        if name == b"host":
            text = str(value.decode("latin-1")).lower()
            if text.startswith("["):
                return text[1:].partition("]")[0]
            return text.partition(":")[0].removesuffix(".")
    return ""


def stand_before(app: ASGIApp, server: Server) -> ASGIApp:
    """Put up what the settings ask for, the outermost last."""
    if server.cors_origins:
        # Keys travel in a header; cookies stay with our own pages. Vendors' clients send headers of their own.
        app = CORSMiddleware(
            app,
            allow_origins=server.cors_origins,
            allow_methods=_METHODS,
            allow_headers=["*"],
            expose_headers=_TOLD,
            max_age=_PREFLIGHT_SECONDS,
        )
    if server.trusted_proxies:
        app = Proxied(app, server.trusted_proxies)
    return app


def known_hosts(app: ASGIApp, server: Server) -> ASGIApp:
    """Hold an application to the names in the settings, or to this machine's own on loopback."""
    if server.allowed_hosts or (_is_loopback(server.host) and not server.trusted_proxies):
        return KnownHosts(app, server.allowed_hosts)
    return app


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == _LOCAL_NAME

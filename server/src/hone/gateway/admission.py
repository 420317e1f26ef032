"""Who may call, and whether there is room."""

import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from hone.core import crypto
from hone.gateway import browser
from hone.gateway.browser import Headers
from hone.gateway.errors import (
    BodyTooLarge,
    KeyExpired,
    KeyMissing,
    KeyUnknown,
    NotReady,
    Overloaded,
    QueryNotAllowed,
)
from hone.gateway.snapshot import QUERY, Caller, Current

Scope = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on."""

    body_bytes: int = 32 << 20
    concurrency: int = 1024
    inflight_bytes: int = 512 << 20


class Load:
    """What this process has taken on."""

    __slots__ = ("bytes", "limits", "requests")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.requests = 0
        self.bytes = 0

    def enter(self) -> None:
        """Take a place; `leave` gives it back."""
        if self.requests >= self.limits.concurrency:
            raise Overloaded
        self.requests += 1

    def hold(self, size: int, held: int) -> None:
        """Hold `size` more bytes of a body of which `held` are held already."""
        if held + size > self.limits.body_bytes:
            raise BodyTooLarge(
                f"The request body is larger than {self.limits.body_bytes} bytes.",
            )
        if self.bytes + size > self.limits.inflight_bytes:
            raise Overloaded
        self.bytes += size

    def leave(self, held: int) -> None:
        """Give a place back, and the bytes that it held."""
        self.requests -= 1
        self.bytes -= held


def authenticate(current: Current, headers: Headers, scope: Scope) -> Caller:
    """Return who sends a request, or say why nobody does."""
    if not current.ready:
        raise NotReady
    token = _token(headers)
    if token is None:
        return _signed_in(current, headers, scope)
    caller = current.snapshot.callers.get(crypto.digest(token.strip()))
    if caller is None:
        raise KeyUnknown
    principal = caller.principal
    if principal.expires_at is not None and principal.expires_at <= time.time():
        raise KeyExpired
    if QUERY not in principal.permissions:
        raise QueryNotAllowed
    current.note_use(principal)
    return caller


def _token(headers: Headers) -> bytes | None:
    """Find the key where OpenAI's clients send it, or where Anthropic's do."""
    authorization = headers.get(b"authorization")
    if authorization is None:
        return headers.get(b"x-api-key")
    scheme, _, token = authorization.partition(b" ")
    if scheme.lower() != b"bearer" or not token:
        raise KeyMissing
    return token


def _signed_in(current: Current, headers: Headers, scope: Scope) -> Caller:
    """Return the person whose browser sends a request."""
    secure = scope.get("scheme") == "https"
    visitor = browser.signed_in(current, headers, secure=secure)
    if visitor is None:
        raise KeyMissing
    method = str(scope["method"])
    browser.require_own_page(current, headers, method, visitor.session_id, secure=secure)
    if QUERY not in visitor.principal.permissions:
        raise QueryNotAllowed("You may not call models; it needs the permission `ai:query`.")
    return Caller(visitor.principal, visitor.organization)

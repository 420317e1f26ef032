"""Who a browser is: its access cookie, and whether a request was made by a page of ours.

A browser sends its cookies whoever made the page. So what comes by cookie and changes anything must
carry a token that only our own pages can read, and must not say that another site made it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hone.gateway.errors import CsrfFailed, NotReady, SessionEnded
from hone.gateway.snapshot import Current, Organization, Principal

ACCESS_COOKIE: Final = "hone_access"
REFRESH_COOKIE: Final = "hone_refresh"
CSRF_COOKIE: Final = "hone_csrf"
_SECURE: Final = {ACCESS_COOKIE: "__Host-", REFRESH_COOKIE: "__Secure-", CSRF_COOKIE: "__Host-"}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({b"same-origin", b"none"})

Headers = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is signed in, and the session by which they are."""

    principal: Principal
    organization: Organization
    session_id: UUID
    expires_at: float
    """Unix seconds; when the access token ends, which is sooner than the session does."""


def cookie_name(name: str, *, secure: bool) -> str:
    """Name a cookie; over https its prefix holds it to this host (RFC 6265bis, section 4.1.3)."""
    return _SECURE[name] + name if secure else name


def read_cookie(headers: Headers, name: str, *, secure: bool) -> str:
    """Read a cookie; empty where there is none."""
    wanted = cookie_name(name, secure=secure)
    for pair in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == wanted:
            return value
    return ""


def signed_in(current: Current, headers: Headers, *, secure: bool) -> Visitor | None:
    """Return who is signed in; None for a browser that has no access cookie."""
    token = read_cookie(headers, ACCESS_COOKIE, secure=secure)
    if not token or current.tokens is None:
        return None
    if not current.ready:
        raise NotReady
    said = current.tokens.read_access(token)
    if said is None:
        raise SessionEnded
    organization, principal = session_holder(
        current, said.organization_id, said.person_id, said.session_id
    )
    return Visitor(principal, organization, said.session_id, said.expires_at)


def expected(current: Current, headers: Headers, *, secure: bool) -> float | None:
    """Tell until when a browser may be of somebody whom this process has not heard of yet.

    In Unix seconds: when the access token ends. None for whoever is known, or is not signed in.
    """
    token = read_cookie(headers, ACCESS_COOKIE, secure=secure)
    said = current.tokens.read_access(token) if token and current.tokens is not None else None
    if said is None:
        return None
    organization = current.snapshot.organizations.get(said.organization_id)
    if organization is not None and said.session_id in organization.ended:
        return None
    known = organization is not None and said.person_id in organization.people
    return None if known else said.expires_at


def session_holder(
    current: Current, organization_id: UUID, person_id: UUID, session_id: UUID
) -> tuple[Organization, Principal]:
    """Return whose a session is, as the snapshot knows it now; raise where it has ended."""
    organization = current.snapshot.organizations.get(organization_id)
    principal = organization and organization.people.get(person_id)
    if organization is None or principal is None or session_id in organization.ended:
        raise SessionEnded
    return organization, principal


def require_own_page(
    current: Current, headers: Headers, method: str, session_id: UUID, *, secure: bool
) -> None:
    """Refuse a write that no page of ours has made."""
    if method in _SAFE:
        return
    require_same_origin(headers)
    sent = headers.get(b"x-csrf-token", b"").decode("latin-1")
    kept = read_cookie(headers, CSRF_COOKIE, secure=secure)
    same = hmac.compare_digest(sent.encode("latin-1"), kept.encode("latin-1"))
    if not same or current.tokens is None or not current.tokens.is_csrf(session_id, sent):
        raise CsrfFailed


def require_same_origin(headers: Headers, *, told: bool = False) -> None:
    """Refuse what says that another site made it; with `told`, also what says nothing of that."""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None and site not in _OWN:
        raise CsrfFailed
    if origin is not None:
        # Schemes may differ behind a proxy that ends TLS; hosts and ports may not.
        if origin.partition(b"://")[2].lower() != headers.get(b"host", b"").lower():
            raise CsrfFailed
    elif told:
        raise CsrfFailed

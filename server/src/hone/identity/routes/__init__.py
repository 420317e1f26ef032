"""HTTP routes of identity, one module for each noun."""

from hone.core import http
from hone.identity.routes import keys, links, me, oidc, organizations, people, sessions, teams

router = http.gather(
    each.router for each in (sessions, me, organizations, keys, people, links, teams, oidc)
)

__all__ = ["router"]

"""HTTP routes of identity, one module for each noun."""

from fastapi import APIRouter

from hone.identity.routes import keys, links, me, oidc, organizations, people, sessions, teams

router = APIRouter(prefix="/api/identity", tags=["identity"])
for each in (sessions, me, organizations, keys, people, links, teams, oidc):
    router.include_router(each.router)

__all__ = ["router"]

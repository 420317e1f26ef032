"""HTTP routes of identity, one module for each noun."""

from fastapi import APIRouter

from hone.identity.routes import keys, me, organizations, people, sessions

router = APIRouter(prefix="/api/identity", tags=["identity"])
for each in (sessions, me, organizations, keys, people):
    router.include_router(each.router)

__all__ = ["router"]

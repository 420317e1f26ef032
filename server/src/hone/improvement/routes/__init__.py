"""HTTP routes of improvement."""

from fastapi import APIRouter

from hone.improvement.routes import continuous, policies, turns

router = APIRouter()
router.include_router(policies.router)
router.include_router(turns.router)
router.include_router(continuous.router)

__all__ = ["router"]

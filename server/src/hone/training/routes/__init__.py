"""HTTP routes of training."""

from fastapi import APIRouter

from hone.training.routes import doors, runs, schedules, tuning

router = APIRouter()
router.include_router(doors.router)
router.include_router(runs.router)
router.include_router(schedules.router)
router.include_router(tuning.router)
router.include_router(tuning.ours)

__all__ = ["router"]

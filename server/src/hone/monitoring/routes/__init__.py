"""HTTP routes of monitoring."""

from fastapi import APIRouter

from hone.monitoring.routes import alerts, channels, metrics, monitors

router = APIRouter(tags=["monitoring"])
for each in (metrics, monitors, alerts, channels):
    router.include_router(each.router)

__all__ = ["router"]

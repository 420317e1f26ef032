"""HTTP routes of monitors."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from hone.core.paging import Page
from hone.identity import ActorDep, SessionDep
from hone.monitoring.routes.deps import PageDep, PlaceDep
from hone.monitoring.schemas.monitors import (
    ErrorPatterns,
    MonitorCreate,
    MonitorPoints,
    MonitorRead,
    MonitorUpdate,
)
from hone.monitoring.service import monitors

router = APIRouter(prefix="/api/monitors", tags=["monitoring"])

Since = Annotated[datetime | None, Query(alias="from", description="Absent: a day before the end.")]
Until = Annotated[datetime | None, Query(alias="to", description="Not included; absent: now.")]


@router.get("")
async def list_monitors(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[MonitorRead]:
    """List monitors by name, each with how it stands."""
    return await monitors.page(session, actor, page)


@router.post("", status_code=201)
async def create_monitor(session: SessionDep, actor: ActorDep, body: MonitorCreate) -> MonitorRead:
    """Watch a metric, an objective, drift, accuracy without labels, or errors."""
    return await monitors.create(session, actor, body)


@router.get("/error-patterns")
async def list_error_patterns(session: SessionDep, actor: ActorDep) -> ErrorPatterns:
    """List errors by how they read, with their first and last sighting."""
    return await monitors.error_patterns(session, actor)


@router.get("/{monitor_id}")
async def get_monitor(session: SessionDep, actor: ActorDep, monitor_id: str) -> MonitorRead:
    """Get a monitor and how it stands."""
    return await monitors.get(session, actor, monitor_id)


@router.patch("/{monitor_id}")
async def update_monitor(
    session: SessionDep, actor: ActorDep, monitor_id: str, body: MonitorUpdate
) -> MonitorRead:
    """Change a monitor, or switch it off."""
    return await monitors.update(session, actor, monitor_id, body)


@router.delete("/{monitor_id}", status_code=204)
async def delete_monitor(session: SessionDep, actor: ActorDep, monitor_id: str) -> None:
    """Delete a monitor; alerts that it opened are resolved and stay."""
    await monitors.delete(session, actor, monitor_id)


@router.post("/{monitor_id}/check")
async def check_monitor(
    session: SessionDep, actor: ActorDep, place: PlaceDep, monitor_id: str
) -> MonitorRead:
    """Measure now."""
    return await monitors.check(session, actor, place, monitor_id)


@router.get("/{monitor_id}/points")
async def list_monitor_points(
    session: SessionDep,
    actor: ActorDep,
    monitor_id: str,
    since: Since = None,
    until: Until = None,
) -> MonitorPoints:
    """List what a monitor measured, oldest first."""
    return await monitors.points(session, actor, monitor_id, since, until)

"""HTTP routes of schedules."""

from fastapi import APIRouter

from hone.core.paging import Page
from hone.identity import ActorDep, SessionDep
from hone.training.routes.deps import PageDep, PlaceDep
from hone.training.schemas.schedules import ScheduleChange, ScheduleRead, ScheduleWrite
from hone.training.service import schedules

router = APIRouter(prefix="/api/training/schedules", tags=["training"])


@router.get("")
async def list_training_schedules(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[ScheduleRead]:
    """List training schedules, newest first."""
    return await schedules.page(session, actor, page)


@router.post("", status_code=201)
async def create_training_schedule(
    session: SessionDep, actor: ActorDep, place: PlaceDep, body: ScheduleWrite
) -> ScheduleRead:
    """Train a model again and again, by itself."""
    return await schedules.create(session, actor, place, body)


@router.get("/{schedule_id}")
async def get_training_schedule(
    session: SessionDep, actor: ActorDep, schedule_id: str
) -> ScheduleRead:
    """Get a training schedule and its next times."""
    return await schedules.get(session, actor, schedule_id)


@router.patch("/{schedule_id}")
async def update_training_schedule(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    schedule_id: str,
    body: ScheduleChange,
) -> ScheduleRead:
    """Change a training schedule; it counts from the next time on."""
    return await schedules.update(session, actor, place, schedule_id, body)


@router.delete("/{schedule_id}", status_code=204)
async def delete_training_schedule(session: SessionDep, actor: ActorDep, schedule_id: str) -> None:
    """Take a training schedule away; runs that it began stay."""
    await schedules.delete(session, actor, schedule_id)

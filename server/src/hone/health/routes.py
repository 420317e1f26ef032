"""HTTP routes of health."""

from fastapi import APIRouter

from hone.health import service
from hone.health.schemas import HealthRead, HealthWindow
from hone.identity import ActorDep, SessionDep

router = APIRouter(prefix="/api/providers", tags=["registry"])


@router.get("/health")
async def get_provider_health(
    session: SessionDep, actor: ActorDep, window: HealthWindow = "1h"
) -> HealthRead:
    """Tell how providers and their models are: circuits in all processes, errors, times."""
    return await service.read(session, actor, window)

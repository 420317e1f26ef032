"""The one call of continuous learning."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection

from hone.identity import ActorDep, SessionDep
from hone.improvement.schemas.continuous import ContinuousLearning, LearningUpdate
from hone.improvement.service import continuing
from hone.training import Place

router = APIRouter(tags=["improvement"])


async def _place(connection: HTTPConnection) -> Place:
    return cast("Place", connection.app.state.training)


PlaceDep = Annotated[Place, Depends(_place)]


@router.post("/api/training/continuous-learning", status_code=202)
async def learn_continuously(
    session: SessionDep, actor: ActorDep, place: PlaceDep, body: ContinuousLearning
) -> LearningUpdate:
    """Keep what is new, and let the model learn from it now, and by itself from then on."""
    return await continuing.learn(session, actor, place, body)

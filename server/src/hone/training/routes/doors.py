"""HTTP routes of the other ways in."""

from fastapi import APIRouter

from hone.identity import ActorDep, SessionDep
from hone.training.routes.deps import KeyHeader, PlaceDep
from hone.training.schemas.doors import (
    AutomatedStart,
    Orchestrate,
    StartedRead,
    StartTraining,
    TrainActed,
    TrainAction,
    TrainRead,
)
from hone.training.service import doors, retraining
from hone.training.service.creating import Origin

router = APIRouter(tags=["training"])


@router.post("/api/training/chatbot/start-training", status_code=202)
async def start_chatbot_training(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    body: StartTraining,
    idempotency_key: KeyHeader = None,
) -> StartedRead:
    """Train a chatbot on conversations, annotations and answers that stand in the request."""
    return await doors.start_training(session, actor, place, body, Origin(idempotency_key))


@router.post("/api/training/orchestrate", status_code=202)
async def orchestrate_training(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    body: Orchestrate,
    idempotency_key: KeyHeader = None,
) -> StartedRead:
    """Train a model from a data set, with wishes about time, cost and resources."""
    return await doors.orchestrate(session, actor, place, body, Origin(idempotency_key))


@router.post("/api/training/automated/start", status_code=202)
async def start_automated_training(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    body: AutomatedStart,
    idempotency_key: KeyHeader = None,
) -> StartedRead:
    """Train on conversations that are kept; `maxGPUs` and `memoryLimitGB` are ceilings."""
    return await doors.automated(session, actor, place, body, Origin(idempotency_key))


@router.get("/api/ai/train")
async def get_training_state(session: SessionDep, actor: ActorDep) -> TrainRead:
    """Get figures of each model, the history of training, and how good the data is."""
    return await retraining.read(session, actor)


@router.post("/api/ai/train")
async def act_on_training(
    session: SessionDep, actor: ActorDep, place: PlaceDep, body: TrainAction
) -> TrainActed:
    """Train a model, check whether models should be trained anew, or train those that should."""
    return await retraining.act(session, actor, place, body)

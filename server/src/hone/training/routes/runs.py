"""HTTP routes of runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hone.core.paging import Page
from hone.identity import ActorDep, SessionDep
from hone.training.routes.deps import KeyHeader, PageDep, PlaceDep
from hone.training.schemas.job import TrainingJob
from hone.training.schemas.runs import (
    EnginesRead,
    EstimateRead,
    MetricsRead,
    ResourcesRead,
    RunEventsRead,
    RunRead,
    TrackersRead,
)
from hone.training.schemas.search import TrialsRead
from hone.training.service import creating, runs, trials
from hone.training.service.creating import Origin
from hone.training.service.runs import RunsQuery

router = APIRouter(prefix="/api/training", tags=["training"])


async def _wanted(
    state: Annotated[
        str | None, Query(max_length=200, description="Of this state, or these, with commas.")
    ] = None,
    model: Annotated[str | None, Query(max_length=256, description="Of this model.")] = None,
    dataset: Annotated[
        str | None, Query(max_length=256, description="On this data set, by id or name.")
    ] = None,
    dataset_version: Annotated[
        str | None,
        Query(
            alias="datasetVersion",
            max_length=1000,
            description="On this version of it, by number, or these, with commas.",
        ),
    ] = None,
) -> RunsQuery:
    return RunsQuery(state, model, dataset, dataset_version)


@router.get("/runs")
async def list_training_runs(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    wanted: Annotated[RunsQuery, Depends(_wanted)],
) -> Page[RunRead]:
    """List training runs, newest first."""
    return await runs.page(session, actor, page, wanted)


@router.post("/runs", status_code=201)
async def create_training_run(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    body: TrainingJob,
    idempotency_key: KeyHeader = None,
) -> RunRead:
    """Train a model; what speaks against it is told in words."""
    return await creating.create(session, actor, place, body, Origin(idempotency_key))


@router.post("/estimate")
async def estimate_training(
    session: SessionDep, actor: ActorDep, place: PlaceDep, body: TrainingJob
) -> EstimateRead:
    """Tell how long a training would take and what it would cost; nothing is begun."""
    return await creating.estimate(session, actor, place, body)


@router.get("/runs/{run_id}")
async def get_training_run(session: SessionDep, actor: ActorDep, run_id: str) -> RunRead:
    """Get a training run: its state, how far it is, and what came of it."""
    return await runs.get(session, actor, run_id)


@router.get("/runs/{run_id}/metrics")
async def get_training_metrics(
    session: SessionDep,
    actor: ActorDep,
    run_id: str,
    after: Annotated[
        str | None, Query(max_length=20, description="`next` of the answer before.")
    ] = None,
) -> MetricsRead:
    """Get what was measured while a model is trained, in the order it came."""
    return await runs.metrics(session, actor, run_id, after)


@router.get(
    "/runs/{run_id}/log",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def get_training_log(
    session: SessionDep,
    actor: ActorDep,
    place: PlaceDep,
    run_id: str,
    after: Annotated[
        int, Query(ge=0, le=2**53, description="Bytes that are known: `x-log-next`.")
    ] = 0,
) -> Response:
    """Get a run's log as text; the header `x-log-next` says where it ends so far."""
    said, ends = await runs.log(session, actor, place, run_id, after)
    headers = {"x-log-next": str(ends), "x-content-type-options": "nosniff"}
    return Response(said, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/runs/{run_id}/trackers")
async def get_training_trackers(session: SessionDep, actor: ActorDep, run_id: str) -> TrackersRead:
    """Get which other trackers, as MLflow, know of a training run, and where they show it."""
    return await runs.trackers(session, actor, run_id)


@router.get("/runs/{run_id}/events")
async def get_training_events(session: SessionDep, actor: ActorDep, run_id: str) -> RunEventsRead:
    """Get the stages, milestones and warnings of a run."""
    return await runs.events(session, actor, run_id)


@router.get("/runs/{run_id}/trials")
async def get_training_trials(
    session: SessionDep, actor: ActorDep, place: PlaceDep, run_id: str
) -> TrialsRead:
    """Get what a search for parameters tried, what each try was worth, and which is the best so far."""
    return await trials.trials(session, actor, place, run_id)


@router.post("/runs/{run_id}/pause")
async def pause_training_run(session: SessionDep, actor: ActorDep, run_id: str) -> RunRead:
    """Stop a run at a checkpoint, from which it goes on when it is resumed."""
    return await runs.pause(session, actor, run_id)


@router.post("/runs/{run_id}/resume")
async def resume_training_run(session: SessionDep, actor: ActorDep, run_id: str) -> RunRead:
    """Let a paused run go on."""
    return await runs.resume(session, actor, run_id)


@router.post("/runs/{run_id}/cancel")
async def cancel_training_run(session: SessionDep, actor: ActorDep, run_id: str) -> RunRead:
    """End a run; the model's versions stay what they are."""
    return await runs.cancel(session, actor, run_id)


@router.post("/runs/{run_id}/retry", status_code=201)
async def retry_training_run(
    session: SessionDep, actor: ActorDep, place: PlaceDep, run_id: str
) -> RunRead:
    """Begin a run that is over once more, as it was specified, on the same data."""
    return await runs.retry(session, actor, place, run_id)


@router.get("/resources")
async def get_training_resources(session: SessionDep, actor: ActorDep) -> ResourcesRead:
    """Get what there is to train with, who has it, and who waits for what."""
    return await runs.resources(session, actor)


@router.get("/engines")
async def list_training_engines(actor: ActorDep, place: PlaceDep) -> EnginesRead:
    """List the ways to learn, their parameters, and what installs those that are missing."""
    return await runs.engines(actor, place)

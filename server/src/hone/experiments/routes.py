"""HTTP routes of experiments."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.experiments.schemas.design import (
    ExperimentAssignment,
    ExperimentChange,
    ExperimentDecide,
    ExperimentPlan,
    ExperimentPlanAsk,
    ExperimentRead,
    ExperimentStop,
    ExperimentWrite,
    State,
)
from hone.experiments.schemas.pairs import (
    ABTestRead,
    ABTestWrite,
)
from hone.experiments.schemas.results import (
    ExperimentResults,
)
from hone.experiments.service import editing, pairs, results, running
from hone.identity import ActorDep, SessionDep

router = APIRouter(tags=["experiments"])
_AB = "/ai/ab-tests"
PageDep = Annotated[PageQuery, Depends(page_query)]
User = Annotated[
    str,
    Query(min_length=1, max_length=256, description="As the application names it to the gateway."),
]


@router.get("/api/experiments")
async def list_experiments(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    state: Annotated[State | None, Query()] = None,
) -> Page[ExperimentRead]:
    """List experiments, newest first."""
    return await editing.page(session, actor, page, state)


@router.post("/api/experiments", status_code=201)
async def create_experiment(
    session: SessionDep, actor: ActorDep, body: ExperimentWrite
) -> ExperimentRead:
    """Draw up an experiment; no call is split before it starts."""
    return await editing.create(session, actor, body)


@router.post("/api/experiments/plan")
async def plan_experiment(
    session: SessionDep, actor: ActorDep, body: ExperimentPlanAsk
) -> ExperimentPlan:
    """Tell beforehand how many users and days it takes to find an effect."""
    return await results.plan(session, actor, body)


@router.get("/api/experiments/{experiment_id}")
async def get_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str
) -> ExperimentRead:
    """Get an experiment."""
    return await editing.get(session, actor, experiment_id)


@router.patch("/api/experiments/{experiment_id}")
async def update_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str, body: ExperimentChange
) -> ExperimentRead:
    """Change a draft; of an experiment that has started, only its name and hypothesis."""
    return await editing.update(session, actor, experiment_id, body)


@router.delete("/api/experiments/{experiment_id}", status_code=204)
async def delete_experiment(session: SessionDep, actor: ActorDep, experiment_id: str) -> None:
    """Delete a draft."""
    await editing.delete(session, actor, experiment_id)


@router.post("/api/experiments/{experiment_id}/start")
async def start_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str
) -> ExperimentRead:
    """Begin to split the calls of the target; within a second all processes do."""
    return await running.start(session, actor, experiment_id)


@router.post("/api/experiments/{experiment_id}/pause")
async def pause_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str
) -> ExperimentRead:
    """Let all calls go to the target for a while; everybody keeps their arm."""
    return await running.pause(session, actor, experiment_id)


@router.post("/api/experiments/{experiment_id}/resume")
async def resume_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str
) -> ExperimentRead:
    """Go on with an experiment that is paused."""
    return await running.resume(session, actor, experiment_id)


@router.post("/api/experiments/{experiment_id}/stop")
async def stop_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str, body: ExperimentStop
) -> ExperimentRead:
    """End without a winner, or take away the arm that stands in the place of the target."""
    return await running.stop(session, actor, experiment_id, body)


@router.post("/api/experiments/{experiment_id}/decide")
async def decide_experiment(
    session: SessionDep, actor: ActorDep, experiment_id: str, body: ExperimentDecide
) -> ExperimentRead:
    """Let one arm take all calls of the name."""
    return await running.decide(session, actor, experiment_id, body)


@router.get("/api/experiments/{experiment_id}/results")
async def get_experiment_results(
    session: SessionDep, actor: ActorDep, experiment_id: str
) -> ExperimentResults:
    """Tell what came of an experiment so far, and what to do."""
    return await results.results(session, actor, experiment_id)


@router.get("/api/experiments/{experiment_id}/assignment")
async def get_experiment_assignment(
    session: SessionDep, actor: ActorDep, experiment_id: str, user: User
) -> ExperimentAssignment:
    """Tell which arm a user, or a conversation, has: the same, always."""
    return await running.assignment(session, actor, experiment_id, user)


@router.get(_AB, include_in_schema=False)
@router.get("/api/ai/ab-tests")
async def list_ab_tests(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[ABTestRead]:
    """List experiments, newest first, as tests of two."""
    return await pairs.page(session, actor, page)


@router.post(_AB, status_code=201, include_in_schema=False)
@router.post("/api/ai/ab-tests", status_code=201)
async def create_ab_test(session: SessionDep, actor: ActorDep, body: ABTestWrite) -> ABTestRead:
    """Start a test of two models or versions."""
    return await pairs.create(session, actor, body)


@router.get(f"{_AB}/{{test_id}}/assignment", include_in_schema=False)
@router.get("/api/ai/ab-tests/{test_id}/assignment")
async def get_ab_test_assignment(
    session: SessionDep,
    actor: ActorDep,
    test_id: str,
    user_id: Annotated[str, Query(alias="userId", min_length=1, max_length=256)],
) -> ExperimentAssignment:
    """Tell which side a user has: the same, always."""
    return await running.assignment(session, actor, test_id, user_id)


@router.get(f"{_AB}/{{test_id}}/results", include_in_schema=False)
@router.get("/api/ai/ab-tests/{test_id}/results")
async def get_ab_test_results(
    session: SessionDep, actor: ActorDep, test_id: str
) -> ExperimentResults:
    """Tell what came of a test so far: significance, a winner, and what to do."""
    return await results.results(session, actor, test_id)

"""HTTP routes of trained models."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, SessionDep
from hone.versions.schemas import (
    Deprecate,
    LiveAt,
    ModelHistoryPage,
    ModelVersionRead,
    Promote,
    ReleaseDone,
    Rollback,
    TrainedModel,
    VersionComparison,
)
from hone.versions.service import reading, releasing

router = APIRouter(prefix="/api/ai/models", tags=["trained models"])

PageDep = Annotated[PageQuery, Depends(page_query)]
Which = Annotated[str, Query(max_length=64, description="A version, such as `1.2.0`, or its id.")]


@router.get("")
async def list_trained_models(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[TrainedModel]:
    """List trained models with their versions, and what is live of each."""
    return await reading.page(session, actor, page)


@router.get("/compare")
async def compare_model_versions(
    session: SessionDep,
    actor: ActorDep,
    a: Which,
    b: Which,
    name: Annotated[str | None, Query(max_length=120)] = None,
) -> VersionComparison:
    """Set two versions side by side."""
    return await reading.compare(session, actor, a, b, name)


@router.get("/{model_name}")
async def get_trained_model(session: SessionDep, actor: ActorDep, model_name: str) -> TrainedModel:
    """Get a trained model with its versions, newest first."""
    return await reading.get(session, actor, model_name)


@router.get("/{model_name}/versions/{model_version}")
async def get_model_version(
    session: SessionDep, actor: ActorDep, model_name: str, model_version: str
) -> ModelVersionRead:
    """Get a version with all of its evidence."""
    return await reading.get_version(session, actor, model_name, model_version)


@router.post("/{model_name}/versions/{model_version}/deprecate")
async def deprecate_model_version(
    session: SessionDep, actor: ActorDep, model_name: str, model_version: str, body: Deprecate
) -> ReleaseDone:
    """Say that a version is not to be released any more."""
    return await releasing.deprecate(session, actor, model_name, model_version, body)


@router.get("/{model_name}/history")
async def get_model_history(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    model_name: str,
    at: Annotated[
        AwareDatetime | None, Query(description="Say what was live at this moment, and why.")
    ] = None,
) -> ModelHistoryPage | LiveAt:
    """List what happened to what serves a name, newest first; with `at`, say what was live then."""
    if at is not None:
        return await reading.live_at(session, actor, model_name, at)
    return await reading.history(session, actor, model_name, page)


@router.post("/{model_name}/promote")
async def promote_model_version(
    session: SessionDep, actor: ActorDep, model_name: str, body: Promote
) -> ReleaseDone:
    """Put a version in force; without passed gates, only with an override that says why."""
    return await releasing.promote(session, actor, model_name, body)


@router.post("/{model_name}/rollback")
async def roll_model_back(
    session: SessionDep, actor: ActorDep, model_name: str, body: Rollback
) -> ReleaseDone:
    """Go back to what was live before, or to a version that once was."""
    return await releasing.rollback(session, actor, model_name, body)

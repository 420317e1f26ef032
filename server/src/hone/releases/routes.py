"""HTTP routes of releases, and the one call of the requirements for what is done with a model."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, SessionDep
from hone.releases.schemas import (
    ModelActed,
    ReleaseNote,
    ReleasePreview,
    ReleaseRead,
    ReleaseRequested,
    ReleaseStart,
    ReleaseState,
    ReleaseSummary,
    ReleaseWhy,
)
from hone.releases.service import acting, asking, reading, starting
from hone.versions import ModelAct

router = APIRouter(tags=["releases"])

PageDep = Annotated[PageQuery, Depends(page_query)]
_RELEASES = "/api/releases"


@router.post("/api/ai/models", tags=["trained models"])
async def act_on_trained_models(session: SessionDep, actor: ActorDep, body: ModelAct) -> ModelActed:
    """Register a version, deploy or deprecate one, go back to the one before, or set two against each other."""
    return await acting.act(session, actor, body)


@router.get(_RELEASES)
async def list_releases(
    session: SessionDep,
    actor: ActorDep,
    page: PageDep,
    name: Annotated[str | None, Query(max_length=120, description="Of one model.")] = None,
    state: Annotated[ReleaseState | None, Query(description="In one state.")] = None,
) -> Page[ReleaseSummary]:
    """List releases, newest first."""
    return await reading.page(session, actor, page, name, state)


@router.post(_RELEASES, status_code=201)
async def start_release(session: SessionDep, actor: ActorDep, body: ReleaseStart) -> ReleaseRead:
    """Bring a version to traffic: at once, step by step, as a canary, blue-green, or unseen."""
    return await starting.start(session, actor, body)


@router.post(f"{_RELEASES}/preview")
async def preview_release(
    session: SessionDep, actor: ActorDep, body: ReleaseStart
) -> ReleasePreview:
    """Tell what a release would do, in words, and how long it would take."""
    return await starting.preview(session, actor, body)


@router.get(f"{_RELEASES}/{{release_id}}")
async def get_release(session: SessionDep, actor: ActorDep, release_id: str) -> ReleaseRead:
    """Get a release with its plan, its figures and its timeline."""
    return await reading.get(session, actor, release_id)


@router.post(f"{_RELEASES}/{{release_id}}/advance")
async def advance_release(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseRequested
) -> ReleaseRead:
    """Go on to the next step now, whatever this one waits for."""
    return await asking.ask(session, actor, release_id, "advance", body.reason)


@router.post(f"{_RELEASES}/{{release_id}}/hold")
async def hold_release(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseRequested
) -> ReleaseRead:
    """Stay in this step until somebody lets it go on; guardrails go on watching."""
    return await asking.ask(session, actor, release_id, "hold", body.reason)


@router.post(f"{_RELEASES}/{{release_id}}/resume")
async def resume_release(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseRequested
) -> ReleaseRead:
    """Go on with a step that was held; its time counts from the start."""
    return await asking.ask(session, actor, release_id, "resume", body.reason)


@router.post(f"{_RELEASES}/{{release_id}}/approve")
async def approve_release(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseNote
) -> ReleaseRead:
    """Let a release go on that waits for a person."""
    return await asking.ask(session, actor, release_id, "approve", body.note)


@router.post(f"{_RELEASES}/{{release_id}}/rollback")
async def roll_release_back(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseWhy
) -> ReleaseRead:
    """Give all of the traffic back to the version before, at once."""
    return await asking.roll_back(session, actor, release_id, body.reason)


@router.post(f"{_RELEASES}/{{release_id}}/cancel")
async def cancel_release(
    session: SessionDep, actor: ActorDep, release_id: str, body: ReleaseRequested
) -> ReleaseRead:
    """Give up a release that has not put its version in force."""
    return await asking.ask(session, actor, release_id, "cancel", body.reason)

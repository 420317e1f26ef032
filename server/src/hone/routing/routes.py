"""HTTP routes of learned routing."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection

from hone.core.blobs import Blobs
from hone.core.paging import Page, PageQuery, page_query
from hone.identity import ActorDep, KeyringDep, SessionDep
from hone.routing import outcomes, service
from hone.routing.schemas import (
    FitBegin,
    FitRead,
    OutcomesRead,
    OutcomesTaken,
    OutcomesTold,
    RoutingModelRead,
    RoutingState,
)

router = APIRouter(prefix="/api/routing", tags=["routing"])


async def _blobs(connection: HTTPConnection) -> Blobs:
    return cast("Blobs", connection.app.state.blobs)


BlobsDep = Annotated[Blobs, Depends(_blobs)]
PageDep = Annotated[PageQuery, Depends(page_query)]


@router.get("")
async def get_routing(session: SessionDep, actor: ActorDep) -> RoutingState:
    """Tell which routing model is active, and how the last fit went."""
    return await service.state(session, actor)


@router.post("/fit", status_code=202)
async def begin_fit(session: SessionDep, actor: ActorDep, body: FitBegin) -> FitRead:
    """Begin to learn from outcomes; `GET /api/routing/fits/{id}` tells how far it is."""
    return await service.begin(session, actor, body.basis)


@router.get("/fits/{fit_id}")
async def get_fit(session: SessionDep, actor: ActorDep, fit_id: str) -> FitRead:
    """Tell how far a fit is, or why it failed."""
    return await service.get_fit(session, actor, fit_id)


@router.get("/models")
async def list_routing_models(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[RoutingModelRead]:
    """List routing models with their evidence, newest first."""
    return await service.page(session, actor, page)


@router.get("/models/{routing_model_id}")
async def get_routing_model(
    session: SessionDep, actor: ActorDep, routing_model_id: str
) -> RoutingModelRead:
    """Get a routing model, by its id or the number of its version."""
    return await service.get(session, actor, routing_model_id)


@router.post("/models/{routing_model_id}/activate")
async def activate_routing_model(
    session: SessionDep, actor: ActorDep, blobs: BlobsDep, routing_model_id: str
) -> RoutingModelRead:
    """Put a routing model in force; what was active before is kept for going back."""
    return await service.activate(session, actor, blobs, routing_model_id)


@router.post("/models/{routing_model_id}/retire")
async def retire_routing_model(
    session: SessionDep, actor: ActorDep, routing_model_id: str
) -> RoutingModelRead:
    """Take the active routing model out of force; routes go by what you say of models."""
    return await service.retire(session, actor, routing_model_id)


@router.post("/undo")
async def undo_routing(session: SessionDep, actor: ActorDep, blobs: BlobsDep) -> RoutingState:
    """Go back to the routing model that was active before, or to none if there was none."""
    return await service.undo(session, actor, blobs)


@router.get("/outcomes")
async def get_outcomes(session: SessionDep, actor: ActorDep) -> OutcomesRead:
    """Tell what was told so far of each model's answers, and what a fit needs."""
    return await outcomes.summary(session, actor)


@router.post("/outcomes")
async def tell_outcomes(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, body: OutcomesTold
) -> OutcomesTaken:
    """Tell how good answers were; what is told once more takes the place of the first."""
    return await outcomes.tell(session, actor, keyring, body.outcomes)


@router.delete("/outcomes", status_code=204)
async def delete_outcomes(session: SessionDep, actor: ActorDep) -> None:
    """Delete all outcomes; what was learned from them stays."""
    await outcomes.forget(session, actor)

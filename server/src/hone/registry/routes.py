"""HTTP routes of the registry."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery, page_query
from hone.core.settings import Settings
from hone.identity import ActorDep, SessionDep
from hone.registry.addresses import Reach
from hone.registry.schemas import (
    CatalogueRead,
    ModelCreate,
    ModelRead,
    ModelReplace,
    PriceRead,
    ProviderCreate,
    ProviderRead,
    ProviderReplace,
    RouteCreate,
    RouteRead,
    RouteReplace,
)
from hone.registry.service import models, providers, routes
from hone.registry.service.providers import Custody


def custody(request: Request) -> Custody:
    """Return what the API needs to write a provider."""
    settings = cast("Settings", request.app.state.settings)
    reach = Reach.PRIVATE if settings.security.private_upstreams else Reach.PUBLIC
    return Custody(cast("Keyring", request.app.state.keyring), reach)


router = APIRouter(prefix="/api", tags=["registry"])
PageDep = Annotated[PageQuery, Depends(page_query)]
CustodyDep = Annotated[Custody, Depends(custody)]


@router.get("/providers")
async def list_providers(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[ProviderRead]:
    """List providers by name."""
    return await providers.page(session, actor, page)


@router.post("/providers", status_code=201)
async def create_provider(
    session: SessionDep, actor: ActorDep, custody: CustodyDep, body: ProviderCreate
) -> ProviderRead:
    """Add a provider."""
    return await providers.create(session, actor, custody, body)


@router.get("/providers/{provider_id}")
async def get_provider(session: SessionDep, actor: ActorDep, provider_id: str) -> ProviderRead:
    """Get a provider."""
    return await providers.get(session, actor, provider_id)


@router.put("/providers/{provider_id}")
async def replace_provider(
    session: SessionDep,
    actor: ActorDep,
    custody: CustodyDep,
    provider_id: str,
    body: ProviderReplace,
) -> ProviderRead:
    """Replace a provider, if it is still the version that you read."""
    return await providers.replace(session, actor, custody, provider_id, body)


@router.delete("/providers/{provider_id}", status_code=204)
async def delete_provider(session: SessionDep, actor: ActorDep, provider_id: str) -> None:
    """Delete a provider that no model uses."""
    await providers.delete(session, actor, provider_id)


@router.get("/models")
async def list_models(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[ModelRead]:
    """List models by name, each with the price in force."""
    return await models.page(session, actor, page)


@router.get("/models/catalogue")
async def get_catalogue(actor: ActorDep) -> CatalogueRead:
    """Get what is known of vendors' models: limits, prices and their sources, retirement."""
    return models.known(actor)


@router.post("/models", status_code=201)
async def create_model(session: SessionDep, actor: ActorDep, body: ModelCreate) -> ModelRead:
    """Add a model."""
    return await models.create(session, actor, body)


@router.get("/models/{model_id}")
async def get_model(session: SessionDep, actor: ActorDep, model_id: str) -> ModelRead:
    """Get a model."""
    return await models.get(session, actor, model_id)


@router.get("/models/{model_id}/prices")
async def list_prices(session: SessionDep, actor: ActorDep, model_id: str) -> Page[PriceRead]:
    """List every version of a model's price, newest first."""
    return await models.history(session, actor, model_id)


@router.put("/models/{model_id}")
async def replace_model(
    session: SessionDep, actor: ActorDep, model_id: str, body: ModelReplace
) -> ModelRead:
    """Replace a model, if it is still the version that you read; a new price adds a version."""
    return await models.replace(session, actor, model_id, body)


@router.delete("/models/{model_id}", status_code=204)
async def delete_model(session: SessionDep, actor: ActorDep, model_id: str) -> None:
    """Delete a model that no route uses."""
    await models.delete(session, actor, model_id)


@router.get("/routes")
async def list_routes(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[RouteRead]:
    """List routes by name."""
    return await routes.page(session, actor, page)


@router.post("/routes", status_code=201)
async def create_route(session: SessionDep, actor: ActorDep, body: RouteCreate) -> RouteRead:
    """Add a route."""
    return await routes.create(session, actor, body)


@router.get("/routes/{route_id}")
async def get_route(session: SessionDep, actor: ActorDep, route_id: str) -> RouteRead:
    """Get a route."""
    return await routes.get(session, actor, route_id)


@router.put("/routes/{route_id}")
async def replace_route(
    session: SessionDep, actor: ActorDep, route_id: str, body: RouteReplace
) -> RouteRead:
    """Replace a route, if it is still the version that you read."""
    return await routes.replace(session, actor, route_id, body)


@router.delete("/routes/{route_id}", status_code=204)
async def delete_route(session: SessionDep, actor: ActorDep, route_id: str) -> None:
    """Delete a route."""
    await routes.delete(session, actor, route_id)

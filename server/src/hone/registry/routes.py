"""HTTP routes of the registry."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request

from hone.core.db import Database
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
    ProviderKinds,
    ProviderProbe,
    ProviderRead,
    ProviderReplace,
    ProviderTest,
    RouteCreate,
    RoutePreview,
    RoutePreviewQuery,
    RouteRead,
    RouteReplace,
    RouteUndo,
    VersionRead,
)
from hone.registry.service import (
    history,
    models,
    provider_tests,
    providers,
    route_preview,
    route_versions,
    routes,
)
from hone.registry.service.providers import Custody


async def custody(request: Request) -> Custody:
    """Return what the API needs to write a provider."""
    settings = cast("Settings", request.app.state.settings)
    reach = Reach.PRIVATE if settings.security.private_upstreams else Reach.PUBLIC
    return Custody(cast("Keyring", request.app.state.keyring), reach)


async def database(request: Request) -> Database:
    """Return the database, for what must not hold a transaction while it waits for others."""
    return cast("Database", request.app.state.database)


router = APIRouter(prefix="/api", tags=["registry"])
PageDep = Annotated[PageQuery, Depends(page_query)]
Containing = Annotated[
    str | None,
    Query(max_length=256, pattern=r"^[^\x00]*$", description="Part of the name, in any case."),
]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
DatabaseDep = Annotated[Database, Depends(database)]
CustodyDep = Annotated[Custody, Depends(custody)]


@router.get("/providers")
async def list_providers(
    session: SessionDep, actor: ActorDep, page: PageDep, q: Containing = None
) -> Page[ProviderRead]:
    """List providers by name."""
    return await providers.page(session, actor, page, q)


@router.post("/providers", status_code=201)
async def create_provider(
    session: SessionDep, actor: ActorDep, custody: CustodyDep, body: ProviderCreate
) -> ProviderRead:
    """Add a provider."""
    return await providers.create(session, actor, custody, body)


@router.get("/providers/kinds")
async def list_provider_kinds(actor: ActorDep) -> ProviderKinds:
    """List the vendors and protocols that are known."""
    return providers.kinds(actor)


@router.post("/providers/test")
async def test_unsaved_provider(
    database: DatabaseDep, actor: ActorDep, custody: CustodyDep, body: ProviderProbe
) -> ProviderTest:
    """Test what is entered before it is saved: step by step, and what to do if it fails."""
    return await provider_tests.unsaved(database, actor, custody, body)


@router.post("/providers/{provider_id}/test")
async def test_provider(
    database: DatabaseDep, actor: ActorDep, custody: CustodyDep, provider_id: str
) -> ProviderTest:
    """Test a provider as it is saved: step by step, and what to do if it fails."""
    return await provider_tests.saved(database, actor, custody, provider_id)


@router.get("/providers/{provider_id}")
async def get_provider(session: SessionDep, actor: ActorDep, provider_id: str) -> ProviderRead:
    """Get a provider."""
    return await providers.get(session, actor, provider_id)


@router.get("/providers/{provider_id}/versions")
async def list_provider_versions(
    session: SessionDep, actor: ActorDep, provider_id: str, page: PageDep
) -> Page[VersionRead]:
    """List what a provider was, newest first, and who changed it; also when it was deleted."""
    return await history.page(session, actor, "provider", provider_id, page)


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
async def list_models(
    session: SessionDep, actor: ActorDep, page: PageDep, q: Containing = None
) -> Page[ModelRead]:
    """List models by name, each with the price in force."""
    return await models.page(session, actor, page, q)


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
    return await models.price_history(session, actor, model_id)


@router.get("/models/{model_id}/versions")
async def list_model_versions(
    session: SessionDep, actor: ActorDep, model_id: str, page: PageDep
) -> Page[VersionRead]:
    """List what a model was, newest first, and who changed it; also when it was deleted."""
    return await history.page(session, actor, "model", model_id, page)


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
async def list_routes(
    session: SessionDep, actor: ActorDep, page: PageDep, q: Containing = None
) -> Page[RouteRead]:
    """List routes by name."""
    return await routes.page(session, actor, page, q)


@router.post("/routes", status_code=201)
async def create_route(session: SessionDep, actor: ActorDep, body: RouteCreate) -> RouteRead:
    """Add a route."""
    return await routes.create(session, actor, body)


@router.post("/routes/preview")
async def preview_route(
    session: SessionDep, actor: ActorDep, body: RoutePreviewQuery
) -> RoutePreview:
    """Tell what saving a route would do: changes, shares, problems, warnings. Nothing is saved."""
    return await route_preview.preview(session, actor, body)


@router.get("/routes/{route_id}")
async def get_route(session: SessionDep, actor: ActorDep, route_id: str) -> RouteRead:
    """Get a route."""
    return await routes.get(session, actor, route_id)


@router.get("/routes/{route_id}/versions")
async def list_route_versions(
    session: SessionDep, actor: ActorDep, route_id: str, page: PageDep
) -> Page[VersionRead]:
    """List what a route was, newest first, and who changed it; also when it was deleted."""
    return await history.page(session, actor, "route", route_id, page)


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


@router.post("/routes/{route_id}/undo")
async def undo_route(
    session: SessionDep, actor: ActorDep, route_id: str, body: RouteUndo
) -> RouteRead:
    """Take a route's last change back, a deletion too, if it is still the last."""
    return await route_versions.undo(session, actor, route_id, body)


@router.post("/routes/{route_id}/versions/{version}/restore")
async def restore_route(
    session: SessionDep, actor: ActorDep, route_id: str, version: VersionNumber, body: RouteUndo
) -> RouteRead:
    """Make a route what one of its versions was, as a new version."""
    return await route_versions.restore(session, actor, route_id, version, body)

"""HTTP routes of operations."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Response
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse

from hone.core.db import Database
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery, page_query
from hone.gateway import ContentMode, Current
from hone.identity import ActorDep, SessionDep
from hone.operations import earning, export, service, usage, views
from hone.operations.earning import RevenueWrite, RevenueWritten
from hone.operations.schemas import (
    FacetQuery,
    OperationExport,
    OperationFacets,
    OperationLog,
    OperationPage,
    OperationQuery,
    OperationRead,
    Overview,
    ViewCreate,
    ViewRead,
    ViewReplace,
    Window,
)
from hone.operations.usage import UsageBy, UsageRead

router = APIRouter(tags=["operations"])


async def _keyring(connection: HTTPConnection) -> Keyring:
    return cast("Keyring", connection.app.state.keyring)


async def _content_mode(connection: HTTPConnection, actor: ActorDep) -> ContentMode:
    """Keep contents of a logged call where the gateway would keep them."""
    snapshot = cast("Current", connection.app.state.current).snapshot
    return snapshot.organizations[actor.organization_id].content


KeyringDep = Annotated[Keyring, Depends(_keyring)]
PageDep = Annotated[PageQuery, Depends(page_query)]
ContentModeDep = Annotated[ContentMode, Depends(_content_mode)]


@router.get("/api/ai/operations")
async def list_operations(
    session: SessionDep, actor: ActorDep, query: Annotated[OperationQuery, Query()]
) -> OperationPage:
    """List operations, newest first."""
    return await service.search(session, actor, query)


@router.get("/api/ai/operations/facets")
async def list_facets(
    session: SessionDep, actor: ActorDep, query: Annotated[FacetQuery, Query()]
) -> OperationFacets:
    """List the values that operations can be filtered by, with how many have them."""
    return await service.known(session, actor, query)


@router.get(
    "/api/ai/operations/export",
    response_class=StreamingResponse,
    responses={200: {"content": {each: {} for each in export.MEDIA_TYPES.values()}}},
)
async def export_operations(
    connection: HTTPConnection, actor: ActorDep, query: Annotated[OperationExport, Query()]
) -> StreamingResponse:
    """Download operations, newest first: the list's filters, as CSV or JSON lines."""
    database = cast("Database", connection.app.state.database)
    lines = export.export(database, actor, query)
    name = {"content-disposition": f'attachment; filename="operations.{query.format}"'}
    return StreamingResponse(lines, media_type=export.MEDIA_TYPES[query.format], headers=name)


@router.get("/api/ai/operations/views")
async def list_views(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[ViewRead]:
    """List your views of the list, and those that are shared, by name."""
    return await views.page(session, actor, page)


@router.post("/api/ai/operations/views", status_code=201)
async def create_view(session: SessionDep, actor: ActorDep, body: ViewCreate) -> ViewRead:
    """Keep filters and columns under a name."""
    return await views.create(session, actor, body)


@router.get("/api/ai/operations/views/{view_id}")
async def get_view(session: SessionDep, actor: ActorDep, view_id: str) -> ViewRead:
    """Get a view."""
    return await views.get(session, actor, view_id)


@router.put("/api/ai/operations/views/{view_id}")
async def replace_view(
    session: SessionDep, actor: ActorDep, view_id: str, body: ViewReplace
) -> ViewRead:
    """Replace a view of your own, if it is still the version that you read."""
    return await views.replace(session, actor, view_id, body)


@router.delete("/api/ai/operations/views/{view_id}", status_code=204)
async def delete_view(session: SessionDep, actor: ActorDep, view_id: str) -> None:
    """Delete a view of your own."""
    await views.delete(session, actor, view_id)


@router.post("/ai/operations/log", status_code=201, include_in_schema=False)
@router.post("/api/ai/operations/log", status_code=201, responses={200: {"model": OperationRead}})
async def log_operation(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    mode: ContentModeDep,
    body: OperationLog,
    response: Response,
) -> OperationRead:
    """Record a call that was made elsewhere; the same `externalId` again answers 200."""
    operation, made = await service.log(session, actor, body, keyring, mode)
    if not made:
        response.status_code = 200
    return operation


@router.post("/api/ai/operations/revenue")
async def write_revenue(session: SessionDep, actor: ActorDep, body: RevenueWrite) -> RevenueWritten:
    """Say what calls earned, up to 1,000 at once; saying it again changes nothing."""
    return await earning.write(session, actor, body)


@router.get("/api/ai/operations/{operation_id}")
async def get_operation(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, operation_id: str
) -> OperationRead:
    """Get an operation by its id, or by the `externalId` that it was logged under."""
    return await service.read(session, actor, operation_id, keyring)


@router.get("/api/ai/overview")
async def get_overview(session: SessionDep, actor: ActorDep, window: Window = "1h") -> Overview:
    """Sum up the last minutes or hours."""
    return await service.summarize(session, actor, window)


@router.get("/api/ai/usage")
async def get_usage(
    session: SessionDep, actor: ActorDep, by: UsageBy, window: Window = "24h"
) -> UsageRead:
    """Sum up what each route or model did in the last minutes or hours, the busiest first."""
    return await usage.usage(session, actor, by, window)

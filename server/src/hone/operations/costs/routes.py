"""HTTP routes of costs."""

from typing import Annotated, cast

from fastapi import APIRouter, Query
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse

from hone.core.db import Database
from hone.identity import ActorDep, SessionDep
from hone.operations.costs import export, service
from hone.operations.costs.schemas import CostExport, CostQuery, CostReport
from hone.operations.export import MEDIA_TYPES

router = APIRouter(tags=["costs"])


@router.get("/api/costs")
async def get_costs(
    session: SessionDep, actor: ActorDep, query: Annotated[CostQuery, Query()]
) -> CostReport:
    """Add up what calls cost and earned by one of their dimensions, the dearest first."""
    return await service.report(session, actor, query)


@router.get(
    "/api/costs/export",
    response_class=StreamingResponse,
    responses={200: {"content": {each: {} for each in MEDIA_TYPES.values()}}},
)
async def export_costs(
    connection: HTTPConnection, actor: ActorDep, query: Annotated[CostExport, Query()]
) -> StreamingResponse:
    """Download costs: a line for each value in each step, as CSV or JSON lines."""
    database = cast("Database", connection.app.state.database)
    lines = await export.export(database, actor, query)
    name = {"content-disposition": f'attachment; filename="costs.{query.format}"'}
    return StreamingResponse(lines, media_type=MEDIA_TYPES[query.format], headers=name)

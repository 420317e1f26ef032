"""HTTP routes of the audit trail."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from starlette.requests import HTTPConnection

from hone.audit import service
from hone.audit.schemas import (
    Chain,
    EventExport,
    EventFacets,
    EventQuery,
    EventRead,
    VerificationRead,
)
from hone.core.db import Database
from hone.core.keyring import Keyring
from hone.core.paging import Page
from hone.identity import ActorDep, Permission, SessionDep

router = APIRouter(prefix="/api/audit", tags=["audit"])


async def _keyring(connection: HTTPConnection) -> Keyring:
    return cast("Keyring", connection.app.state.keyring)


async def _database(connection: HTTPConnection) -> Database:
    return cast("Database", connection.app.state.database)


KeyringDep = Annotated[Keyring, Depends(_keyring)]
DatabaseDep = Annotated[Database, Depends(_database)]


@router.get("/events")
async def list_events(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    query: Annotated[EventQuery, Query()],
) -> Page[EventRead]:
    """List who changed what, newest first."""
    return await service.search(session, actor, query, keyring)


@router.get(
    "/events/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/jsonl": {}}}},
)
async def export_events(
    actor: ActorDep,
    keyring: KeyringDep,
    database: DatabaseDep,
    query: Annotated[EventExport, Query()],
) -> StreamingResponse:
    """Download the events that match, as CSV or JSON lines."""
    # The answer outlives the request's transaction: it is read in short ones of its own.
    actor.require(Permission.AUDIT_READ)
    kind = "text/csv; charset=utf-8" if query.format == "csv" else "application/jsonl"
    return StreamingResponse(
        service.export(database, actor, query, keyring),
        media_type=kind,
        headers={"content-disposition": f'attachment; filename="audit.{query.format}"'},
    )


@router.get("/events/{event_id}")
async def get_event(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, event_id: str
) -> EventRead:
    """Get one event."""
    return await service.get(session, actor, event_id, keyring)


@router.get("/facets")
async def list_event_facets(session: SessionDep, actor: ActorDep) -> EventFacets:
    """List the names and actors that occur, with how often."""
    return await service.facets(session, actor)


@router.get("/chain")
async def get_chain(session: SessionDep, actor: ActorDep) -> Chain:
    """Tell whether the trail is whole, as of the last walk along it."""
    return await service.chain(session, actor)


@router.post("/verify", status_code=202)
async def verify_chain(session: SessionDep, actor: ActorDep) -> VerificationRead:
    """Walk the whole chain; `GET /api/audit/chain` tells how far it is."""
    return await service.verify(session, actor)

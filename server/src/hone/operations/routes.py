"""HTTP routes of operations."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Response
from starlette.requests import HTTPConnection

from hone.core.keyring import Keyring
from hone.gateway import ContentMode, Current
from hone.identity import ActorDep, SessionDep
from hone.operations import service
from hone.operations.schemas import (
    OperationLog,
    OperationPage,
    OperationQuery,
    OperationRead,
    Overview,
    Window,
)

router = APIRouter(tags=["operations"])


def _keyring(connection: HTTPConnection) -> Keyring:
    return cast("Keyring", connection.app.state.keyring)


def _content_mode(connection: HTTPConnection, actor: ActorDep) -> ContentMode:
    """Keep contents of a logged call where the gateway would keep them."""
    snapshot = cast("Current", connection.app.state.current).snapshot
    return snapshot.organizations[actor.organization_id].content


KeyringDep = Annotated[Keyring, Depends(_keyring)]
ContentModeDep = Annotated[ContentMode, Depends(_content_mode)]


@router.get("/api/ai/operations")
async def list_operations(
    session: SessionDep, actor: ActorDep, query: Annotated[OperationQuery, Query()]
) -> OperationPage:
    """List operations, newest first."""
    return await service.search(session, actor, query)


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

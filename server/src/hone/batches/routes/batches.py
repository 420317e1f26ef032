"""`/v1/batches`, as OpenAI's clients know it."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from hone.batches.elsewhere import Elsewhere, may_forward
from hone.batches.errors import NotKept, ParameterWrong
from hone.batches.schemas import BatchCreate, BatchList, BatchObject
from hone.batches.service import batches, files
from hone.identity import Actor, ActorDep, Permission, SessionDep

router = APIRouter(prefix="/v1/batches", tags=["batches"])


def _described() -> dict[str, Any]:
    """Describe the body, which is read here: what is wrong with it is told in OpenAI's words."""
    schema = BatchCreate.model_json_schema()
    expiry = schema.pop("$defs")["OutputExpiry"]
    schema["properties"]["output_expires_after"]["anyOf"][0] = expiry
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _absent(request: Request, actor: Actor, batch_id: str) -> Response:
    if may_forward(request, actor):
        return Elsewhere(request)
    raise batches.missing(batch_id)


@router.get("", response_model=BatchList)
async def list_batches(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    after: Annotated[
        str | None, Query(max_length=200, description="The last batch of the page before.")
    ] = None,
    limit: Annotated[int, Query(description="Most batches, 1 to 100.")] = 20,
) -> BatchList | Response:
    """List the batches that Hone runs, newest first: a key sees its own."""
    try:
        return await batches.listing(session, actor, after, limit)
    except NotKept:
        return _absent(request, actor, after or "")


@router.post("", response_model=BatchObject, openapi_extra=_described())
async def create_batch(
    request: Request, session: SessionDep, actor: ActorDep
) -> BatchObject | Response:
    """Run a batch over a file that Hone keeps; over a provider's file it is the provider's."""
    actor.require(Permission.AI_QUERY)
    body = await request.body()
    data = _read(body)
    try:
        return await batches.create(session, actor, data)
    except NotKept:
        if may_forward(request, actor):
            return Elsewhere(request, body)
        raise files.missing(data.input_file_id) from None


def _read(body: bytes) -> BatchCreate:
    """Read what is wanted, or say in OpenAI's envelope what is wrong."""
    try:
        return BatchCreate.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        param = ".".join(str(part) for part in cast("tuple[object, ...]", first["loc"])) or None
        message = f"{param}: {first['msg']}." if param else f"{first['msg']}."
        raise ParameterWrong(message, param=param) from error


@router.get("/{batch_id}", response_model=BatchObject)
async def get_batch(
    request: Request, session: SessionDep, actor: ActorDep, batch_id: str
) -> BatchObject | Response:
    """Get a batch, and how far it is."""
    try:
        return await batches.get(session, actor, batch_id)
    except NotKept:
        return _absent(request, actor, batch_id)


@router.post("/{batch_id}/cancel", response_model=BatchObject)
async def cancel_batch(
    request: Request, session: SessionDep, actor: ActorDep, batch_id: str
) -> BatchObject | Response:
    """End a batch where it is; what is done can be read."""
    try:
        return await batches.stop(session, actor, batch_id)
    except NotKept:
        return _absent(request, actor, batch_id)

"""`/v1/fine_tuning/jobs`, as OpenAI's clients know it, for Hone's own engines.

A job for another model, or one that is not here, goes on to the provider of the key's default route.
"""

from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Depends, Query
from pydantic import ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from hone import batches
from hone.batches import Elsewhere, NotKept, may_forward
from hone.core.paging import Page
from hone.identity import Actor, ActorDep, Permission, SessionDep
from hone.training.errors import TuningFileMissing, TuningWrong
from hone.training.routes.deps import KeyHeader, PageDep, PlaceDep
from hone.training.schemas.tuning import (
    TuningCheckpoints,
    TuningCreate,
    TuningEvents,
    TuningJobRead,
    TuningList,
    TuningRead,
)
from hone.training.service import tuning
from hone.training.service.tuning import Desk
from hone.training.tuning import OURS

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"])
AfterQuery = Annotated[str | None, Query(max_length=200, description="The last one of before.")]
LimitQuery = Annotated[int, Query(description="Most, 1 to 100.")]


ours = APIRouter(prefix="/api/training/tuning-jobs", tags=["training"])


@ours.get("")
async def list_jobs_of_tuning(
    session: SessionDep, actor: ActorDep, page: PageDep
) -> Page[TuningJobRead]:
    """List tuning jobs of Hone's own engines, newest first, whatever a provider has."""
    return await tuning.jobs_of(session, actor, page)


async def _desk(connection: HTTPConnection, place: PlaceDep) -> Desk:
    return Desk(place, cast("batches.Place", connection.app.state.files))


DeskDep = Annotated[Desk, Depends(_desk)]


class _Model(msgspec.Struct):
    """What decides whose job it is."""

    model: str = ""


def _described() -> dict[str, Any]:
    """Describe the body, which is read here: what is wrong with it is told in OpenAI's words."""
    schema = TuningCreate.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs")
    content = {"application/json": {"schema": _whole(schema, inner)}}
    return {"requestBody": {"required": True, "content": content}}


def _whole(schema: Any, inner: dict[str, Any]) -> Any:  # noqa: ANN401
    """Put what is referred to in the place of what refers to it."""
    if isinstance(schema, list):
        return [_whole(each, inner) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    known = cast("dict[str, Any]", schema)
    if "$ref" in known:
        return _whole(inner[str(known["$ref"]).rpartition("/")[2]], inner)
    return {name: _whole(value, inner) for name, value in known.items()}


def _absent(
    request: Request,
    actor: Actor,
    job_id: str,
    needed: Permission = Permission.TRAINING_READ,
) -> Response:
    """Ask the provider for a job that is not here; without one, only who may know hears that it is not."""
    if may_forward(request, actor):
        return Elsewhere(request)
    actor.require(needed)
    raise tuning.missing(job_id)


@router.get("", response_model=TuningList)
async def list_tuning_jobs(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    after: AfterQuery = None,
    limit: LimitQuery = 20,
) -> TuningList | Response:
    """List the tuning jobs that Hone runs, newest first; where there are none, the provider's."""
    named = {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in request.query_params.items()
        if name.startswith("metadata[")
    }
    if may_forward(request, actor) and not await tuning.any_here(session, actor):
        return Elsewhere(request)
    try:
        return await tuning.page(session, actor, after, limit, named)
    except NotKept:
        return _absent(request, actor, after or "")


@router.post("", response_model=TuningRead, openapi_extra=_described())
async def create_tuning_job(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    desk: DeskDep,
    idempotency_key: KeyHeader = None,
) -> TuningRead | Response:
    """Tune one of Hone's own engines, as `hone:linear`, on a file that Hone keeps or on a data set."""
    body = await request.body()
    if not _is_ours(body) and may_forward(request, actor):
        return Elsewhere(request, body)
    actor.require(Permission.TRAINING_WRITE)
    wanted = _read(body)
    try:
        return await tuning.begin(session, actor, desk, wanted, idempotency_key)
    except NotKept:
        raise TuningFileMissing(
            "Hone does not keep this file: send it to /v1/files with the header `x-hone-files: here`.",
            param="training_file",
        ) from None


def _is_ours(body: bytes) -> bool:
    try:
        return msgspec.json.decode(body, type=_Model).model.startswith(OURS)
    except msgspec.MsgspecError:
        return False


def _read(body: bytes) -> TuningCreate:
    """Read what is wanted, or say in OpenAI's envelope what is wrong."""
    try:
        return TuningCreate.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        param = ".".join(str(part) for part in cast("tuple[object, ...]", first["loc"])) or None
        message = f"{param}: {first['msg']}." if param else f"{first['msg']}."
        raise TuningWrong(message, param=param) from error


@router.get("/{job_id}", response_model=TuningRead)
async def get_tuning_job(
    request: Request, session: SessionDep, actor: ActorDep, job_id: str
) -> TuningRead | Response:
    """Get a tuning job, and how far it is."""
    try:
        return await tuning.get(session, actor, job_id)
    except NotKept:
        return _absent(request, actor, job_id)


@router.post("/{job_id}/cancel", response_model=TuningRead)
async def cancel_tuning_job(
    request: Request, session: SessionDep, actor: ActorDep, job_id: str
) -> TuningRead | Response:
    """End a tuning job."""
    return await _changed(request, session, actor, job_id, "cancel")


@router.post("/{job_id}/pause", response_model=TuningRead)
async def pause_tuning_job(
    request: Request, session: SessionDep, actor: ActorDep, job_id: str
) -> TuningRead | Response:
    """Stop a tuning job at a checkpoint."""
    return await _changed(request, session, actor, job_id, "pause")


@router.post("/{job_id}/resume", response_model=TuningRead)
async def resume_tuning_job(
    request: Request, session: SessionDep, actor: ActorDep, job_id: str
) -> TuningRead | Response:
    """Let a paused tuning job go on."""
    return await _changed(request, session, actor, job_id, "resume")


async def _changed(
    request: Request, session: SessionDep, actor: Actor, job_id: str, what: str
) -> TuningRead | Response:
    try:
        return await tuning.change(session, actor, job_id, what)
    except NotKept:
        return _absent(request, actor, job_id, Permission.TRAINING_WRITE)


@router.get("/{job_id}/events", response_model=TuningEvents)
async def list_tuning_events(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    job_id: str,
    after: AfterQuery = None,
    limit: LimitQuery = 20,
) -> TuningEvents | Response:
    """List what was said and measured in a tuning job, newest first."""
    try:
        return await tuning.events(session, actor, job_id, after, limit)
    except NotKept:
        return _absent(request, actor, job_id)


@router.get("/{job_id}/checkpoints", response_model=TuningCheckpoints)
async def list_tuning_checkpoints(
    request: Request, session: SessionDep, actor: ActorDep, job_id: str
) -> TuningCheckpoints | Response:
    """List what of a tuning job can be called: its end, once it succeeded."""
    try:
        return await tuning.checkpoints(session, actor, job_id)
    except NotKept:
        return _absent(request, actor, job_id)

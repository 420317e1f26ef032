"""`/v1/files`, as OpenAI's clients know it."""

from collections.abc import AsyncIterator
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response, StreamingResponse

from hone.batches.elsewhere import Elsewhere, may_forward
from hone.batches.errors import NotKept
from hone.batches.routes.uploading import Upload
from hone.batches.schemas import FileDeleted, FileList, FileObject
from hone.batches.service import files
from hone.batches.service.files import Listing
from hone.batches.storage import Place
from hone.identity import Actor, ActorDep, Permission, SessionDep

router = APIRouter(prefix="/v1/files", tags=["files"])
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["purpose", "file"],
                    "properties": {
                        "purpose": {
                            "type": "string",
                            "description": "`batch` for the input of a batch.",
                        },
                        "file": {"type": "string", "format": "binary"},
                        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
                        "expires_after[seconds]": {"type": "integer"},
                    },
                }
            }
        },
    }
}


async def _place(connection: HTTPConnection) -> Place:
    return cast("Place", connection.app.state.files)


async def listing(
    purpose: Annotated[str | None, Query(description="Files of this purpose.")] = None,
    limit: Annotated[int, Query(description="Most files, 1 to 10,000.")] = 10_000,
    order: Annotated[str, Query(description="`asc`, or `desc` for the newest first.")] = "desc",
    after: Annotated[
        str | None, Query(max_length=200, description="The last file of the page before.")
    ] = None,
) -> Listing:
    """Read which files are wanted from a URL."""
    return Listing(purpose, after, limit, order)


PlaceDep = Annotated[Place, Depends(_place)]
ListingDep = Annotated[Listing, Depends(listing)]


def absent(request: Request, actor: Actor, file_id: str) -> Response:
    """Ask a provider for a file that is not Hone's, or say that nobody has it."""
    if may_forward(request, actor):
        return Elsewhere(request)
    raise files.missing(file_id)


@router.get("", response_model=FileList)
async def list_files(
    request: Request, session: SessionDep, actor: ActorDep, wanted: ListingDep
) -> FileList | Response:
    """List the files that Hone keeps: a key sees its own."""
    try:
        return await files.page(session, actor, wanted)
    except NotKept:
        return absent(request, actor, wanted.after or "")


@router.post("", response_model=FileObject, openapi_extra=_FORM)
async def create_file(request: Request, actor: ActorDep, place: PlaceDep) -> FileObject | Response:
    """Keep a file; one that is for a provider goes to the provider of the route `default`.

    With the header `x-hone-files: here` a file of any purpose stays here, as one to tune Hone's own engines.
    """
    actor.require(Permission.AI_QUERY)
    stays = request.headers.get("x-hone-files") == "here"
    forwardable = not stays and may_forward(request, actor)
    upload = Upload(request, actor, place, forwardable=forwardable)
    return await upload.receive()


@router.get("/{file_id}", response_model=FileObject)
async def get_file(
    request: Request, session: SessionDep, actor: ActorDep, file_id: str
) -> FileObject | Response:
    """Get what is known of a file."""
    try:
        return await files.get(session, actor, file_id)
    except NotKept:
        return absent(request, actor, file_id)


@router.get(
    "/{file_id}/content",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def get_file_content(
    request: Request, session: SessionDep, actor: ActorDep, place: PlaceDep, file_id: str
) -> Response:
    """Download a file."""
    try:
        row, parts = await files.content(session, actor, place, file_id)
    except NotKept:
        return absent(request, actor, file_id)
    name = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    return StreamingResponse(
        await _begun(parts),
        media_type="application/octet-stream",
        headers={"content-disposition": name, "content-length": str(row.size)},
    )


async def _begun(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Read the first part, so that a file which cannot be read is an error and no answer."""
    first = await anext(parts, b"")

    async def every() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    return every()


@router.delete("/{file_id}", response_model=FileDeleted)
async def delete_file(
    request: Request, session: SessionDep, actor: ActorDep, file_id: str
) -> FileDeleted | Response:
    """Delete a file; it can no longer be read."""
    try:
        return await files.delete(session, actor, file_id)
    except NotKept:
        return absent(request, actor, file_id)

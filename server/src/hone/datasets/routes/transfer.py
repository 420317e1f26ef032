"""Examples in files: in and out, in pieces of which none is ever whole in memory."""

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from hone.datasets.formats import MEDIA_TYPES
from hone.datasets.routes.needs import BlobsDep, DatabaseDep, SettingsDep
from hone.datasets.schemas import ExportQuery, Format, Imported, Named, Source, Status
from hone.datasets.service import transfer
from hone.identity import ActorDep, KeyringDep

router = APIRouter(prefix="/api/datasets/{dataset}", tags=["datasets"])
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {each: {} for each in sorted(set(MEDIA_TYPES.values()))}}
}


@router.post("/import", openapi_extra=BODY)
async def import_examples(
    request: Request,
    actor: ActorDep,
    keyring: KeyringDep,
    database: DatabaseDep,
    settings: SettingsDep,
    dataset: str,
    format: Annotated[Format, Query(description="How the file is written.")] = "jsonl",  # noqa: A002
    source: Annotated[Source, Query(description="Where no line says otherwise.")] = "expert",
    status: Annotated[Status, Query(description="Where no line says otherwise.")] = "validated",
    file: Annotated[Named, Query(description="Its name, for the lineage.")] = "import",
    input: Annotated[  # noqa: A002
        Named | None, Query(description="The column that is the input.")
    ] = None,
    output: Annotated[Named | None, Query(description="The column that is the output.")] = None,
) -> Imported:
    """Import a file; what is wrong with a line is told, and the others are kept."""
    columns = {name: role for name, role in ((input, "input"), (output, "output")) if name}
    asked = transfer.asked(settings, format, source, status, file, columns)
    content = request.stream()
    return await transfer.take(database, keyring, actor, dataset, asked, content, settings)


@router.get("/export", response_class=StreamingResponse, responses=FILE)
async def export_examples(
    actor: ActorDep,
    keyring: KeyringDep,
    database: DatabaseDep,
    blobs: BlobsDep,
    settings: SettingsDep,
    dataset: str,
    query: Annotated[ExportQuery, Query()],
) -> StreamingResponse:
    """Download examples, or a version: for people, for other programs, for fine-tuning."""
    name, written = await transfer.written(
        database, blobs, keyring, actor, settings, dataset, query
    )
    return StreamingResponse(
        written,
        media_type=MEDIA_TYPES[query.format],
        headers=attachment(name, query.format),
    )


def attachment(name: str, shape: str) -> dict[str, str]:
    """Name a file that is downloaded."""
    ending = shape if shape in {"json", "csv", "parquet"} else "jsonl"
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{ending}')}"}

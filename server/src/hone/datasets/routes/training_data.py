"""`/api/ai/training-data`: examples of all datasets, as documents 4 and 5 print it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from hone.core.paging import Page
from hone.datasets.formats import MEDIA_TYPES
from hone.datasets.routes.needs import DatabaseDep, SettingsDep
from hone.datasets.routes.transfer import FILE, attachment
from hone.datasets.schemas import (
    ExampleRead,
    TrainingDataCreate,
    TrainingDataExport,
    TrainingDataQuery,
    TrainingExample,
)
from hone.datasets.service import training_data, transfer
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(tags=["datasets"])


# Document 5 prints these without the prefix.
@router.get("/ai/training-data", include_in_schema=False)
@router.get("/api/ai/training-data")
async def list_training_data(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    query: Annotated[TrainingDataQuery, Query()],
) -> Page[TrainingExample]:
    """List examples of all datasets, newest first."""
    return await training_data.page(session, actor, keyring, query)


@router.post("/ai/training-data", status_code=201, include_in_schema=False)
@router.post("/api/ai/training-data", status_code=201)
async def add_training_data(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, body: TrainingDataCreate
) -> ExampleRead:
    """Add an example to the dataset that it names."""
    return await training_data.add(session, actor, keyring, body)


@router.get("/ai/training-data/export", response_class=StreamingResponse, include_in_schema=False)
@router.get("/api/ai/training-data/export", response_class=StreamingResponse, responses=FILE)
async def export_training_data(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    database: DatabaseDep,
    settings: SettingsDep,
    query: Annotated[TrainingDataExport, Query()],
) -> StreamingResponse:
    """Download examples of all datasets."""
    written = await transfer.training_data(session, database, keyring, actor, settings, query)
    return StreamingResponse(
        written,
        media_type=MEDIA_TYPES[query.format],
        headers=attachment("training-data", query.format),
    )

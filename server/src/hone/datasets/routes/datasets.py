"""`/api/datasets`: named collections of examples."""

from fastapi import APIRouter

from hone.core.paging import Page
from hone.datasets.routes.needs import PageDep
from hone.datasets.schemas import DatasetCreate, DatasetRead, DatasetStatistics, DatasetUpdate
from hone.datasets.service import datasets
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(prefix="/api/datasets", tags=["datasets"])


@router.get("")
async def list_datasets(session: SessionDep, actor: ActorDep, page: PageDep) -> Page[DatasetRead]:
    """List datasets by name."""
    return await datasets.page(session, actor, page)


@router.post("", status_code=201)
async def create_dataset(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, body: DatasetCreate
) -> DatasetRead:
    """Begin a dataset."""
    return await datasets.create(session, actor, keyring, body)


@router.get("/{dataset}")
async def get_dataset(session: SessionDep, actor: ActorDep, dataset: str) -> DatasetRead:
    """Get a dataset, by its id or name, with its counts."""
    return await datasets.get(session, actor, dataset)


@router.patch("/{dataset}")
async def update_dataset(
    session: SessionDep, actor: ActorDep, dataset: str, body: DatasetUpdate
) -> DatasetRead:
    """Change a dataset; what is absent stays."""
    return await datasets.update(session, actor, dataset, body)


@router.delete("/{dataset}", status_code=204)
async def delete_dataset(session: SessionDep, actor: ActorDep, dataset: str) -> None:
    """Delete a dataset with its examples and versions, for good."""
    await datasets.delete(session, actor, dataset)


@router.get("/{dataset}/statistics")
async def get_dataset_statistics(
    session: SessionDep, actor: ActorDep, dataset: str
) -> DatasetStatistics:
    """Tell how good the data is: by status, source, label and quality."""
    return await datasets.statistics(session, actor, dataset)

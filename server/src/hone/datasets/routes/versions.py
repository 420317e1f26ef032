"""`/api/datasets/{dataset}/versions`: what was in a dataset at one moment, for ever."""

from fastapi import APIRouter

from hone.core.paging import Page
from hone.datasets.routes.needs import BlobsDep, PageDep
from hone.datasets.schemas import Compared, DatasetVersionRead, Freeze
from hone.datasets.service import versions
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(prefix="/api/datasets/{dataset}/versions", tags=["datasets"])


@router.get("")
async def list_dataset_versions(
    session: SessionDep, actor: ActorDep, dataset: str, page: PageDep
) -> Page[DatasetVersionRead]:
    """List the versions of a dataset, newest first."""
    return await versions.page(session, actor, dataset, page)


@router.post("", status_code=201)
async def freeze_dataset(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    blobs: BlobsDep,
    dataset: str,
    body: Freeze,
) -> DatasetVersionRead:
    """Make a version of what is in a dataset now; the newest one, where nothing changed."""
    return await versions.make(session, blobs, keyring, actor, dataset, body)


@router.get("/{number}")
async def get_dataset_version(
    session: SessionDep, actor: ActorDep, dataset: str, number: str
) -> DatasetVersionRead:
    """Get a version by its number or id, or `latest`: its manifest and lineage."""
    return await versions.get(session, actor, dataset, number)


@router.get("/{number}/compare/{other}")
async def compare_dataset_versions(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    blobs: BlobsDep,
    dataset: str,
    number: str,
    other: str,
) -> Compared:
    """Tell what changed from one version to another: added, removed, labelled otherwise."""
    return await versions.compare(session, blobs, keyring, actor, dataset, (number, other))

"""`/api/datasets/{dataset}/examples`: looked through, decided about, corrected."""

from typing import Annotated

from fastapi import APIRouter, Query

from hone.core.paging import Page
from hone.datasets.schemas import (
    Augment,
    Augmented,
    ExampleCreate,
    ExampleRead,
    ExamplesQuery,
    ExampleUpdate,
    Review,
    Reviewed,
)
from hone.datasets.service import augmentation, examples
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(prefix="/api/datasets/{dataset}", tags=["datasets"])


@router.get("/examples")
async def list_examples(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    dataset: str,
    query: Annotated[ExamplesQuery, Query()],
) -> Page[ExampleRead]:
    """List examples, newest first. A search for words may end a page early; go on with `next`."""
    return await examples.page(session, actor, keyring, dataset, query)


@router.post("/examples", status_code=201)
async def add_example(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, dataset: str, body: ExampleCreate
) -> ExampleRead:
    """Add an example."""
    return await examples.add(session, actor, keyring, dataset, body)


@router.post("/examples/review")
async def review_examples(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, dataset: str, body: Review
) -> Reviewed:
    """Approve, reject or correct several examples, or take the last decision on them back."""
    return await examples.review(session, actor, keyring, dataset, body)


@router.get("/examples/{example}")
async def get_example(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, dataset: str, example: str
) -> ExampleRead:
    """Get an example with its lineage and what was decided about it."""
    return await examples.get(session, actor, keyring, dataset, example)


@router.patch("/examples/{example}")
async def update_example(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    dataset: str,
    example: str,
    body: ExampleUpdate,
) -> ExampleRead:
    """Decide about an example, or correct it; what is absent stays."""
    return await examples.update(session, actor, keyring, dataset, example, body)


@router.delete("/examples/{example}", status_code=204)
async def delete_example(session: SessionDep, actor: ActorDep, dataset: str, example: str) -> None:
    """Delete an example; versions that have it keep it."""
    await examples.delete(session, actor, dataset, example)


@router.post("/augment")
async def augment_dataset(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, dataset: str, body: Augment
) -> Augmented:
    """Make examples from validated ones, to be reviewed: typing errors, casing and the like."""
    return await augmentation.augment(session, actor, keyring, dataset, body)

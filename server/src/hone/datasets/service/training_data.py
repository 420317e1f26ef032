"""Examples of all datasets together, as documents 4 and 5 ask for them."""

from typing import Any, cast
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery, cursor
from hone.datasets import rendering, sealing
from hone.datasets.repository import datasets, examples
from hone.datasets.repository.datasets import last_id
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import (
    ExampleCreate,
    ExampleRead,
    TrainingDataCreate,
    TrainingDataExport,
    TrainingDataQuery,
    TrainingExample,
)
from hone.datasets.sealing import Box
from hone.datasets.service.datasets import access
from hone.datasets.service.examples import add as add_example
from hone.datasets.service.examples import readable
from hone.identity import Actor, Permission


async def wanted_of(
    session: Session, actor: Actor, query: TrainingDataQuery | TrainingDataExport
) -> Wanted:
    """Read which examples are meant; what was rejected is only shown to who asks for it."""
    dataset_id: UUID | None = None
    if query.dataset is not None:
        dataset_id = (await access(session, actor, query.dataset)).id
    made_of: dict[str, UUID | str] = {}
    if isinstance(query, TrainingDataQuery):
        # What is no id names nothing.
        nothing = UUID(int=0)
        if query.operation is not None:
            made_of["operation_id"] = ids.parse("op", query.operation) or nothing
        if query.feedback is not None:
            made_of["feedback_id"] = ids.parse("fb", query.feedback) or nothing
        if query.conversation is not None:
            made_of["conversation_id"] = query.conversation
    usual = None if made_of else ["pending", "validated"]
    return Wanted(
        actor.organization_id,
        dataset_id,
        usual if query.status is None else [query.status],
        query.source,
        query.label,
        min_quality=query.min_quality,
        **cast("dict[str, Any]", made_of),
    )


async def page(
    session: Session, actor: Actor, keyring: Keyring, query: TrainingDataQuery
) -> Page[TrainingExample]:
    """List examples of all datasets, newest first."""
    actor.require(Permission.DATASETS_READ)
    wanted = await wanted_of(session, actor, query)
    asked = PageQuery(limit=query.limit, cursor=query.cursor)
    found = await examples.page(session, wanted, last_id(asked), query.limit + 1)
    rows = found[: query.limit]
    every = {row.id: row for row in await datasets.every(session, actor.organization_id)}
    boxes: dict[UUID, Box] = {}
    for each in {row.dataset_id for row in rows}:
        boxes[each] = await sealing.box_of(session, keyring, every[each])
    may = readable(actor)
    items = [
        rendering.training_example(
            row,
            rendering.opened(boxes[row.dataset_id], row),
            every[row.dataset_id].name,
            readable=may,
        )
        for row in rows
    ]
    following = cursor(rows[-1].id.hex) if len(found) > len(rows) else None
    total = await examples.count(session, wanted)
    return Page[TrainingExample](items=items, total=total, next=following)


async def add(
    session: Session, actor: Actor, keyring: Keyring, wanted: TrainingDataCreate
) -> ExampleRead:
    """Add an example to the dataset that it names."""
    given = wanted.model_dump(exclude={"dataset"}, exclude_unset=True)
    return await add_example(session, actor, keyring, wanted.dataset, ExampleCreate(**given))

"""Examples that another domain has found, put into a dataset that is made on first use."""

from collections.abc import Sequence

from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.keyring import Keyring
from hone.datasets import keeping, sealing, shapes
from hone.datasets.errors import ExampleWrong
from hone.datasets.formats import Draft
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Dataset
from hone.datasets.schemas import DatasetCreate, ExampleCreate
from hone.datasets.service.datasets import access, begin
from hone.identity import Actor, Permission


async def collect(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    wanted: DatasetCreate,
    given: Sequence[ExampleCreate],
) -> tuple[Dataset, int]:
    """Put examples into the dataset of a name; return it, and how many it did not have."""
    try:
        dataset = await access(session, actor, wanted.name, Permission.DATASETS_WRITE)
    except NotFound:
        dataset = await begin(session, keyring, actor, wanted)
    if dataset.kind != wanted.kind:
        raise ExampleWrong(
            f"The dataset {dataset.name!r} is of the kind {dataset.kind!r}, not {wanted.kind!r}."
        )
    box = await sealing.box_of(session, keyring, dataset)
    coming = [Coming(_draft(dataset, each)) for each in given]
    origin = Origin("automated", "validated", actor.id)
    kept = await keeping.keep(session, dataset, box, coming, origin)
    return dataset, len(kept.added)


def _draft(dataset: Dataset, given: ExampleCreate) -> Draft:
    shapes.require_suited(dataset.kind, given.source)
    taken, expected = shapes.checked(dataset.kind, given.input, given.output)
    return Draft(
        taken,
        expected,
        given.source,
        given.status,
        given.split,
        given.weight,
        given.conversation,
        given.operation,
        given.user,
        given.said_at,
    )

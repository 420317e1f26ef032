"""What is learned from: a version of a data set, frozen when a run is begun."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from hone import datasets
from hone.core.db import Database, Session
from hone.core.errors import NotFound
from hone.datasets import Enough, Freeze, Splits
from hone.identity import Actor, Permission
from hone.training.place import Place
from hone.training.repository import examples
from hone.training.schemas.job import Data


@dataclass(frozen=True, slots=True)
class Frozen:
    """A version of a data set, and whether a task can be learned from it."""

    dataset_id: UUID
    name: str
    version_id: UUID
    version: str
    digest: str
    examples: int
    enough: Enough


def freezer(actor: Actor) -> Actor:
    """Let whoever may train freeze data: a version changes nothing of what it is of."""
    held = actor.permissions | {Permission.DATASETS_READ, Permission.DATASETS_WRITE}
    return replace(actor, permissions=frozenset(held))


async def find(session: Session, place: Place, actor: Actor, data: Data, task: str) -> Frozen:
    """Find the version that is meant, or freeze the data as it is; nothing is `None` examples."""
    able = freezer(actor)
    dataset = await _access(session, able, data.dataset)
    if data.version is not None:
        found = await datasets.reach(session, dataset, data.version)
    else:
        split = data.split
        wanted = Freeze(
            note="Frozen for training.",
            min_quality=data.min_quality,
            said_from=data.date_range and data.date_range.from_,
            said_to=data.date_range and data.date_range.to,
            splits=Splits(train=split.train, validation=split.validation, test=split.test),
            seed=split.seed,
            group_by=split.group_by,
        )
        found = await datasets.freeze(session, place.blobs, place.keyring, able, dataset.id, wanted)
    return Frozen(
        dataset.id,
        dataset.name,
        found.id,
        str(found.number),
        found.digest,
        found.examples,
        datasets.enough(found, task),
    )


async def count(session: Session, actor: Actor, data: Data) -> int:
    """Count what would be learned from, without freezing anything."""
    dataset = await _access(session, freezer(actor), data.dataset)
    if data.version is not None:
        return (await datasets.reach(session, dataset, data.version)).examples
    return await examples.validated(
        session, dataset.organization_id, dataset.id, data.min_quality, said=data.date_range
    )


async def count_new(session: Session, actor: Actor, data: Data, since: datetime | None) -> int:
    """Count what could be learned from that was not there, or not validated, at a moment."""
    dataset = await _access(session, freezer(actor), data.dataset)
    return await examples.validated(
        session, dataset.organization_id, dataset.id, data.min_quality, since, data.date_range
    )


async def pour(
    database: Database, place: Place, organization_id: UUID, version_id: UUID, file: Path
) -> None:
    """Write a version's examples into a file that only we may read, one a line."""
    await asyncio.to_thread(file.touch, 0o600)
    async with database.transaction(organization_id) as session:
        await datasets.pour(session, place.blobs, place.keyring, organization_id, version_id, file)


async def _access(session: Session, actor: Actor, named: str) -> datasets.Dataset:
    try:
        return await datasets.access(session, actor, named)
    except NotFound as error:
        raise NotFound(
            f"There is no data set {named!r} in this organization.", param="data.dataset"
        ) from error

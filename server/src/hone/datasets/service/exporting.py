"""Examples on their way out: as a file of one dataset, of one version, or of all there is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from hone.core import ids
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.keyring import Keyring
from hone.datasets import rendering, sealing, versioning
from hone.datasets.errors import FormatUnsuited, VersionGone
from hone.datasets.formats import Row, writer
from hone.datasets.formats.writing import require
from hone.datasets.models import Dataset, Example, Version
from hone.datasets.repository import datasets, examples
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import ExportQuery
from hone.datasets.sealing import Box
from hone.datasets.service.versions import reach
from hone.identity import Actor, Permission

_PIECE: Final = 500
_WHOLE: Final = frozenset({"json", "parquet"})


async def write(
    rows: AsyncIterator[Sequence[Row]], shape: str, skip: int = 0
) -> AsyncIterator[bytes]:
    """Write rows as a file, or what is left of one."""
    writing = writer(shape)
    if writing.head and not skip:
        yield writing.head
    async for every in rows:
        some = every[skip:]
        skip -= len(every) - len(some)
        written = await asyncio.to_thread(writing.write, some)
        if written:
            yield written
    if writing.tail:
        yield writing.tail


async def rows(
    session: Session,
    database: Database,
    blobs: Blobs,
    keyring: Keyring,
    actor: Actor,
    dataset: Dataset,
    query: ExportQuery,
) -> AsyncIterator[Sequence[Row]]:
    """Choose what an export reads: the examples that there are, or those of a version."""
    actor.require(Permission.CONTENTS_READ)
    if query.skip and query.format in _WHOLE:
        raise FormatUnsuited(
            f"A file of the format {query.format} cannot be gone on with: it is whole or nothing.",
            param="skip",
        )
    if query.version is not None:
        version = await reach(session, dataset, query.version)
        if version.gone_at is not None:
            raise VersionGone
        return of_version(database, blobs, keyring, actor, dataset, version)
    wanted = Wanted(
        dataset.organization_id,
        dataset.id,
        ["pending", "validated"] if query.status is None else [query.status],
        query.source,
        query.label,
        query.split,
        query.min_quality,
    )
    return of_dataset(database, keyring, actor, dataset, wanted)


async def of_dataset(
    database: Database, keyring: Keyring, actor: Actor, dataset: Dataset, wanted: Wanted
) -> AsyncIterator[Sequence[Row]]:
    """Read the examples of one dataset, oldest first, in a transaction for each piece."""
    actor.require(Permission.CONTENTS_READ)
    async with database.transaction(dataset.organization_id) as session:
        box = await sealing.box_of(session, keyring, dataset)
    last: UUID | None = None
    while True:
        async with database.transaction(dataset.organization_id) as session:
            rows = await examples.after(session, wanted, last, _PIECE)
        yield await asyncio.to_thread(_rows, dataset, box, rows)
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


def _rows(dataset: Dataset, box: Box, found: Sequence[Example]) -> list[Row]:
    made: list[Row] = []
    for row in found:
        said = rendering.opened(box, row)
        if said is None:
            continue
        made.append(
            Row(
                ids.public(rendering.EXAMPLE, row.id),
                dataset.name,
                dataset.kind,
                said.input,
                said.output,
                row.source,
                row.status,
                round(row.quality, 4),
                round(row.weight, 4),
                row.split,
                user=row.person,
            )
        )
    return made


async def of_version(
    database: Database,
    blobs: Blobs,
    keyring: Keyring,
    actor: Actor,
    dataset: Dataset,
    version: Version,
) -> AsyncIterator[Sequence[Row]]:
    """Read the examples of a version, in its order."""
    actor.require(Permission.CONTENTS_READ)
    async with database.transaction(dataset.organization_id) as session:
        key = await sealing.key_of_version(session, keyring, version)
    async for lines in versioning.read(blobs, key, version):
        yield [
            Row(
                each.id,
                dataset.name,
                dataset.kind,
                each.input,
                each.output,
                each.source,
                None,
                None,
                each.weight,
                each.split,
                each.group,
            )
            for each in lines
        ]


async def of_all(
    database: Database, keyring: Keyring, actor: Actor, wanted: Wanted, shape: str
) -> AsyncIterator[Sequence[Row]]:
    """Read the examples of every dataset of the organization, one dataset after the other."""
    actor.require(Permission.CONTENTS_READ)
    async with database.transaction(actor.organization_id) as session:
        every = await datasets.every(session, actor.organization_id)
    meant = [row for row in every if wanted.dataset_id in {None, row.id}]
    require(shape, [row.kind for row in meant])
    return _of_all(database, keyring, actor, meant, wanted)


async def _of_all(
    database: Database,
    keyring: Keyring,
    actor: Actor,
    meant: Sequence[Dataset],
    wanted: Wanted,
) -> AsyncIterator[Sequence[Row]]:
    for row in meant:
        one = Wanted(
            wanted.organization_id,
            row.id,
            wanted.statuses,
            wanted.source,
            wanted.label,
            wanted.split,
            wanted.min_quality,
        )
        async for some in of_dataset(database, keyring, actor, row, one):
            yield some

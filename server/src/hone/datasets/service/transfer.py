"""Files of any format, in and out.

Parquet is read and written by a program of the trainer: it has libraries that no process of the server
should hold. The file goes to it and comes from it through pipes, so it never lies in the clear on a disk.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence

from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.datasets import programs
from hone.datasets.errors import FileRefused, ImportTooLarge, ProgramFailed
from hone.datasets.formats import Row
from hone.datasets.keeping import Origin
from hone.datasets.schemas import (
    ExportQuery,
    Format,
    Imported,
    Source,
    Status,
    TrainingDataExport,
)
from hone.datasets.service import exporting, importing
from hone.datasets.service.datasets import access
from hone.datasets.service.importing import Asked
from hone.datasets.service.training_data import wanted_of
from hone.identity import Actor, Permission

_MODULE = "hone_trainer.parquet"


async def lines_of(
    settings: Settings, content: AsyncIterator[bytes], most: int
) -> AsyncIterator[bytes]:
    """Read a Parquet file as JSON lines."""
    try:
        async with contextlib.aclosing(
            programs.through(settings, [_MODULE, "read"], _bounded(content, most))
        ) as lines:
            async for data in lines:
                yield data
    except ProgramFailed as error:
        raise FileRefused(error.message) from error


async def _bounded(content: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    size = 0
    async for data in content:
        size += len(data)
        if size > most:
            raise ImportTooLarge(f"An import has at most {most} bytes.")
        yield data


def asked(
    settings: Settings,
    shape: Format,
    source: Source,
    status: Status,
    file: str,
    columns: dict[str, str] | None = None,
) -> Asked:
    """Say how a file is to be read."""
    most = settings.server.max_upload_bytes
    return Asked(shape, Origin(source, status, None, file), columns or {}, most)


async def take(
    database: Database,
    keyring: Keyring,
    actor: Actor,
    named: str,
    wanted: Asked,
    content: AsyncIterator[bytes],
    settings: Settings,
) -> Imported:
    """Import a file of any format."""
    if wanted.shape == "parquet":
        content = lines_of(settings, content, wanted.most)
    return await importing.take(database, keyring, actor, named, wanted, content)


def as_file(
    settings: Settings, rows: AsyncIterator[Sequence[Row]], shape: str, skip: int = 0
) -> AsyncIterator[bytes]:
    """Write rows as a file of any format."""
    if shape != "parquet":
        return exporting.write(rows, shape, skip)
    return programs.through(settings, [_MODULE, "write"], exporting.write(rows, "jsonl"))


async def written(
    database: Database,
    blobs: Blobs,
    keyring: Keyring,
    actor: Actor,
    settings: Settings,
    named: str,
    query: ExportQuery,
) -> tuple[str, AsyncIterator[bytes]]:
    """Write a dataset, or a version of it, as a file; tell its name, too."""
    actor.require(Permission.CONTENTS_READ)
    async with database.transaction(actor.organization_id) as session:
        dataset = await access(session, actor, named)
        rows = await exporting.rows(session, database, blobs, keyring, actor, dataset, query)
    return dataset.name, as_file(settings, rows, query.format, query.skip)


async def training_data(
    session: Session,
    database: Database,
    keyring: Keyring,
    actor: Actor,
    settings: Settings,
    query: TrainingDataExport,
) -> AsyncIterator[bytes]:
    """Write the examples of all datasets as a file."""
    actor.require(Permission.CONTENTS_READ)
    wanted = await wanted_of(session, actor, query)
    rows = await exporting.of_all(database, keyring, actor, wanted, query.format)
    return as_file(settings, rows, query.format)

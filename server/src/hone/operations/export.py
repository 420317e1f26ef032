"""The list as a file: the same filters, the chosen columns, in pieces that fit into memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from hone.core import tables
from hone.core.db import Database
from hone.identity import Actor, Permission
from hone.operations import walk
from hone.operations.filters import Filters
from hone.operations.rendering import item
from hone.operations.schemas import COLUMNS, ExportFormat, OperationExport, OperationItem
from hone.operations.service import selection

MEDIA_TYPES: Final[dict[ExportFormat, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
}
_PIECE: Final = 500


def export(database: Database, actor: Actor, query: OperationExport) -> AsyncIterator[bytes]:
    """Write operations as CSV or JSON lines; opens a transaction of its own for each piece."""
    actor.require(Permission.OPERATIONS_READ)
    columns = query.columns or COLUMNS
    return _lines(database, actor, selection(query), columns, query.format, query.limit)


async def _lines(
    database: Database,
    actor: Actor,
    filters: Filters,
    columns: Sequence[str],
    shape: ExportFormat,
    most: int,
) -> AsyncIterator[bytes]:
    if shape == "csv":
        yield tables.csv_line(columns)
    after = None
    left = most
    while left > 0:
        async with database.transaction(actor.organization_id) as session:
            found = await walk.walk(
                session, actor.organization_id, filters, after, min(left, _PIECE)
            )
        rows = [_values(item(row), columns) for row in found.rows]
        if rows and shape == "csv":
            yield b"".join(tables.csv_line(row) for row in rows)
        elif rows:
            yield b"".join(tables.json_line(dict(zip(columns, row, strict=True))) for row in rows)
        left -= len(rows)
        after = found.searched_until or (found.rows[-1].id if found.rows else None)
        if after is None:
            return


def _values(shown: OperationItem, columns: Sequence[str]) -> list[object]:
    values = shown.model_dump(mode="json", by_alias=True)
    return [values[column] for column in columns]

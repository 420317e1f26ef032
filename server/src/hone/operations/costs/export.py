"""Costs as a file: every value in every step, in pieces that fit into memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from hone.core import tables
from hone.core.db import Database
from hone.identity import Actor, Permission
from hone.operations.costs import repository, service
from hone.operations.costs.periods import Period
from hone.operations.costs.repository import Asked, Cell
from hone.operations.costs.schemas import CostExport, CostFigures

_STEPS_AT_ONCE: Final = 31
"""Where there are sums; of calls one by one a step is enough."""
COLUMNS: Final = (
    "from", "to", "value", "label",
    *(field.alias or name for name, field in CostFigures.model_fields.items()),
)  # fmt: skip


async def export(database: Database, actor: Actor, query: CostExport) -> AsyncIterator[bytes]:
    """Write costs as CSV or JSON lines; opens a transaction of its own for each month or so.

    The first piece is there before this returns, so that what takes too long is said in time.
    """
    actor.require(Permission.OPERATIONS_READ)
    wanted, period = service.asked(actor, query)
    lines = _lines(database, wanted, period, csv=query.format == "csv")
    return _chained(await anext(lines, b""), lines)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for each in rest:
        yield each


async def _lines(
    database: Database, wanted: Asked, period: Period, *, csv: bool
) -> AsyncIterator[bytes]:
    head = tables.csv_line(COLUMNS) if csv else b""
    together = _STEPS_AT_ONCE if wanted.summed else 1
    for first in range(0, len(period.edges) - 1, together):
        edges = period.edges[first : first + together + 1]
        async with database.transaction(wanted.organization_id) as session:
            async for cells in repository.stream(session, wanted, edges):
                names = await service.labels(session, wanted, [each.value for each in cells])
                rows = [_row(wanted, edges, names, each) for each in cells]
                yield head + b"".join(
                    tables.csv_line(list(row.values())) if csv else tables.json_line(row)
                    for row in rows
                )
                head = b""
    if head:
        yield head


def _row(
    wanted: Asked, edges: Sequence[Any], names: dict[str, str], cell: Cell
) -> dict[str, object]:
    by = None if wanted.dimension is None else wanted.dimension.name
    shown = CostFigures(**service.figures(cell.sums))
    return {
        "from": edges[cell.step - 1].isoformat(),
        "to": edges[cell.step].isoformat(),
        "value": service.public(by, cell.value),
        "label": None if cell.value is None else names.get(cell.value),
        **shown.model_dump(mode="json", by_alias=True),
    }

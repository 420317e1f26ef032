"""Monthly partitions of operations and their contents: made ahead or when needed, dropped whole.

A partition is built beside its parent and then attached, which locks out neither readers nor the
drain (`CREATE TABLE … PARTITION OF` would). It gets no grants: who may read the parent reads it
there, held by row-level security.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import psycopg
from psycopg import sql

PARENTS: Final = ("operations", "operation_contents")
_LOCK: Final = 0x9A971
_LOCK_TIMEOUT: Final = "500ms"


def month_of(at: datetime | date) -> date:
    """Return the first day of a moment's month, in UTC."""
    day = at.astimezone(UTC).date() if isinstance(at, datetime) else at
    return day.replace(day=1)


def following(month: date) -> date:
    """Return the first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def name(parent: str, month: date) -> str:
    """Name a partition: `operations_2026_11`."""
    return f"{parent}_{month:%Y_%m}"


async def ensure(
    connection: psycopg.AsyncConnection, months: Iterable[date], parents: Sequence[str] = PARENTS
) -> list[str]:
    """Make the partitions that are missing and return their names; part of the open transaction."""
    wanted = [(parent, month) for month in sorted(set(months)) for parent in parents]
    if not await _missing(connection, wanted):
        return []
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    missing = await _missing(connection, wanted)
    for parent, month in missing:
        await _attach(connection, parent, month)
    return [name(parent, month) for parent, month in missing]


async def _missing(
    connection: psycopg.AsyncConnection, wanted: Sequence[tuple[str, date]]
) -> list[tuple[str, date]]:
    parents = {parent for parent, _ in wanted}
    present = {child for child, _ in await attached(connection, sorted(parents))}
    return [(parent, month) for parent, month in wanted if name(parent, month) not in present]


async def attached(
    connection: psycopg.AsyncConnection, parents: Sequence[str] = PARENTS
) -> list[tuple[str, date]]:
    """List name and month of every partition, oldest first."""
    found = await connection.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = ANY(%s::regclass[])",
        (list(parents),),
    )
    names = [str(each) for (each,) in await found.fetchall()]
    rows = [(each, date(int(each[-7:-3]), int(each[-2:]), 1)) for each in names]
    return sorted(rows, key=lambda row: (row[1], row[0]))


async def _attach(connection: psycopg.AsyncConnection, parent: str, month: date) -> None:
    parts = {
        "child": sql.Identifier(name(parent, month)),
        "parent": sql.Identifier(parent),
        "start": sql.Literal(f"{month} 00:00:00+00"),
        "end": sql.Literal(f"{following(month)} 00:00:00+00"),
    }
    build = sql.SQL("CREATE TABLE {child} (LIKE {parent} INCLUDING ALL)")
    attach = sql.SQL(
        "ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES FROM ({start}) TO ({end})"
    )
    await connection.execute(build.format(**parts))
    await connection.execute(attach.format(**parts))


async def drop(connection: psycopg.AsyncConnection, child: str) -> bool:
    """Drop a partition in the open transaction; return whether it could be had.

    The parent is locked until the commit. Where a long query holds it this gives up at once, so
    that nobody has to queue behind it; the next run tries again.
    """
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'".encode())
            await connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(child)))
    except psycopg.errors.LockNotAvailable:
        return False
    return True

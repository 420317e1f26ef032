"""How far the drain has read each lane, and what it had to set aside; as hone_owner, in its transaction."""

from typing import NamedTuple
from uuid import UUID

import psycopg

from hone.core import ids
from hone.llm.unicode import clean

_REASON_LENGTH = 500


class Mark(NamedTuple):
    """How far a lane is in the database."""

    segment: int
    position: int
    finished: bool


async def spool_mark(connection: psycopg.AsyncConnection, lane: str) -> Mark | None:
    """Tell how far a lane was read; None for one that was not begun."""
    found = await connection.execute(
        "SELECT segment, position, finished_at IS NOT NULL FROM spool_marks WHERE lane = %s",
        (lane,),
    )
    row = await found.fetchone()
    return None if row is None else Mark(*row)


async def mark_spool(
    connection: psycopg.AsyncConnection,
    lane: str,
    position: tuple[int, int],
    *,
    finished: bool = False,
) -> None:
    """Note that a lane was read up to a position (segment, offset), and whether it ends there."""
    await connection.execute(
        "INSERT INTO spool_marks AS mark (lane, segment, position, finished_at)"
        " VALUES (%s, %s, %s, CASE WHEN %s THEN now() END)"
        " ON CONFLICT (lane) DO UPDATE SET segment = excluded.segment,"
        " position = excluded.position, updated_at = now(),"
        " finished_at = coalesce(mark.finished_at, excluded.finished_at)",
        (lane, *position, finished),
    )


async def quarantine(
    connection: psycopg.AsyncConnection,
    lane: str,
    position: tuple[int, int],
    reason: str,
    raw: bytes,
    organization_id: UUID | None = None,
) -> None:
    """Keep what cannot be stored, so that somebody can look at it and nothing waits behind it.

    Operations that died together are noted at one position; the second takes the next free one.
    """
    segment, offset = position
    await connection.execute(
        "INSERT INTO quarantine (id, lane, segment, position, reason, raw, organization_id)"
        " SELECT %(id)s, %(lane)s, %(segment)s,"
        " coalesce(max(position) + 1, %(offset)s),"
        " %(reason)s, %(raw)s, %(organization_id)s::uuid"
        " FROM quarantine WHERE lane = %(lane)s AND segment = %(segment)s"
        " AND position >= %(offset)s"
        " AND EXISTS (SELECT FROM quarantine AS taken WHERE taken.lane = %(lane)s"
        " AND taken.segment = %(segment)s AND taken.position = %(offset)s)",
        {
            "id": ids.new(),
            "lane": lane,
            "segment": segment,
            "offset": offset,
            "reason": clean(reason, _REASON_LENGTH),
            "raw": raw,
            "organization_id": organization_id,
        },
    )

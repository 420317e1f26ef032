"""Background work of operations: partitions made ahead of time, and dropped whole."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import psycopg

from hone.core import clock
from hone.core.db import Database, Session
from hone.operations import partitions
from hone.operations.partitions import following, month_of

log = logging.getLogger(__name__)


async def keep_partitions(
    owner: Database, parents: Sequence[str] = partitions.PARENTS
) -> list[str]:
    """Make the partitions of the present and the next month; return the names of new ones."""
    present = month_of(clock.now())
    months = [present, following(present)]
    async with owner.transaction() as session:
        return await partitions.ensure(await _raw(session), months, parents)


async def months_before(owner: Database, parent: str, before: datetime) -> list[str]:
    """Name the partitions of a parent that lie wholly before a moment, oldest first."""
    async with owner.transaction() as session:
        present = await partitions.attached(await _raw(session))
    return [
        child
        for child, month in present
        if child == partitions.name(parent, month) and month < month_of(before)
    ]


async def drop_month(session: Session, child: str) -> bool:
    """Drop a partition, unless somebody reads it; return whether it could be had."""
    dropped = await partitions.drop(await _raw(session), child)
    log.info("%s %s: older than any rule", "dropped" if dropped else "could not drop", child)
    return dropped


async def _raw(session: Session) -> psycopg.AsyncConnection:
    """Take the driver's own connection, in the transaction of the session."""
    held = await (await session.connection()).get_raw_connection()
    return cast("psycopg.AsyncConnection", held.driver_connection)

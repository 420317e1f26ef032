"""Background work of operations: partitions ahead of time, and retention."""

import logging
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import select, text

from hone.core import clock
from hone.core.db import Database, Session
from hone.operations import partitions
from hone.operations.models import Operation
from hone.operations.partitions import following, month_of

log = logging.getLogger(__name__)

_BATCH: Final = 1000
# The span names the partitions, the keys find the rows by primary key.
_DELETE: Final = """
DELETE FROM {parent} WHERE created_at BETWEEN :first AND :last AND (created_at, id) IN (
    SELECT * FROM unnest(CAST(:moments AS timestamptz[]), CAST(:ids AS uuid[])))
"""


async def keep_partitions(owner: Database) -> list[str]:
    """Make the partitions of the present and the next month; return the names of new ones."""
    present = month_of(clock.now())
    async with owner.transaction() as session:
        return await partitions.ensure(await _raw(session), [present, following(present)])


async def apply_retention(owner: Database) -> None:
    """Delete what organizations do not keep any longer: whole months where all agree, else rows.

    An organization without a retention keeps everything, and then no month is dropped whole. Sums
    of minutes say nothing of a person and stay.
    """
    now = clock.now()
    async with owner.transaction() as session:
        found = await session.execute(text("SELECT id, retention_days FROM organizations"))
        kept: dict[UUID, int | None] = {row[0]: row[1] for row in found}
    days = [each for each in kept.values() if each is not None]
    if days and len(days) == len(kept):
        await _drop_months(owner, now - timedelta(days=max(days)))
    for organization_id, retention in kept.items():
        if retention is not None:
            await _delete_rows(owner, organization_id, now - timedelta(days=retention))


async def _drop_months(owner: Database, cutoff: datetime) -> None:
    async with owner.transaction() as session:
        present = await partitions.attached(await _raw(session))
    for child, month in present:
        if month >= month_of(cutoff):
            return
        async with owner.transaction() as session:
            dropped = await partitions.drop(await _raw(session), child)
        log.info(
            "%s %s: older than any retention", "dropped" if dropped else "could not drop", child
        )


async def _delete_rows(owner: Database, organization_id: UUID, cutoff: datetime) -> None:
    while True:
        async with owner.transaction() as session:
            deleted = await _delete_batch(session, organization_id, cutoff)
        if deleted < _BATCH:
            return


async def _delete_batch(session: Session, organization_id: UUID, cutoff: datetime) -> int:
    found = await session.execute(
        select(Operation.created_at, Operation.id)
        .where(Operation.organization_id == organization_id, Operation.created_at < cutoff)
        .order_by(Operation.created_at, Operation.id)
        .limit(_BATCH)
    )
    keys = found.all()
    if not keys:
        return 0
    parameters = {
        "first": keys[0][0],
        "last": keys[-1][0],
        "moments": [key[0] for key in keys],
        "ids": [key[1] for key in keys],
    }
    for parent in partitions.PARENTS:
        await session.execute(text(_DELETE.format(parent=parent)), parameters)
    return len(keys)


async def _raw(session: Session) -> psycopg.AsyncConnection:
    """Take the driver's own connection, in the transaction of the session."""
    held = await (await session.connection()).get_raw_connection()
    return cast("psycopg.AsyncConnection", held.driver_connection)

"""Every query the operations domain makes. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import func, select, text, tuple_
from sqlalchemy.exc import IntegrityError, OperationalError

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.operations import buckets, minutes
from hone.operations.errors import MonthNotReady, SearchTooBroad
from hone.operations.figures import FAILED, Cell, Sums
from hone.operations.filters import Filters, at
from hone.operations.models import Operation, OperationContent

PAGE_TIMEOUT_MS: Final = 3000
COUNT_TIMEOUT_MS: Final = 250


def _columns(name: str) -> str:
    """Add arrays up place by place: one sum for each bucket beats unnesting by a factor of four."""
    sums = (f"coalesce(sum({name}[{place}]), 0)::bigint" for place in range(1, buckets.SIZE + 1))
    return f"ARRAY[{', '.join(sums)}]"


_CELLS: Final = f"""
SELECT date_bin(:step, minute, :since) AS at, model,
    sum(requests)::bigint, coalesce(sum(requests) FILTER (WHERE status = ANY(:failed)), 0)::bigint,
    sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cost)::bigint,
    {_columns("latency")}, {_columns("ttft")}
FROM operation_minutes
WHERE organization_id = :organization_id AND minute >= :since AND minute < :until
GROUP BY 1, 2
"""


async def by_id(session: Session, organization_id: UUID, operation_id: UUID) -> Operation | None:
    """Find one operation of an organization, in the partition that its id tells."""
    query = select(Operation).where(Operation.organization_id == organization_id, at(operation_id))
    return await session.scalar(query)


async def by_external_id(
    session: Session, organization_id: UUID, external_id: str
) -> Operation | None:
    """Find the newest operation that a client gave this id."""
    query = (
        select(Operation)
        .where(Operation.organization_id == organization_id, Operation.external_id == external_id)
        .order_by(Operation.created_at.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def content_of(session: Session, operation: Operation) -> OperationContent | None:
    """Find what was asked and answered, sealed."""
    query = select(OperationContent).where(
        OperationContent.organization_id == operation.organization_id,
        OperationContent.created_at == operation.created_at,
        OperationContent.id == operation.id,
    )
    return await session.scalar(query)


async def page(
    session: Session, organization_id: UUID, filters: Filters, after: UUID | None, limit: int
) -> Sequence[Operation]:
    """Return operations newest first, those after one of them or from the start."""
    query = (
        select(Operation)
        .where(Operation.organization_id == organization_id, *filters.conditions())
        .order_by(Operation.created_at.desc(), Operation.id.desc())
        .limit(limit)
    )
    if after is not None:
        last = (ids.created_at(after), after)
        query = query.where(tuple_(Operation.created_at, Operation.id) < tuple_(*last))
    await _limit_time(session, PAGE_TIMEOUT_MS)
    try:
        return (await session.scalars(query)).all()
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise SearchTooBroad from error
        raise


async def count(session: Session, organization_id: UUID, filters: Filters) -> int | None:
    """Count operations; None above the limit, or where counting would take long."""
    some = (
        select(Operation.id)
        .where(Operation.organization_id == organization_id, *filters.conditions())
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    try:
        async with session.begin_nested():
            await _limit_time(session, COUNT_TIMEOUT_MS)
            found = await session.scalar(select(func.count()).select_from(some)) or 0
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            return None
        raise
    return None if found > COUNT_LIMIT else found


async def _limit_time(session: Session, milliseconds: int) -> None:
    await session.execute(select(func.set_config("statement_timeout", str(milliseconds), True)))


async def serialize(session: Session, organization_id: UUID, external_id: str) -> None:
    """Let one transaction at a time use this external id; no index can be unique across months."""
    name = f"{organization_id.hex}/{external_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def add(session: Session, operation: Operation, content: OperationContent | None) -> None:
    """Insert an operation that was not drained, and count it in its minute."""
    session.add(operation)
    if content is not None:
        session.add(content)
    try:
        await session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, psycopg.errors.CheckViolation):
            raise MonthNotReady from error
        raise
    await _count(session, operation)


async def _count(session: Session, operation: Operation) -> None:
    sums = minutes.Minutes()
    sums.count(
        operation.organization_id.bytes,
        operation.id.int >> 80,
        (operation.model, operation.route or "", operation.status),
        operation.input_tokens,
        operation.output_tokens,
        operation.cost,
        operation.latency_ms,
        operation.ttft_ms,
    )
    connection = await session.connection()
    for parameter in sums.parameters():
        await connection.exec_driver_sql(minutes.UPSERT, parameter)


async def cells(
    session: Session, organization_id: UUID, since: datetime, until: datetime, step: timedelta
) -> list[Cell]:
    """Add up minutes by model and step of time, counted from `since`."""
    found = await session.execute(
        text(_CELLS),
        {
            "organization_id": organization_id,
            "since": since,
            "until": until,
            "step": step,
            "failed": list(FAILED),
        },
    )
    return [Cell(at_, model, Sums(*sums)) for at_, model, *sums in found.all()]

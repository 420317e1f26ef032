"""Every query the operations domain makes. Each one names the organization."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import psycopg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    cast,
    column,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import aliased

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.gateway import SHADOW
from hone.identity import ApiKey, Person
from hone.operations import buckets, minutes
from hone.operations.errors import MonthNotReady, SearchTooBroad
from hone.operations.figures import FAILED, Cell, Sums
from hone.operations.filters import Filters, Stretch, at
from hone.operations.models import Operation, OperationContent, OperationView

PAGE_TIMEOUT_MS: Final = 3000
AT_ONCE_TIMEOUT_MS: Final = 125
COUNT_TIMEOUT_MS: Final = 100
Moment = datetime | ColumnElement[datetime]


def _columns(name: str) -> str:
    """Add arrays up place by place: one sum for each bucket beats unnesting by a factor of four."""
    sums = (f"coalesce(sum({name}[{place}]), 0)::bigint" for place in range(1, buckets.SIZE + 1))
    return f"ARRAY[{', '.join(sums)}]"


_CELLS: Final = f"""
SELECT date_bin(:step, minute, :since) AS at, model,
    sum(requests)::bigint, coalesce(sum(requests) FILTER (WHERE status = ANY(:failed)), 0)::bigint,
    sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cost)::bigint,
    {_columns("latency")}, {_columns("ttft")}
FROM ({{source}}) AS sums
GROUP BY 1, 2
"""
_MINUTES: Final = """
SELECT * FROM operation_minutes
WHERE organization_id = :organization_id AND minute >= :since AND minute < :until
"""
# Whole quarters of an hour from their sums, the ragged ends from the minutes.
_QUARTERS: Final = """
SELECT * FROM operation_quarters
WHERE organization_id = :organization_id AND minute >= :first AND minute < :last
UNION ALL SELECT * FROM operation_minutes
WHERE organization_id = :organization_id AND minute >= :since AND minute < least(:first, :until)
UNION ALL SELECT * FROM operation_minutes
WHERE organization_id = :organization_id AND minute >= greatest(:last, :first) AND minute < :until
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


async def latest(session: Session, organization_id: UUID, limit: int) -> Sequence[Operation]:
    """Return the newest operations."""
    query = (
        select(Operation)
        .where(Operation.organization_id == organization_id)
        .order_by(Operation.created_at.desc(), Operation.id.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def edges(session: Session, organization_id: UUID) -> Stretch | None:
    """Tell when the oldest and the newest operation were made; limits the time of what follows."""
    made = select(Operation.created_at).where(Operation.organization_id == organization_id).limit(1)
    oldest = made.order_by(Operation.created_at.asc(), Operation.id.asc()).scalar_subquery()
    newest = made.order_by(Operation.created_at.desc(), Operation.id.desc()).scalar_subquery()
    await _limit_time(session, PAGE_TIMEOUT_MS)
    with _broad_when_late():
        found = (await session.execute(select(oldest, newest))).one()
    return Stretch(*found) if any(found) else None


@contextmanager
def _broad_when_late() -> Generator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise SearchTooBroad from error
        raise


async def page(
    session: Session,
    organization_id: UUID,
    filters: Filters,
    stretches: Sequence[Stretch],
    after: UUID | None,
    limit: int,
) -> Sequence[Operation]:
    """Return operations of some stretches of time newest first, those after one of them."""
    moments = ARRAY(DateTime(timezone=True))
    parts = (
        func.unnest(
            cast([each.since for each in stretches], moments),
            cast([each.until for each in stretches], moments),
        )
        .table_valued(
            column("since", DateTime(timezone=True)), column("until", DateTime(timezone=True))
        )
        .render_derived(name="part")
    )
    within = _matching(organization_id, filters, parts.c.since, parts.c.until, after).limit(limit)
    each = aliased(Operation, within.lateral("each"))
    query = (
        select(each)
        .select_from(parts)
        .join(each, true())
        .order_by(each.created_at.desc(), each.id.desc())
        .limit(limit)
    )
    return await _read(session, query)


async def page_at_once(
    session: Session,
    organization_id: UUID,
    filters: Filters,
    span: Stretch,
    after: UUID | None,
    limit: int,
) -> Sequence[Operation]:
    """Return operations by whatever index helps; `SearchTooBroad` where none does."""
    async with session.begin_nested():
        await _limit_time(session, AT_ONCE_TIMEOUT_MS)
        matching = _matching(organization_id, filters, span.since, span.until, after)
        return await _read(session, matching.limit(limit))


def _matching(
    organization_id: UUID, filters: Filters, since: Moment, until: Moment, after: UUID | None
) -> Select[Operation]:
    query = (
        select(Operation)
        .where(
            Operation.organization_id == organization_id,
            Operation.created_at >= since,
            Operation.created_at < until,
            *filters.conditions(),
        )
        .order_by(Operation.created_at.desc(), Operation.id.desc())
    )
    if after is None:
        return query
    last = (ids.created_at(after), after)
    return query.where(tuple_(Operation.created_at, Operation.id) < tuple_(*last))


async def _read(session: Session, query: Select[Operation]) -> Sequence[Operation]:
    with _broad_when_late():
        return (await session.scalars(query)).all()


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
    for parameter in sums.quarters().parameters():
        await connection.exec_driver_sql(minutes.UPSERT_QUARTERS, parameter)


async def cells(
    session: Session, organization_id: UUID, since: datetime, until: datetime, step: timedelta
) -> list[Cell]:
    """Add up minutes by model and step of time, counted from `since`."""
    parameters = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "step": step,
        "failed": list(FAILED),
    }
    source = _MINUTES
    if step >= minutes.QUARTER:
        source = _QUARTERS
        parameters |= {
            "first": minutes.quarter_of(since, up=True),
            "last": minutes.quarter_of(until),
        }
    found = await session.execute(text(_CELLS.format(source=source)), parameters)
    return [Cell(at_, model, Sums(*sums)) for at_, model, *sums in found.all()]


async def neighbour(session: Session, operation: Operation, *, later: bool) -> UUID | None:
    """Find the operation before or after one in its conversation."""
    place = tuple_(Operation.created_at, Operation.id)
    own = tuple_(operation.created_at, operation.id)
    order = (Operation.created_at, Operation.id)
    query = (
        select(Operation.id)
        .where(
            Operation.organization_id == operation.organization_id,
            Operation.conversation_id == operation.conversation_id,
            Operation.arm.is_distinct_from(SHADOW),
            place > own if later else place < own,
        )
        .order_by(*(each.asc() if later else each.desc() for each in order))
        .limit(1)
    )
    return await session.scalar(query)


async def names_of_keys(
    session: Session, organization_id: UUID, keys: Sequence[UUID]
) -> dict[UUID, str]:
    """Tell the names of keys, revoked ones too."""
    query = select(ApiKey.id, ApiKey.name)
    query = query.where(ApiKey.organization_id == organization_id, ApiKey.id.in_(keys))
    found = await session.execute(query)
    return {row.id: row.name for row in found}


_SPLIT: Final = """
SELECT 'experiment' AS kind, id FROM experiments WHERE organization_id = :organization AND id = :split
UNION ALL
SELECT 'release', id FROM releases WHERE organization_id = :organization
    AND (id = :split OR splits @> ARRAY[CAST(:split AS uuid)])
LIMIT 1
"""


async def subject_of_split(
    session: Session, operation: Operation
) -> tuple[Literal["experiment", "release"], UUID] | None:
    """Tell what split the traffic that a call was part of: of a release each step is a split."""
    if operation.split_id is None:
        return None
    values = {"organization": operation.organization_id, "split": operation.split_id}
    found = (await session.execute(text(_SPLIT), values)).one_or_none()
    return None if found is None else (found.kind, found.id)


async def name_of_person(session: Session, organization_id: UUID, person_id: UUID) -> str | None:
    """Tell the name of a person."""
    query = select(Person.name)
    query = query.where(Person.organization_id == organization_id, Person.id == person_id)
    return await session.scalar(query)


async def view(session: Session, organization_id: UUID, view_id: UUID) -> OperationView | None:
    """Find one view of an organization."""
    query = select(OperationView)
    query = query.where(
        OperationView.organization_id == organization_id, OperationView.id == view_id
    )
    return await session.scalar(query)


async def views(
    session: Session, organization_id: UUID, owner: str, after: tuple[str, UUID] | None, limit: int
) -> Sequence[OperationView]:
    """Return somebody's views and those that are shared, by name."""
    query = (
        select(OperationView)
        .where(
            OperationView.organization_id == organization_id,
            or_(OperationView.shared, OperationView.owner == owner),
        )
        .order_by(OperationView.name, OperationView.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(OperationView.name, OperationView.id) > tuple_(*after))
    return (await session.scalars(query)).all()

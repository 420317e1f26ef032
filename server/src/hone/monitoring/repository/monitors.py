"""Queries about monitors and what they measured."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.monitoring.models import (
    AlertDelivery,
    ErrorPattern,
    MetricReport,
    Monitor,
    MonitorPoint,
)

_STEP: Final = timedelta(minutes=5)
_EPOCH: Final = "2000-01-01T00:00:00Z"
# One whose time lies far ahead was put there by a clock that has been set back since.
_DUE: Final = """
SELECT organization_id, id FROM monitors
WHERE enabled AND (kind = 'drift') = :slow AND (next_at <= :now OR next_at > :now + interval '2 hours')
ORDER BY next_at LIMIT :most
"""


async def by_id(
    session: Session, organization_id: UUID, monitor_id: UUID, *, lock: bool = False
) -> Monitor | None:
    """Find one monitor."""
    query = select(Monitor).where(
        Monitor.organization_id == organization_id, Monitor.id == monitor_id
    )
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def take(session: Session, organization_id: UUID, monitor_id: UUID) -> Monitor | None:
    """Take a monitor to measure it; None where another worker does, or it is gone."""
    query = (
        select(Monitor)
        .where(Monitor.organization_id == organization_id, Monitor.id == monitor_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(query)


async def page(
    session: Session, organization_id: UUID, query: PageQuery
) -> tuple[Sequence[Monitor], int, str | None]:
    """Return one page by name, the number of all and the next cursor."""
    mine = select(Monitor).where(Monitor.organization_id == organization_id)
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    after = query.after()
    if after is not None:
        if len(after) != 1:
            raise UnknownCursor(param="cursor")
        mine = mine.where(Monitor.name > after[0])
    found = (await session.scalars(mine.order_by(Monitor.name).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].name) if len(found) > len(rows) else None


async def of_kind(
    session: Session, organization_id: UUID, kind: str, model: str | None = None
) -> Sequence[Monitor]:
    """List monitors of a kind, of one model where it is named."""
    query = select(Monitor).where(Monitor.organization_id == organization_id, Monitor.kind == kind)
    if model is not None:
        query = query.where(Monitor.model == model)
    return (await session.scalars(query.order_by(Monitor.id))).all()


async def due(owner: Session, now: datetime, most: int, *, slow: bool) -> list[tuple[UUID, UUID]]:
    """Find monitors whose time has come, in all organizations; as the owner."""
    rows = await owner.execute(text(_DUE), {"now": now, "most": most, "slow": slow})
    return [(row[0], row[1]) for row in rows]


async def keep_point(
    session: Session, monitor: Monitor, slice_: str, values: dict[str, Any]
) -> None:
    """Keep what was measured; within five minutes it takes the place of what was before."""
    at = func.date_bin(_STEP, values.pop("at"), text(f"CAST('{_EPOCH}' AS timestamptz)"))
    row = {
        "organization_id": monitor.organization_id,
        "monitor_id": monitor.id,
        "slice": slice_,
        "at": at,
        **values,
    }
    made = insert(MonitorPoint).values(row)
    changed = {each: made.excluded[each] for each in ("value", "low", "high", "n", "detail")}
    await session.execute(
        made.on_conflict_do_update(
            index_elements=["organization_id", "monitor_id", "slice", "at"], set_=changed
        )
    )


async def points(
    session: Session, monitor: Monitor, since: datetime, until: datetime, most: int
) -> Sequence[MonitorPoint]:
    """List the newest points of a stretch of time, oldest first."""
    query = (
        select(MonitorPoint)
        .where(
            MonitorPoint.organization_id == monitor.organization_id,
            MonitorPoint.monitor_id == monitor.id,
            MonitorPoint.at >= since,
            MonitorPoint.at < until,
        )
        .order_by(MonitorPoint.at.desc(), MonitorPoint.slice.desc())
        .limit(most)
    )
    return list(reversed((await session.scalars(query)).all()))


async def forget(owner: Session, before: datetime) -> None:
    """Delete old points, patterns, messages and reports, of all organizations; as the owner."""
    await owner.execute(delete(MonitorPoint).where(MonitorPoint.at < before))
    await owner.execute(delete(ErrorPattern).where(ErrorPattern.last_at < before))
    await owner.execute(delete(AlertDelivery).where(AlertDelivery.ended_at < before))
    await owner.execute(delete(MetricReport).where(MetricReport.made_at < before))


async def names(
    session: Session, organization_id: UUID, monitor_ids: Iterable[UUID]
) -> dict[UUID, str]:
    """Name some monitors."""
    query = select(Monitor.id, Monitor.name).where(
        Monitor.organization_id == organization_id, Monitor.id.in_(list(monitor_ids))
    )
    return {row.id: row.name for row in await session.execute(query)}

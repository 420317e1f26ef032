"""Every query that the limits domain makes for its API. Each one names the organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT, PageQuery, UnknownCursor, cursor
from hone.gateway import Subject
from hone.identity import ApiKey, Organization, Person, Team
from hone.limits.models import Limit
from hone.registry import Model, Route

Thing = ApiKey | Person | Team | Route | Model
TABLES: Final[Mapping[Subject, type[Thing]]] = {
    Subject.KEY: ApiKey,
    Subject.PERSON: Person,
    Subject.TEAM: Team,
    Subject.ROUTE: Route,
    Subject.MODEL: Model,
}
_USES: Final = """
SELECT l.id, now() AS at,
    CASE WHEN l.period IS NULL THEN to_timestamp(0) ELSE date_trunc(l.period, now(), 'UTC') END
        AS window_start,
    CASE WHEN l.period IS NOT NULL THEN date_trunc(l.period, now() AT TIME ZONE 'UTC'
        + ('1 ' || l.period)::interval) AT TIME ZONE 'UTC' END AS resets_at,
    coalesce(w.granted, 0) AS granted, w.refused_at IS NOT NULL AS refusing,
    (SELECT coalesce(sum(u.used), 0)::bigint FROM limit_uses u WHERE u.limit_id = l.id
        AND u.window_start = date_trunc(l.period, now(), 'UTC')) AS used
FROM limits l LEFT JOIN limit_windows w ON w.limit_id = l.id AND w.window_start =
    CASE WHEN l.period IS NULL THEN to_timestamp(0) ELSE date_trunc(l.period, now(), 'UTC') END
WHERE l.organization_id = :organization AND l.id = ANY(:limits)
"""


@dataclass(frozen=True, slots=True)
class Use:
    """How the present window of a limit stands."""

    window_start: datetime
    resets_at: datetime | None
    granted: int
    used: int
    refusing: bool


async def every(session: Session, organization_id: UUID) -> Sequence[Limit]:
    """List all limits of an organization, oldest first."""
    query = select(Limit).where(Limit.organization_id == organization_id).order_by(Limit.id)
    return (await session.scalars(query)).all()


async def by_id(
    session: Session, organization_id: UUID, limit_id: UUID, *, lock: bool = False
) -> Limit | None:
    """Find one limit of an organization."""
    query = select(Limit).where(Limit.organization_id == organization_id, Limit.id == limit_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def page(
    session: Session, organization_id: UUID, query: PageQuery, *conditions: ColumnElement[bool]
) -> tuple[Sequence[Limit], int | None, str | None]:
    """Return one page of an organization's limits, newest first, their total and the next cursor."""
    mine = select(Limit).where(Limit.organization_id == organization_id, *conditions)
    counted = mine.with_only_columns(Limit.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    last = _last(query)
    if last is not None:
        mine = mine.where(Limit.id < last)
    found = (await session.scalars(mine.order_by(Limit.id.desc()).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    following = cursor(rows[-1].id.hex) if len(found) > len(rows) else None
    return rows, total if total <= COUNT_LIMIT else None, following


def _last(query: PageQuery) -> UUID | None:
    after = query.after()
    if after is None:
        return None
    last = ids.parse("", after[0]) if len(after) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last


async def remove(session: Session, organization_id: UUID, limit_id: UUID) -> None:
    """Delete a limit; what counts it is forgotten later."""
    await session.execute(
        delete(Limit).where(Limit.organization_id == organization_id, Limit.id == limit_id)
    )


async def uses(
    session: Session, organization_id: UUID, limits: Sequence[UUID]
) -> Mapping[UUID, Use]:
    """Tell how the present window of each limit stands."""
    found = await session.execute(
        text(_USES), {"organization": organization_id, "limits": list(limits)}
    )
    return {
        row.id: Use(row.window_start, row.resets_at, row.granted, row.used, row.refusing)
        for row in found
    }


async def names(
    session: Session, organization_id: UUID, rows: Iterable[Limit]
) -> Mapping[UUID, str]:
    """Name what limits are on."""
    made: dict[UUID, str] = {}
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.subject_kind, set()).add(row.subject_id)
    for kind, table in TABLES.items():
        if kind in wanted:
            query = select(table.id, table.name).where(
                table.organization_id == organization_id, table.id.in_(wanted[kind])
            )
            made.update({row[0]: row[1] for row in (await session.execute(query)).all()})
    if Subject.ORGANIZATION in wanted:
        mine = select(Organization.name).where(Organization.id == organization_id)
        made[organization_id] = await session.scalar(mine) or ""
    return made


async def subject_ids(
    session: Session, organization_id: UUID, kind: Subject, name: str
) -> Sequence[UUID]:
    """Find what has a name; of keys and people those that are in use."""
    table = TABLES[kind]
    query = select(table.id).where(table.organization_id == organization_id)
    if kind is Subject.PERSON:
        query = query.where(
            func.lower(Person.email) == name.lower(), Person.deactivated_at.is_(None)
        )
    else:
        query = query.where(table.name == name)
    if kind is Subject.KEY:
        query = query.where(ApiKey.revoked_at.is_(None))
    return (await session.scalars(query.limit(2))).all()


async def exists(session: Session, organization_id: UUID, kind: Subject, subject: UUID) -> bool:
    """Tell whether an organization has something of this id."""
    table = TABLES[kind]
    query = select(table.id).where(table.organization_id == organization_id, table.id == subject)
    return await session.scalar(query) is not None


async def same(session: Session, made: Limit) -> Limit | None:
    """Find the limit that is on the same thing, of the same measure and window."""
    query = select(Limit).where(
        Limit.organization_id == made.organization_id,
        Limit.subject_kind == made.subject_kind,
        Limit.subject_id == made.subject_id,
        Limit.measure == made.measure,
        Limit.period.is_not_distinct_from(made.period),
    )
    return await session.scalar(query)

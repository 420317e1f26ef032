"""Queries about calls, for what monitors and reports tell of them."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.gateway import SHADOW
from hone.monitoring.models import MetricReport
from hone.operations import FAILED, Operation

MOST_CALLS: Final = 20
"""So many calls an alert points to."""
_SAMPLE: Final = 50_000
_DOWN: Final = """
SELECT count(*) FROM (
    SELECT minute, sum(requests) AS requests,
        coalesce(sum(requests) FILTER (WHERE status = ANY(:failed)), 0) AS errors
    FROM operation_minutes
    WHERE organization_id = :organization_id AND minute >= :since AND minute < :until
        AND (CAST(:model AS text) IS NULL OR model = :model)
        AND (CAST(:route AS text) IS NULL OR route = :route)
    GROUP BY minute
) AS minutes WHERE errors >= :least AND errors * 2 >= requests
"""
_ANY: Final = """
SELECT EXISTS (SELECT FROM operation_minutes
    WHERE organization_id = :organization_id AND minute >= :since AND minute < :until
        AND (CAST(:model AS text) IS NULL OR model = :model)
        AND (CAST(:route AS text) IS NULL OR route = :route) AND requests > 0)
"""
_FIRST: Final = """
SELECT min(minute) FROM operation_minutes
WHERE organization_id = :organization_id AND minute < :until
    AND (CAST(:model AS text) IS NULL OR model = :model)
    AND (CAST(:route AS text) IS NULL OR route = :route) AND requests > 0
"""
_CONFIDENCE: Final = """
SELECT avg(confidence)::float AS mean, count(confidence) AS n,
    coalesce(sum(input_tokens + output_tokens), 0)::bigint AS tokens, count(*) AS calls
FROM (
    SELECT confidence, input_tokens, output_tokens FROM operations
    WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
        AND kind = 'classification' AND arm IS DISTINCT FROM 'shadow' AND (CAST(:model AS text) IS NULL OR model = :model)
    ORDER BY created_at DESC LIMIT :most
) AS newest
"""
_FACETS: Final = """
SELECT field, value, sum(requests)::bigint AS requests FROM (
    SELECT field, value, requests FROM operation_facets
    WHERE organization_id = :organization_id AND field IN ('kind', 'status', 'error_code')
        AND hour >= :since AND hour < :until
    UNION ALL SELECT field, value, -1 FROM operations, LATERAL (
        VALUES ('kind', kind), ('status', status), ('error_code', error_code)) AS each (field, value)
    WHERE organization_id = :organization_id AND arm = 'shadow' AND value IS NOT NULL
        AND created_at >= :since AND created_at < :until
) AS counted
GROUP BY 1, 2 HAVING sum(requests) > 0 ORDER BY 1, 3 DESC, 2
"""
_PRIORITIES: Final = """
SELECT priority, count(*) AS calls FROM (
    SELECT metadata ->> 'priority' AS priority FROM operations
    WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
        AND metadata ? 'priority' AND arm IS DISTINCT FROM 'shadow'
    ORDER BY created_at DESC LIMIT :most
) AS newest GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50
"""


class Moved(NamedTuple):
    """One of the calls that moved an alert."""

    id: UUID
    model: str
    error_code: str | None


class Confidence(NamedTuple):
    """How sure classifications were."""

    mean: float | None
    n: int
    tokens: int
    calls: int


async def down_minutes(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    *,
    least: int,
    model: str | None,
    route: str | None,
) -> int:
    """Count minutes in which at least half of the calls failed, and no fewer than `least`."""
    values: dict[str, Any] = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "failed": list(FAILED),
        "least": least,
        "model": model,
        "route": route,
    }
    return await session.scalar(text(_DOWN), values) or 0


async def any_calls(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    model: str | None,
    route: str | None,
) -> bool:
    """Tell whether there were any calls."""
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "model": model,
        "route": route,
    }
    return bool(await session.scalar(text(_ANY), values))


async def first_call(
    session: Session,
    organization_id: UUID,
    until: datetime,
    model: str | None,
    route: str | None,
) -> datetime | None:
    """Return the minute of the first call of all, if there was one."""
    values = {
        "organization_id": organization_id,
        "until": until,
        "model": model,
        "route": route,
    }
    return await session.scalar(text(_FIRST), values)


async def moved(
    session: Session,
    organization_id: UUID,
    since: datetime,
    *,
    model: str | None,
    route: str | None,
    over_ms: float | None = None,
    costly: bool = False,
) -> list[Moved]:
    """List the newest calls that failed; or those slower than `over_ms`, or the most costly."""
    query = select(Operation.id, Operation.model, Operation.error_code).where(
        Operation.organization_id == organization_id,
        Operation.created_at >= since,
        Operation.arm.is_distinct_from(SHADOW),
    )
    if model is not None:
        query = query.where(Operation.model == model)
    if route is not None:
        query = query.where(Operation.route == route)
    if costly:
        query = query.order_by(Operation.cost.desc())
    elif over_ms is not None:
        query = query.where(Operation.latency_ms > over_ms).order_by(Operation.created_at.desc())
    else:
        failed = Operation.status.in_(FAILED)
        query = query.where(Operation.status != "success", failed)
        query = query.order_by(Operation.created_at.desc())
    rows = await session.execute(query.limit(MOST_CALLS))
    return [Moved(*row) for row in rows]


async def confidence(
    session: Session, organization_id: UUID, since: datetime, until: datetime, model: str | None
) -> Confidence:
    """Tell how sure classifications were, of the newest fifty thousand."""
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "model": model,
        "most": _SAMPLE,
    }
    return Confidence(*(await session.execute(text(_CONFIDENCE), values)).one())


async def facets(
    session: Session, organization_id: UUID, since: datetime, until: datetime
) -> dict[str, dict[str, int]]:
    """Count calls by kind, by status and by error."""
    values = {"organization_id": organization_id, "since": since, "until": until}
    found: dict[str, dict[str, int]] = {"kind": {}, "status": {}, "error_code": {}}
    for row in await session.execute(text(_FACETS), values):
        found[row.field][row.value] = row.requests
    return found


async def priorities(
    session: Session, organization_id: UUID, since: datetime, until: datetime
) -> dict[str, int]:
    """Count calls by the priority that their metadata tells, of the newest fifty thousand."""
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "most": _SAMPLE,
    }
    return {row[0]: row[1] for row in await session.execute(text(_PRIORITIES), values) if row[0]}


async def kept_report(
    session: Session, organization_id: UUID, key: str, since: datetime, now: datetime
) -> MetricReport | None:
    """Find a report that is not old; one of the future was made before a clock was set back."""
    query = select(MetricReport).where(
        MetricReport.organization_id == organization_id,
        MetricReport.key == key,
        MetricReport.made_at > since,
        MetricReport.made_at <= now,
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def keep_report(
    session: Session, organization_id: UUID, key: str, made_at: datetime, report: dict[str, Any]
) -> None:
    """Keep a report in place of the one before."""
    made = insert(MetricReport).values(
        organization_id=organization_id, key=key, made_at=made_at, report=report
    )
    changed = {"made_at": made.excluded.made_at, "report": made.excluded.report}
    await session.execute(
        made.on_conflict_do_update(index_elements=["organization_id", "key"], set_=changed)
    )


async def model_known(session: Session, organization_id: UUID, model: str) -> bool:
    """Tell whether there is a model of a name, or ever was a call of it."""
    query = text(
        "SELECT EXISTS (SELECT FROM models WHERE organization_id = :organization_id"
        " AND name = :model) OR EXISTS (SELECT FROM operation_facets"
        " WHERE organization_id = :organization_id AND field = 'model' AND value = :model)"
        " OR EXISTS (SELECT FROM model_versions WHERE organization_id = :organization_id"
        " AND name = :model)"
    )
    values = {"organization_id": organization_id, "model": model}
    return bool(await session.scalar(query, values))

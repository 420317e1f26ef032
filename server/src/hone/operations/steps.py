"""Sums of minutes and of quarters of an hour, one by one: what those who watch look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.operations import buckets
from hone.operations.figures import FAILED

By = Literal["model", "route"]
_TABLES: Final = {False: "operation_minutes", True: "operation_quarters"}
_SLICES: Final[dict[By | None, str]] = {None: "''", "model": "model", "route": "route"}
_STEPS: Final = """
SELECT minute AS at, {slice} AS slice, sum(requests)::bigint AS requests,
    coalesce(sum(requests) FILTER (WHERE status = ANY(:failed)), 0)::bigint AS errors,
    coalesce(sum(cost) FILTER (WHERE requests > 0), 0)::bigint AS cost, sum(input_tokens + output_tokens)::bigint AS tokens,
    coalesce(sum((SELECT sum(each) FROM unnest(latency) AS each)), 0)::bigint AS timed,
    coalesce(sum((SELECT sum(each) FROM unnest({slow}) AS each)), 0)::bigint AS slow
FROM {table}
WHERE organization_id = :organization_id AND minute >= :since AND minute < :until
    AND (CAST(:model AS text) IS NULL OR model = :model)
    AND (CAST(:route AS text) IS NULL OR route = :route)
GROUP BY 1, 2 HAVING sum(requests) > 0 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class StepSum:
    """What happened in one minute, or quarter of an hour, in all or of one model or route."""

    at: datetime
    slice: str
    requests: int
    errors: int
    cost: int
    """Pico-dollars; what copies cost that nobody sees is nobody's request, and not in it."""
    tokens: int
    timed: int
    """How many durations are known."""
    slow: int
    """How many of them were longer than was asked for."""


async def steps(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    *,
    quarters: bool = False,
    by: By | None = None,
    model: str | None = None,
    route: str | None = None,
    over_ms: float = 0.0,
) -> list[StepSum]:
    """Read sums one by one, oldest first; steps in which nothing happened are left out.

    A duration is slow where its whole bucket is longer than `over_ms`, so that one of up to 22 % more
    may count as not slow (`buckets`).
    """
    # Arrays count from one; the bucket that `over_ms` lies in is not counted.
    slow = rf"latency[{buckets.index(over_ms) + 2}\:]"
    query = _STEPS.format(table=_TABLES[quarters], slice=_SLICES[by], slow=slow)
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "failed": list(FAILED),
        "model": model,
        "route": route,
    }
    rows = await session.execute(text(query), values)
    return [StepSum(*row) for row in rows]

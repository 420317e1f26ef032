"""Counts by hour: which values there are, and in which hours a match can be at all.

A trigger of the database keeps them as operations land. They say at most what there is: what
retention has deleted since may still be counted.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.operations.filters import Filters, Stretch

FIELDS: Final = ("model", "route", "status", "kind", "error_code", "key")
MOST_VALUES: Final = 200
"""So many values of a field are offered, the most frequent first."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)

_COUNTS: Final = """
SELECT hour, sum(requests)::bigint AS {name} FROM operation_facets
WHERE organization_id = :organization_id AND field = '{field}'
    AND hour >= :first AND hour < :before {wanted}
GROUP BY hour
"""
_LEAST: Final = " AND most_cost >= :cost AND longest_ms >= CAST(:latency AS real)"
_VALUES: Final = """
SELECT field, value, requests FROM (
    SELECT field, value, sum(requests)::bigint AS requests,
        row_number() OVER (PARTITION BY field ORDER BY sum(requests) DESC, value) AS place
    FROM operation_facets
    WHERE organization_id = :organization_id AND field = ANY(:fields)
        AND hour >= :first AND hour < :before
    GROUP BY field, value
) AS counted WHERE place <= :most ORDER BY field, requests DESC, value
"""


class Hour(NamedTuple):
    """An hour in which a match can be."""

    at: datetime
    rows: int
    """How many operations there are."""
    matching: int
    """How many of them can match, at most."""


async def hours(
    session: Session, organization_id: UUID, filters: Filters, span: Stretch
) -> list[Hour]:
    """List the hours of a stretch of time in which a match can be, newest first."""
    parameters: dict[str, Any] = {
        "organization_id": organization_id,
        "first": hour_of(span.since),
        "before": span.until,
        "cost": filters.min_cost or 0,
        "latency": filters.min_latency_ms or 0,
    }
    joins: list[str] = []
    least = ["every.rows"]
    for number, (field, values) in enumerate(filters.facets.items()):
        wanted = f"AND value = ANY(:values_{number}){_LEAST}"
        counts = _COUNTS.format(name=f"rows_{number}", field=field, wanted=wanted)
        joins.append(f"JOIN ({counts}) AS facet_{number} USING (hour)")
        least.append(f"rows_{number}")
        parameters[f"values_{number}"] = list(values)
    every = _COUNTS.format(name="rows", field="status", wanted="")
    if filters.min_cost or filters.min_latency_ms:
        every += "HAVING max(most_cost) >= :cost AND max(longest_ms) >= CAST(:latency AS real)"
    query = (
        f"SELECT hour, rows, least({', '.join(least)}) FROM ({every}) AS every"
        f" {' '.join(joins)} ORDER BY hour DESC"
    )
    found = await session.execute(text(query), parameters)
    return [Hour(*row) for row in found.all()]


async def values(
    session: Session, organization_id: UUID, span: Stretch
) -> Sequence[tuple[str, str, int]]:
    """List the values of each field in a span, in whole hours, the most frequent first."""
    found = await session.execute(
        text(_VALUES),
        {
            "organization_id": organization_id,
            "fields": list(FIELDS),
            "first": hour_of(span.since),
            "before": span.until,
            "most": MOST_VALUES,
        },
    )
    return [(field, value, requests) for field, value, requests in found.all()]


def hour_of(at: datetime) -> datetime:
    """Tell when the hour of a moment begins."""
    return _EPOCH + (at - _EPOCH) // _HOUR * _HOUR

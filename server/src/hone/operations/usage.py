"""What each route or model did lately, by name: for the pages that list them."""

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import text

from hone.core import clock
from hone.core.db import Session
from hone.core.schemas import Schema
from hone.identity import Actor, Permission
from hone.operations import buckets, overview
from hone.operations.figures import FAILED, Sums
from hone.operations.schemas import Window

UsageBy = Literal["route", "model"]
_MOST: Final = 500
_LATENCY: Final = ", ".join(
    f"coalesce(sum(latency[{place}]), 0)::bigint" for place in range(1, buckets.SIZE + 1)
)
_USAGE: Final = f"""
SELECT {{by}}, sum(requests)::bigint,
    coalesce(sum(requests) FILTER (WHERE status = ANY(:failed)), 0)::bigint,
    sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cost)::bigint, ARRAY[{_LATENCY}]
FROM operation_minutes
WHERE organization_id = :organization_id AND minute >= :since AND {{by}} <> ''
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST}
"""
_QUERIES: Final = {by: text(_USAGE.format(by=by)) for by in ("route", "model")}


class Usage(Schema):
    """What one route or model did."""

    name: str
    requests: int
    errors: int
    cost_usd: float
    p95_ms: float | None


class UsageRead(Schema):
    """What each did, the busiest first; at most 500."""

    window: Window
    items: Sequence[Usage]


async def usage(session: Session, actor: Actor, by: UsageBy, window: Window) -> UsageRead:
    """Add up the minutes of a window by route or model."""
    actor.require(Permission.OPERATIONS_READ)
    planned = overview.plan(window, clock.now())
    found = await session.execute(
        _QUERIES[by],
        {
            "organization_id": actor.organization_id,
            "since": planned.start,
            "failed": list(FAILED),
        },
    )
    return UsageRead(
        window=window, items=[_read(str(name), Sums(*sums)) for name, *sums in found.all()]
    )


def _read(name: str, sums: Sums) -> Usage:
    return Usage(
        name=name,
        requests=sums.requests,
        errors=sums.errors,
        cost_usd=sums.cost_usd,
        p95_ms=sums.latency_ms(0.95),
    )

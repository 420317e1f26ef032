"""Queries of what the arms of a release come to. Each one names the organization."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hone import experiments
from hone.core.db import Session
from hone.releases.figures import Arm

BEFORE: Final = timedelta(days=1)
"""What a release that has no live version beside it is compared with."""
_PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "error_rate": ("(errors + rescued)", "operations"),
    "latency_ms": ("latency_ms", "timed"),
    "cost_usd": ("(cost / 1e12)", "operations"),
    "tokens": ("tokens", "operations"),
}
"""The two sums for each unit that make a figure: what, and of how many."""


def _moments(metric: str, what: str, of: str) -> str:
    x, y = f"({what})::double precision", f"({of})::double precision"
    parts = {"x": x, "xx": f"{x} * {x}", "y": y, "yy": f"{y} * {y}", "xy": f"{x} * {y}"}
    sums = [f"coalesce(sum({each}), 0) AS {metric}_{key}" for key, each in parts.items()]
    return ", ".join([f"count(*) FILTER (WHERE {of} > 0) AS {metric}_n", *sums])


_CALLS: Final = ", ".join(_moments(metric, *pair) for metric, pair in _PAIRS.items())
_ARMS: Final = f"""
SELECT arm, count(*) AS units, coalesce(sum(operations), 0) AS operations,
    count(*) FILTER (WHERE errors + rescued > 0) AS failing, {_CALLS}
FROM {{units}} GROUP BY arm
"""
_SPLIT: Final = (
    "(SELECT * FROM split_units WHERE organization_id = :organization AND split_id = :split) u"
)
_EARLIER: Final = """
(SELECT 'live' AS arm, count(*) AS operations,
    count(*) FILTER (WHERE status IN ('error', 'interrupted')) AS errors, 0 AS rescued,
    count(latency_ms) FILTER (WHERE status = 'success') AS timed,
    coalesce(sum(latency_ms) FILTER (WHERE status = 'success'), 0) AS latency_ms,
    sum(cost) AS cost, sum(input_tokens + output_tokens) AS tokens
FROM (SELECT * FROM operations WHERE organization_id = :organization
        AND created_at >= :since AND created_at < :until AND split_id IS NULL
        AND (route = :name OR model = :name)
        ORDER BY created_at DESC LIMIT 20000) each
GROUP BY coalesce('u:' || user_id, 'c:' || conversation_id, id::text)) u
"""
_SAID: Final = f"""
SELECT arm, metric, {_moments("said", "total", "n")}
FROM split_feedback WHERE organization_id = :organization AND split_id = :split
    AND metric IN ('rating', 'positive_feedback', 'accuracy')
GROUP BY arm, metric
"""
_AGREED: Final = """
SELECT count(*) AS copies, count(*) FILTER (WHERE s.metadata ->> 'label' = o.metadata ->> 'label')
    AS agreed
FROM (SELECT * FROM operations WHERE organization_id = :organization AND split_id = :split
        AND arm = 'shadow' AND status = 'success' AND metadata ? 'shadowOf'
        ORDER BY created_at DESC LIMIT 20000) s
JOIN operations o ON o.organization_id = s.organization_id
    AND o.id = right(s.metadata ->> 'shadowOf', 32)::uuid
    AND o.created_at = made_at(right(s.metadata ->> 'shadowOf', 32)::uuid)
WHERE s.metadata ? 'label' AND o.metadata ? 'label'
"""
_PER_DAY: Final = """
SELECT count(DISTINCT (created_at::date, CASE WHEN :talks THEN coalesce(
    'c:' || conversation_id, 'u:' || user_id, id::text) ELSE coalesce(
    'u:' || user_id, 'c:' || conversation_id, id::text) END)) / 7.0
FROM (SELECT * FROM operations WHERE organization_id = :organization AND created_at >= :since
    AND (route = :name OR model = :name) ORDER BY created_at DESC LIMIT 200000) each
"""


async def arms(session: Session, organization_id: UUID, split_id: UUID) -> dict[str, Arm]:
    """Return the sums of each arm of a split."""
    known = {"organization": organization_id, "split": split_id}
    found = await session.execute(text(_ARMS.format(units=_SPLIT)), known)
    made = {each["arm"]: _arm(dict(each)) for each in found.mappings()}
    said = await session.execute(text(_SAID), known)
    for each in said.mappings():
        arm = made.get(each["arm"])
        if arm is not None:
            sums = {**arm.sums, each["metric"]: _read(dict(each), "said")}
            made[arm.name] = replace(arm, sums=sums)
    return made


async def before(session: Session, organization_id: UUID, name: str, until: datetime) -> Arm:
    """Return the sums of the calls of a name in the day before a moment."""
    known = {"organization": organization_id, "name": name}
    known |= {"since": until - BEFORE, "until": until}
    found = await session.execute(text(_ARMS.format(units=_EARLIER)), known)
    return next((_arm(dict(each)) for each in found.mappings()), Arm("live"))


async def agreement(
    session: Session, organization_id: UUID, split_id: UUID
) -> tuple[int, float | None]:
    """Return how many copies can be compared, and the part of them that was answered alike."""
    known = {"organization": organization_id, "split": split_id}
    row = (await session.execute(text(_AGREED), known)).one()
    return row.copies, row.agreed / row.copies if row.copies else None


async def units_per_day(
    session: Session, organization_id: UUID, name: str, since: datetime, *, talks: bool
) -> float:
    """Return how many users or conversations a day a name had, on average since a week ago."""
    known = {"organization": organization_id, "name": name, "since": since, "talks": talks}
    return float(await session.scalar(text(_PER_DAY), known) or 0.0)


def _arm(row: dict[str, Any]) -> Arm:
    sums = dict(_of_calls(row))
    return Arm(row["arm"], int(row["units"]), int(row["operations"]), int(row["failing"]), sums)


def _of_calls(row: dict[str, Any]) -> Iterable[tuple[str, experiments.statistics.Moments]]:
    return ((metric, _read(row, metric)) for metric in _PAIRS)


def _read(row: dict[str, Any], key: str) -> experiments.statistics.Moments:
    x, xx, y, yy, xy = (float(row[f"{key}_{each}"]) for each in ("x", "xx", "y", "yy", "xy"))
    return experiments.statistics.Moments(int(row[f"{key}_n"]), x, xx, y, yy, xy)

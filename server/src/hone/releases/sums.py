"""Queries of what the arms of a release come to. Each one names the organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
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
SELECT {{part}} AS part, arm, count(*) AS units, coalesce(sum(operations), 0) AS operations,
    count(*) FILTER (WHERE errors + rescued > 0) AS failing, {_CALLS}
FROM {{units}} GROUP BY 1, arm
"""
_EACH: Final = """
(SELECT * FROM split_units WHERE organization_id = :organization
    AND split_id = ANY(CAST(:splits AS uuid[]))) u
"""
_WHOLE: Final = """
(SELECT arm, sum(operations) AS operations, sum(errors) AS errors, sum(rescued) AS rescued,
    sum(timed) AS timed, sum(latency_ms) AS latency_ms, sum(cost) AS cost, sum(tokens) AS tokens
FROM split_units WHERE organization_id = :organization AND split_id = ANY(CAST(:splits AS uuid[]))
GROUP BY arm, unit) u
"""
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
_METRICS: Final = "('rating', 'positive_feedback', 'accuracy', 'resolved')"
_SAID: Final = f"""
SELECT {{part}} AS part, arm, metric, {_moments("said", "total", "n")},
    coalesce(sum(least(1, greatest(0, total / nullif(n, 0)))), 0) AS said_own
FROM (SELECT {{part}}, arm, metric, unit, sum(total) AS total, sum(n) AS n
    FROM split_feedback WHERE organization_id = :organization
        AND split_id = ANY(CAST(:splits AS uuid[])) AND metric IN {_METRICS}
    GROUP BY 1, arm, metric, unit) each
GROUP BY 1, arm, metric
"""
_TERMS: Final = """
(SELECT * FROM unnest(CAST(:metrics AS text[]), CAST(:splits AS uuid[]), CAST(:arms AS text[]),
    CAST(:ratios AS float8[]), CAST(:scales AS float8[])) AS t (metric, split_id, arm, ratio, scale)
) t
"""


def _by_metric(place: int) -> str:
    parts = (f"WHEN '{each}' THEN {pair[place]}::float8" for each, pair in _PAIRS.items())
    return f"CASE t.metric {' '.join(parts)} END"


_SPREADS: Final = f"""
SELECT metric, arm, count(*) AS n, sum(z * z) AS squares FROM (
    SELECT t.metric, u.arm, u.unit, sum(t.scale * ({_by_metric(0)} - t.ratio * {_by_metric(1)})) AS z
    FROM split_units u JOIN {_TERMS} ON t.split_id = u.split_id AND t.arm = u.arm
    WHERE u.organization_id = :organization AND {_by_metric(1)} > 0 GROUP BY 1, 2, 3
    UNION ALL
    SELECT t.metric, u.arm, u.unit, sum(t.scale * (u.total - t.ratio * u.n))
    FROM split_feedback u JOIN {_TERMS} ON t.split_id = u.split_id AND t.arm = u.arm
        AND t.metric = u.metric
    WHERE u.organization_id = :organization AND u.n > 0 GROUP BY 1, 2, 3
) each GROUP BY metric, arm
"""
_AGREED: Final = """
SELECT count(*) AS copies, count(*) FILTER (WHERE s.metadata ->> 'label' = o.metadata ->> 'label')
    AS agreed
FROM (SELECT * FROM operations WHERE organization_id = :organization AND split_id = ANY(CAST(:splits AS uuid[]))
        AND arm = 'shadow' AND status = 'success' AND metadata ? 'shadowOf'
        ORDER BY created_at DESC LIMIT 20000) s
JOIN operations o ON o.organization_id = s.organization_id
    AND o.id = right(s.metadata ->> 'shadowOf', 32)::uuid
    AND o.created_at = made_at(right(s.metadata ->> 'shadowOf', 32)::uuid)
WHERE s.metadata ? 'label' AND o.metadata ? 'label'
"""
_PER_DAY: Final = """
SELECT count(DISTINCT (floor(extract(epoch FROM now() - created_at) / 86400), CASE WHEN :talks THEN coalesce(
    'c:' || conversation_id, 'u:' || user_id, id::text) ELSE coalesce(
    'u:' || user_id, 'c:' || conversation_id, id::text) END))
    / greatest(1, extract(epoch FROM now() - min(created_at)) / 86400)::float8
FROM (SELECT * FROM operations WHERE organization_id = :organization AND created_at >= :since
    AND (route = :name OR model = :name) ORDER BY created_at DESC LIMIT 200000) each
"""


async def arms(session: Session, organization_id: UUID, splits: Sequence[UUID]) -> dict[str, Arm]:
    """Return the sums of each arm over some splits; a unit that was in several of them is one."""
    found = await _arms(session, organization_id, splits, _WHOLE, "CAST(NULL AS uuid)")
    return found.get(None, {})


async def by_split(
    session: Session, organization_id: UUID, splits: Sequence[UUID]
) -> dict[UUID | None, dict[str, Arm]]:
    """Return the sums of each arm in each of some splits."""
    return await _arms(session, organization_id, splits, _EACH, "split_id")


async def _arms(
    session: Session, organization_id: UUID, splits: Sequence[UUID], units: str, part: str
) -> dict[UUID | None, dict[str, Arm]]:
    known = {"organization": organization_id, "splits": list(splits)}
    made: dict[UUID | None, dict[str, Arm]] = {}
    rows = await session.execute(text(_ARMS.format(units=units, part=part)), known)
    for each in rows.mappings():
        made.setdefault(each["part"], {})[each["arm"]] = _arm(dict(each))
    said = await session.execute(text(_SAID.format(part=part)), known)
    for each in said.mappings():
        arm = made.get(each["part"], {}).get(each["arm"])
        if arm is not None:
            sums = {**arm.sums, each["metric"]: _read(dict(each), "said")}
            made[each["part"]][arm.name] = replace(arm, sums=sums)
    return made


class Added(NamedTuple):
    """What the units of one arm add to one metric while one split was there."""

    metric: str
    split: UUID
    arm: str
    term: experiments.statistics.Term


async def spreads(
    session: Session, organization_id: UUID, added: Sequence[Added]
) -> dict[tuple[str, str], tuple[int, float]]:
    """Return how many units add to each metric and arm, and the sum of the squares of what they add."""
    known = {
        "organization": organization_id,
        "metrics": [each.metric for each in added],
        "splits": [each.split for each in added],
        "arms": [each.arm for each in added],
        "ratios": [each.term.ratio for each in added],
        "scales": [each.term.scale for each in added],
    }
    rows = await session.execute(text(_SPREADS), known)
    return {(row.metric, row.arm): (int(row.n), float(row.squares)) for row in rows}


async def before(session: Session, organization_id: UUID, name: str, until: datetime) -> Arm:
    """Return the sums of the calls of a name in the day before a moment."""
    known = {"organization": organization_id, "name": name}
    known |= {"since": until - BEFORE, "until": until}
    found = await session.execute(text(_ARMS.format(units=_EARLIER, part="NULL")), known)
    return next((_arm(dict(each)) for each in found.mappings()), Arm("live"))


async def agreement(
    session: Session, organization_id: UUID, splits: Sequence[UUID]
) -> tuple[int, float | None]:
    """Return how many copies can be compared, and the part of them that was answered alike."""
    known = {"organization": organization_id, "splits": list(splits)}
    row = (await session.execute(text(_AGREED), known)).one()
    return row.copies, row.agreed / row.copies if row.copies else None


async def units_per_day(
    session: Session, organization_id: UUID, name: str, since: datetime, *, talks: bool
) -> float:
    """Return how many users or conversations a day a name had, on average since a moment or its first call after it."""
    known = {"organization": organization_id, "name": name, "since": since, "talks": talks}
    return float(await session.scalar(text(_PER_DAY), known) or 0.0)


def _arm(row: dict[str, Any]) -> Arm:
    sums = dict(_of_calls(row))
    return Arm(row["arm"], int(row["units"]), int(row["operations"]), int(row["failing"]), sums)


def _of_calls(row: dict[str, Any]) -> Iterable[tuple[str, experiments.statistics.Moments]]:
    return ((metric, _read(row, metric)) for metric in _PAIRS)


def _read(row: dict[str, Any], key: str) -> experiments.statistics.Moments:
    x, xx, y, yy, xy = (float(row[f"{key}_{each}"]) for each in ("x", "xx", "y", "yy", "xy"))
    own = float(row.get(f"{key}_own", 0.0))
    return experiments.statistics.Moments(int(row[f"{key}_n"]), x, xx, y, yy, xy, own=own)

"""Sums over units, as the statistics want them: one query for each measure.

Of a `mean`, each unit has one value, what it did on average, and what it did before it took part as a
covariate (the mean of all where it was not there yet). Of a `ratio` or a `rate`, each unit has two sums, and what it
did before beside them. Of a `proportion`, each unit has a yes or no.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.experiments.metrics import Known, of
from hone.experiments.statistics import Kind, Moments

Sums = dict[str, Moments]
"""By arm."""

_UNITS: Final = """
SELECT u.arm, {segment} AS segment, {above} AS above, {below} AS below, {before} AS before
FROM split_units u {said}
WHERE u.organization_id = :organization AND u.split_id = :split AND u.arm <> 'shadow'
"""
_SAID: Final = """{join} split_feedback f ON f.organization_id = u.organization_id
    AND f.split_id = u.split_id AND f.unit = u.unit AND f.arm = u.arm AND f.metric = :metric"""
_SAID_BEFORE: Final = """((u.pre_said -> :metric ->> 1)::float8
    / nullif((u.pre_said -> :metric ->> 0)::float8, 0))"""
"""What a unit said on average of the answers it had before."""
_MET_BEFORE: Final = """(coalesce((u.pre_said -> :metric ->> 1)::float8, 0)
    / nullif(u.pre_operations, 0))"""
"""How often a sign was met before, of all calls."""
_MEAN: Final = """
WITH units AS ({units}), known AS (
    SELECT arm, segment, above / below AS y, before AS x FROM units WHERE below > 0
), filled AS (SELECT arm, segment, y, coalesce(x, avg(x) OVER ()) AS x FROM known)
SELECT arm, segment, count(*) AS n, sum(y) AS total, sum(y * y) AS squares, sum(x) AS covariate,
    sum(x * x) AS covariate_squares, sum(x * y) AS crossed
FROM filled GROUP BY arm, segment
"""
_RATIO: Final = """
WITH units AS ({units}), filled AS (
    SELECT arm, segment, above, below, coalesce(before, avg(before) OVER (), 0) AS x
    FROM units WHERE below > 0
)
SELECT arm, segment, count(*) AS n, sum(above) AS total, sum(above * above) AS squares,
    sum(below) AS covariate, sum(below * below) AS covariate_squares, sum(above * below) AS crossed,
    sum(x) AS before, sum(x * x) AS before_squares, sum(x * above) AS before_total,
    sum(x * below) AS before_covariate, sum(least(1.0, greatest(0.0, above / below))) AS own
FROM filled GROUP BY arm, segment
"""
_PROPORTION: Final = """
WITH units AS ({units})
SELECT arm, segment, count(*) AS n, sum((above > 0)::int)::float8 AS total,
    sum((above > 0)::int)::float8 AS squares, 0.0 AS covariate, 0.0 AS covariate_squares,
    0.0 AS crossed
FROM units WHERE below > 0 GROUP BY arm, segment
"""
_BY_KIND: Final = {
    Kind.MEAN: _MEAN,
    Kind.RATIO: _RATIO,
    Kind.RATE: _RATIO,
    Kind.PROPORTION: _PROPORTION,
}
WHOLE: Final = "'all'"
SEGMENTS: Final[Mapping[str, str]] = {
    "history": "CASE WHEN u.pre_at IS NULL THEN NULL WHEN coalesce(u.pre_operations, 0) > 0"
    " THEN 'returning' ELSE 'new' END",
    "key": "u.key_id::text",
}
"""What units can be told apart by: never by what an arm could have changed."""


async def sums(
    session: Session,
    organization_id: UUID,
    split_id: UUID,
    key: str,
    kind: Kind | str,
    segment: str = WHOLE,
) -> dict[str, Sums]:
    """Add up one measure of a split, for each segment and arm; those without values are not there."""
    values = {"organization": organization_id, "split": split_id, "metric": key}
    query = _BY_KIND[Kind(kind)].format(units=_units(of(key), segment))
    found: dict[str, Sums] = {}
    for row in await session.execute(text(query), values):
        if row.segment is not None:
            found.setdefault(row.segment, {})[row.arm] = _moments(row)
    return found


def _units(known: Known, segment: str) -> str:
    if known.above:
        above = f"({_columns(known.above)}) * CAST({known.scale!r} AS float8)"
        before = _before(known) if known.below == "operations" or known.below == "timed" else "NULL"
        return _UNITS.format(
            segment=segment, above=above, below=f"u.{known.below}::float8", before=before, said=""
        )
    # What was said, by how often it was; a sign that calls give themselves, by the calls.
    join, above = ("JOIN", "f.total") if not known.below else ("LEFT JOIN", "coalesce(f.total, 0)")
    below = "f.n::float8" if not known.below else f"u.{known.below}::float8"
    return _UNITS.format(
        segment=segment,
        above=above,
        below=below,
        before=_SAID_BEFORE if not known.below else _MET_BEFORE,
        said=_SAID.format(join=join),
    )


def _columns(expression: str, prefix: str = "") -> str:
    return " + ".join(f"u.{prefix}{each}::float8" for each in expression.split(" + "))


def _before(known: Known) -> str:
    """Write what a unit had before; that nothing of an arm was available is not known of then."""
    above = known.above.removesuffix(" + rescued")
    return (
        f"({_columns(above, 'pre_')}) * CAST({known.scale!r} AS float8)"
        f" / nullif(u.pre_{known.below}, 0)"
    )


def _moments(row: Any) -> Moments:  # noqa: ANN401
    return Moments(
        int(row.n),
        float(row.total or 0),
        float(row.squares or 0),
        float(row.covariate or 0),
        float(row.covariate_squares or 0),
        float(row.crossed or 0),
        *(float(getattr(row, name, None) or 0) for name in _BEFORE),
    )


_BEFORE: Final = ("before", "before_squares", "before_total", "before_covariate", "own")


_ARMS: Final = """
SELECT arm, count(*) AS units, count(*) FILTER (WHERE NOT named) AS unnamed,
    sum(operations)::bigint AS operations, sum(errors)::bigint AS errors,
    sum(rescued)::bigint AS rescued, min(first_at) AS first_at
FROM split_units WHERE organization_id = :organization AND split_id = :split GROUP BY arm
"""


async def arms(session: Session, organization_id: UUID, split_id: UUID) -> dict[str, Any]:
    """Count units and calls of each arm."""
    values = {"organization": organization_id, "split": split_id}
    return {row.arm: row for row in await session.execute(text(_ARMS), values)}


_NOW: Final = """
WITH units AS (
    SELECT coalesce({who}, o.id::text) AS unit, {above} AS above, {below} AS below, 0 AS segment,
        'now' AS arm, NULL::float8 AS before
    FROM {source} WHERE o.organization_id = :organization AND o.created_at >= :since
        AND o.route = :target AND {counts} GROUP BY 1
)"""
_CALLS: Final = {
    "errors + rescued": "sum((o.status IN ('error', 'interrupted'))::int)::float8",
    "latency_ms": "sum(o.latency_ms) FILTER (WHERE o.status = 'success')::float8",
    "cost": "sum(o.cost)::float8",
    "tokens": "sum(o.input_tokens + o.output_tokens)::float8",
    "timed": "count(*) FILTER (WHERE o.status = 'success' AND o.latency_ms IS NOT NULL)::float8",
    "operations": "count(*)::float8",
}
_WORTH: Final = {
    "rating": "o.rating::float8",
    "positive_feedback": "o.positive::int::float8",
    "accuracy": "CASE WHEN o.given IS NOT NULL AND o.expected IS NOT NULL"
    " THEN (o.given = o.expected)::int WHEN o.metric = 'verdict' THEN o.positive::int END::float8",
}
_OTHER: Final = (
    "CASE WHEN o.metric = :metric THEN coalesce(o.value, o.positive::int, o.score) END::float8"
)


async def today(
    session: Session,
    organization_id: UUID,
    key: str,
    kind: Kind | str,
    where: Mapping[str, Any],
    unit: str,
) -> Moments | None:
    """Add up what a name did without a split: `where` has its `target` and the moment `since`."""
    known = of(key)
    values = {"organization": organization_id, "metric": key, **where}
    if known.above:
        mine, other = ("user_id", "conversation_id")[:: 1 if unit == "user" else -1]
        parts = {
            "who": f"o.{mine}, o.{other}",
            "above": f"{_CALLS[known.above]} * CAST({known.scale!r} AS float8)",
            "below": _CALLS[known.below],
            "source": "operations o",
            "counts": "o.split_id IS NULL",
        }
    elif not known.below:
        worth = _WORTH.get(key, _OTHER)
        who = "o.person" if unit == "user" else "o.conversation_id, o.person"
        parts = {
            "who": who,
            "above": f"sum({worth})",
            "below": f"count({worth})::float8",
            "source": "feedback o",
            "counts": "o.state = 'accepted'",
        }
    else:
        return None
    query = (
        _BY_KIND[Kind(kind)]
        .format(units="SELECT * FROM units")
        .replace("WITH units AS (SELECT * FROM units)", _NOW.format(**parts))
    )
    row = (await session.execute(text(query), values)).one_or_none()
    return None if row is None else _moments(row)

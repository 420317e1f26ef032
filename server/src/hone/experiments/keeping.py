"""What is done for experiments by itself: what units did before, analyses, and shares of bandits.

Each step is one transaction that holds the experiment's row; killed anywhere, it is done again and
makes the same. Two workers take turns, and the second finds nothing left to do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.experiments import analysis, claims, compiling, measuring, repository
from hone.experiments.models import Experiment, ExperimentLook
from hone.experiments.rendering import PREFIX
from hone.experiments.service import editing, handing, results
from hone.experiments.statistics import Kind, Moments, top_two_thompson, weighted
from hone.identity import system

BEFORE: Final = timedelta(days=14)
"""So long before an experiment it is looked at what a unit did."""
AT_ONCE: Final = 500
LEAST_PAUSE: Final = timedelta(minutes=1)
LOOKS_PER_AGE: Final = 40
"""An experiment is looked at again when it is by one part of so many older than at the last look."""
SHARING: Final = timedelta(hours=1)
_BEFORE: Final = """
WITH due AS (
    SELECT unit, arm, first_at FROM split_units
    WHERE organization_id = :organization AND split_id = :split AND pre_at IS NULL
    LIMIT :most FOR UPDATE SKIP LOCKED
), who AS (
    SELECT due.unit, due.arm, (
        SELECT o.user_id FROM operations o
        WHERE o.organization_id = :organization AND o.split_id = :split
            AND o.created_at = due.first_at AND unit_of(o.id, o.split_unit) = due.unit
            AND o.user_id IS NOT NULL LIMIT 1
    ) AS user_id FROM due
), found AS (
    SELECT who.unit, who.arm, count(o.id) AS operations,
        count(o.id) FILTER (WHERE o.status IN ('error', 'interrupted')) AS errors,
        count(o.latency_ms) FILTER (WHERE o.status = 'success') AS timed,
        coalesce(sum(o.latency_ms) FILTER (WHERE o.status = 'success'), 0) AS latency_ms,
        coalesce(sum(o.cost), 0) AS cost, coalesce(sum(o.input_tokens + o.output_tokens), 0) AS tokens
    FROM who LEFT JOIN operations o ON o.organization_id = :organization
        AND o.user_id = who.user_id AND o.created_at >= :since AND o.created_at < :until
        AND o.route = :target
    GROUP BY who.unit, who.arm
), heard AS (
    SELECT who.unit, who.arm, m.metric, m.value
    FROM who JOIN operations o ON o.organization_id = :organization AND o.user_id = who.user_id
        AND o.created_at >= :since AND o.created_at < :until AND o.route = :target
    JOIN feedback f ON f.organization_id = o.organization_id AND f.operation_id = o.id
        AND f.state = 'accepted' AND f.created_at < :until
    CROSS JOIN LATERAL (VALUES
        ('positive_feedback', f.positive::int::double precision),
        ('rating', f.rating::double precision),
        ('accuracy', CASE WHEN f.given IS NOT NULL AND f.expected IS NOT NULL
            THEN (f.given = f.expected)::int WHEN f.metric = 'verdict' THEN f.positive::int END),
        (CASE WHEN f.metric NOT IN ('verdict', 'thumbs', 'rating', 'accuracy', 'positive_feedback')
            THEN f.metric END, coalesce(f.value, f.positive::int, f.score))
    ) AS m (metric, value)
    WHERE m.metric IS NOT NULL AND m.value IS NOT NULL
    UNION ALL
    SELECT who.unit, who.arm, s.kind, 1
    FROM who JOIN operations o ON o.organization_id = :organization AND o.user_id = who.user_id
        AND o.created_at >= :since AND o.created_at < :until AND o.route = :target
    JOIN feedback_signals s ON s.organization_id = o.organization_id AND s.operation_id = o.id
        AND s.created_at < :until
), said AS (
    SELECT unit, arm, jsonb_object_agg(metric, jsonb_build_array(n, total)) AS metrics
    FROM (SELECT unit, arm, metric, count(*) AS n, sum(value) AS total FROM heard
        GROUP BY unit, arm, metric) each
    GROUP BY unit, arm
)
UPDATE split_units u SET pre_at = now(), pre_operations = f.operations, pre_errors = f.errors,
    pre_timed = f.timed, pre_latency_ms = f.latency_ms, pre_cost = f.cost, pre_tokens = f.tokens,
    pre_said = s.metrics
FROM found f LEFT JOIN said s ON s.unit = f.unit AND s.arm = f.arm WHERE u.organization_id = :organization AND u.split_id = :split
    AND u.unit = f.unit AND u.arm = f.arm
RETURNING 1
"""


async def keep(owner: Database, at: datetime | None = None) -> None:
    """Do for every experiment that runs what is due."""
    now = at or clock.now()
    async with owner.transaction() as session:
        found = await repository.under_way(session)
        stands = await repository.standing(session)
    for organization_id, experiment_id in stands:
        async with owner.transaction(organization_id) as session:
            await handing.overtaken(session, organization_id, experiment_id)
    for organization_id, experiment_id in found:
        while await _fill(owner, organization_id, experiment_id) == AT_ONCE:
            pass
        async with owner.transaction(organization_id) as session:
            row = await repository.by_id(session, organization_id, experiment_id, lock=True)
            if row is not None and row.state == "running":
                await _look(session, row, now)
                await _share(session, row, now)
                await _end(session, row, now)


async def _fill(owner: Database, organization_id: UUID, experiment_id: UUID) -> int:
    """Look at what units did before the experiment began; return how many units it was."""
    async with owner.transaction(organization_id) as session:
        row = await repository.by_id(session, organization_id, experiment_id)
        if row is None or row.started_at is None:
            return 0
        values = {
            "organization": organization_id,
            "split": experiment_id,
            "most": AT_ONCE,
            "since": row.started_at - BEFORE,
            "until": row.started_at,
            "target": row.target,
        }
        return len((await session.execute(text(_BEFORE), values)).all())


async def _look(session: Session, row: Experiment, now: datetime) -> None:
    """Analyse an experiment where that is due, and keep what was found."""
    looks = await repository.looks(session, row.organization_id, row.id, 1000)
    counted = await measuring.arms(session, row.organization_id, row.id)
    units = sum(int(each.units) for name, each in counted.items() if name != "shadow")
    if not _due(row, looks, units, now):
        return
    found = await results.analyse(session, row, looks)
    shown = [results.comparison(each, found.design.control) for each in found.held]
    primary = found.design.primary["key"]
    least = min(
        (each.p for each in shown if each.metric == primary and each.p is not None), default=None
    )
    session.add(
        ExperimentLook(
            id=ids.new(),
            organization_id=row.organization_id,
            experiment_id=row.id,
            number=looks[-1].number + 1 if looks else 1,
            units=units,
            numbers=[
                {
                    "metric": each.metric,
                    "arm": each.arm,
                    "difference": each.difference,
                    "low": each.low,
                    "high": each.high,
                }
                for each in shown
            ],
            verdict={**results.verdict(found), "p": least},
        )
    )
    row.looked_at = now


def _due(row: Experiment, looks: Sequence[ExperimentLook], units: int, now: datetime) -> bool:
    """Tell whether there is something to look at: planned looks come by units, others by age."""
    assert row.started_at is not None
    before = looks[-1].units if looks else 0
    if units <= before:
        return False
    if row.method == "always_valid":
        at = row.looked_at or row.started_at
        pause = max(LEAST_PAUSE, (now - row.started_at) / LOOKS_PER_AGE)
        return not looks or now - at >= pause
    whole = analysis.design(row).whole
    if whole is None:
        return False
    if row.method == "fixed":
        return units >= whole and not looks
    step = whole / results.LOOKS
    return int(units / step) > int(before / step)


async def _end(session: Session, row: Experiment, now: datetime) -> None:
    """Stop an experiment that has run as long as it may."""
    assert row.started_at is not None
    if row.max_days is None or now - row.started_at < timedelta(days=row.max_days):
        return
    reason = f"It has run for {row.max_days} days."
    row.state, row.ended_at, row.ended_reason = "stopped", now, reason
    row.version, row.updated_at = row.version + 1, now
    await claims.release_claim(session, row.organization_id, compiling.KIND, row.id)
    editing.note(
        session, system(row.organization_id), row, "experiment.stopped", {"reason": reason}
    )


async def _share(session: Session, row: Experiment, now: datetime) -> None:
    """Give the arms of a bandit new shares, by what each hour's newcomers did."""
    assert row.started_at is not None
    if row.mode != "bandit" or now - (row.shared_at or row.started_at) < SHARING:
        return
    primary = next(each for each in row.metrics if each["role"] == "primary")
    hours = await measuring.sums(
        session,
        row.organization_id,
        row.id,
        primary["key"],
        primary["kind"],
        "date_trunc('hour', u.first_at)::text",
    )
    names = [str(each["name"]) for each in row.arms]
    nothing = Moments(0, 0.0, 0.0)
    batches = [[each.get(name, nothing) for name in names] for _, each in sorted(hours.items())]
    kind = Kind(primary["kind"])
    known = [each for each in weighted(batches, kind) if each is not None] if batches else []
    if len(known) < len(names):
        return
    shares = top_two_thompson(known, kind=kind, direction=primary["direction"])
    row.arms = [{**each, "share": share} for each, share in zip(row.arms, shares, strict=True)]
    row.shared_at, row.updated_at = now, now
    told: dict[str, Any] = {"name": row.name, "shares": dict(zip(names, shares, strict=True))}
    subject = ids.public(PREFIX, row.id)
    publish(session, row.organization_id, "system", "experiment.shared", subject, told)

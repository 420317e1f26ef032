"""What came of an experiment, and what one would take."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil, isfinite
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.experiments import analysis, measuring, metrics, repository
from hone.experiments.analysis import Analysis, Held
from hone.experiments.models import Experiment, ExperimentLook
from hone.experiments.schemas.design import (
    ExperimentPlan,
    ExperimentPlanAsk,
    PlannedLook,
    VerdictRead,
)
from hone.experiments.schemas.results import (
    ArmResults,
    Comparison,
    CupedRead,
    ExperimentResults,
    HistoryPoint,
    MeasuredRead,
    SampleRatioRead,
    SegmentResult,
)
from hone.experiments.service.editing import READ, access, shown, stored_arms, stored_metrics
from hone.experiments.statistics import (
    Baseline,
    Kind,
    Method,
    Outcome,
    Unit,
    days_needed,
    figure,
    planned_bounds,
    units_needed,
)
from hone.identity import Actor

LOOKS: Final = 10
"""On the way to the planned units, of a sequential method."""
_BACK: Final = timedelta(days=14)
_SHOWN_LOOKS: Final = 200


async def results(session: Session, actor: Actor, experiment_id: str) -> ExperimentResults:
    """Tell what came of an experiment so far."""
    row = await access(session, actor, experiment_id)
    looks = await repository.looks(session, row.organization_id, row.id, _SHOWN_LOOKS)
    found = await analyse(session, row, looks)
    counted = await measuring.arms(session, row.organization_id, row.id)
    return ExperimentResults(
        experiment=await shown(session, row),
        as_of=clock.now(),
        sample_ratio=None
        if found.ratio is None
        else SampleRatioRead(p=found.ratio.p, ok=found.ratio.ok, words=found.ratio.words),
        arms=[_arm(each, counted.get(each["name"]), found) for each in row.arms],
        comparisons=[comparison(each, found.design.control) for each in found.held],
        segments=[_segment(each, found) for each in found.segments],
        history=[HistoryPoint(at=look.at, **each) for look in looks for each in look.numbers],
        verdict=VerdictRead.model_validate(_verdict(found, looks)),
    )


async def analyse(
    session: Session, row: Experiment, looks: Sequence[ExperimentLook] = ()
) -> Analysis:
    """Read the sums of an experiment and judge it by them."""
    seen = [look.units for look in looks]
    how = analysis.design(row, seen)
    sums: dict[str, Mapping[str, Any]] = {}
    for each in row.metrics:
        found = await measuring.sums(
            session, row.organization_id, row.id, each["key"], each["kind"]
        )
        sums[each["key"]] = found.get("all", {})
    counted = await measuring.arms(session, row.organization_id, row.id)
    units = {name: int(each.units) for name, each in counted.items()}
    made = analysis.analyse(how, sums, units, _days_left(row, units))
    parts: dict[str, Mapping[str, Any]] = {}
    for by, segment in measuring.SEGMENTS.items():
        parts[by] = await measuring.sums(
            session, row.organization_id, row.id, how.primary["key"], how.primary["kind"], segment
        )
    return Analysis(
        made.design, made.sums, made.ratio, made.held, made.verdict, analysis.segments(how, parts)
    )


def _days_left(row: Experiment, units: Mapping[str, int]) -> float | None:
    """Reckon by how fast units came so far."""
    planned = None if row.plan is None else row.plan.get("unitsPerArm")
    if planned is None or row.started_at is None:
        return None
    days = (clock.now() - row.started_at).total_seconds() / 86_400
    arms = [units.get(str(each["name"]), 0) for each in row.arms]
    least = min(arms)
    return None if not least or not days else max(0.0, (planned - least) / (least / days))


def _verdict(found: Analysis, looks: Sequence[ExperimentLook]) -> dict[str, Any]:
    """Show the verdict; of planned looks, that of the last one: looking in between decides nothing.

    What holds at any moment is told at once: units that come wrongly, and harm.
    """
    if found.verdict.state in {Outcome.SAMPLE_RATIO_MISMATCH, Outcome.GUARDRAIL_BROKEN}:
        return verdict(found)
    if found.design.method is Method.SEQUENTIAL and looks:
        last = looks[-1].verdict
        return {name: last.get(name) for name in VerdictRead.model_fields}
    return verdict(found)


def verdict(found: Analysis) -> dict[str, Any]:
    """Write a verdict as it is kept."""
    told = found.verdict
    return {
        "state": told.state.value,
        "arm": told.arm,
        "words": told.words,
        "recommendation": told.recommendation,
        "confidence": told.confidence,
        "chance_left": told.chance_left,
    }


def comparison(each: Held, control: str) -> Comparison:
    """Show one comparison."""
    effect, harm = each.effect, each.harm
    gain = effect.difference * each.metric.direction.sign
    return Comparison(
        arm=each.arm,
        metric=each.metric.key,
        role=each.metric.role.value,
        difference=None
        if effect.control is None or effect.treatment is None
        else effect.difference,
        relative=None if effect.relative is None else effect.relative.value,
        low=effect.low,
        high=effect.high,
        p=effect.p,
        significant=effect.significant,
        better=gain > 0 if effect.significant else None,
        method=effect.method.value,
        cuped=CupedRead(
            used=effect.cuped.used, variance_reduction=round(effect.cuped.variance_reduction, 6)
        ),
        margin=None if harm is None else harm.margin,
        broken=None if harm is None else harm.broken,
        words=analysis.words(each, control),
    )


def _arm(stored: Mapping[str, Any], counted: Any, found: Analysis) -> ArmResults:  # noqa: ANN401
    name = str(stored["name"])
    told: dict[str, MeasuredRead] = {}
    for each in found.design.metrics:
        moments = found.sums[each["key"]].get(name)
        if moments is not None:
            mean, low, high = analysis.measured(moments, analysis.kind_of(each), found.design.alpha)
            told[each["key"]] = MeasuredRead(mean=mean, low=low, high=high, n=moments.n)
    numbers = {
        each: 0 if counted is None else int(getattr(counted, each))
        for each in ("units", "unnamed", "operations", "errors", "rescued")
    }
    return ArmResults(name=name, share=float(stored["share"]), metrics=told, **numbers)


def _segment(each: analysis.Segment, found: Analysis) -> SegmentResult:
    effect = each.effect
    value = ids.public("key", UUID(each.value)) if each.by == "key" else each.value
    return SegmentResult(
        by=each.by,
        value=value,
        arm=each.arm,
        metric=found.design.primary["key"],
        n=effect.control_n + effect.treatment_n,
        difference=effect.difference,
        low=effect.low,
        high=effect.high,
        p=effect.p,
        q=each.q,
        significant=each.q <= found.design.alpha,
    )


async def plan(session: Session, actor: Actor, data: ExperimentPlanAsk) -> ExperimentPlan:
    """Tell what it takes to find the smallest effect worth finding, by what the target does now."""
    actor.require(READ)
    row = Experiment(
        id=ids.new(),
        organization_id=actor.organization_id,
        arms=stored_arms(data.arms),
        metrics=stored_metrics(data.metrics),
        target=data.target,
        unit=data.unit,
        coverage=data.coverage,
        method=data.method,
        alpha=data.alpha,
        power=data.power,
        minimum_effect=data.minimum_effect,
    )
    return await planned(session, row)


async def planned(session: Session, row: Experiment) -> ExperimentPlan:
    """Reckon by the last fourteen days of the target."""
    since = clock.now() - _BACK
    primary = next(each for each in row.metrics if each["role"] == "primary")
    kind, known = Kind(primary["kind"]), metrics.of(primary["key"])
    where = {"target": row.target, "since": since}
    now = await measuring.today(session, row.organization_id, primary["key"], kind, where, row.unit)
    traffic = await repository.traffic(session, row.organization_id, row.target, row.unit, since)
    days = 14.0 if traffic.since is None else (clock.now() - traffic.since).total_seconds() / 86_400
    per_day = traffic.units / max(days, 1.0) * row.coverage
    baseline = None if now is None else Baseline.of(now, kind)
    looks = LOOKS if row.method == "sequential" else 1
    if baseline is None or not baseline.mean:
        return ExperimentPlan(
            units_per_arm=None,
            baseline=None,
            units_per_day=round(per_day, 2),
            days=None,
            looks=looks,
            words=f"Nothing is known yet of {known.label} where calls name {row.target!r}, so it cannot"
            " be told how many units it takes. An experiment that is always valid can start anyway.",
        )
    shares = [float(each["share"]) for each in row.arms]
    wanted = _wanted(row, shares, baseline, kind, looks)
    # A measure that few units have, as a rating, needs more of them.
    if now is not None and 0 < now.n < traffic.units:
        wanted = round(wanted * traffic.units / now.n)
    needed = days_needed(wanted, per_day, min(shares))
    unit = Unit.SHARE if kind is Kind.PROPORTION else known.unit
    words = (
        f"To find a change of {100 * row.minimum_effect:g} % in {known.label}, now"
        f" {figure(baseline.mean, unit)}, it"
        f" takes {wanted:,} {row.unit}s in each arm"
    )
    words += (
        f": about {max(1, round(needed)):,} days at {per_day:,.0f} {row.unit}s a day."
        if isfinite(needed)
        else f". Nobody calls {row.target!r} yet."
    )
    return ExperimentPlan(
        units_per_arm=wanted,
        baseline=baseline.mean,
        units_per_day=round(per_day, 2),
        days=round(needed, 1) if isfinite(needed) else None,
        looks=looks,
        bounds=await _bounds(row, looks) if looks > 1 else [],
        words=words,
    )


async def _bounds(row: Experiment, looks: int) -> list[PlannedLook]:
    """Tell what each look would have to show; the first time it takes a moment, and nobody waits for it."""
    alpha = row.alpha / max(1, len(row.arms) - 1)
    futility = await asyncio.to_thread(planned_bounds, looks, alpha, row.power)
    return [
        PlannedLook(part=each / looks, shows=round(shows, 3), futile=round(futile, 3))
        for each, (shows, futile) in enumerate(
            zip(futility.limits, futility.bounds, strict=True), start=1
        )
    ]


def _wanted(
    row: Experiment, shares: Sequence[float], baseline: Baseline, kind: Kind, looks: int
) -> int:
    """Return the units of the smallest arm."""
    least = min(shares[1:], default=0.5)
    ratio = least / shares[0] if shares[0] and least else 1.0
    effect = baseline.mean * row.minimum_effect
    # Of shares the direction matters: the effect must leave room below 1.
    if kind is Kind.PROPORTION and baseline.mean + effect > 1:
        effect = -effect
    control = units_needed(
        baseline,
        effect,
        kind=kind,
        method=Method(row.method),
        looks=looks,
        ratio=ratio,
        alpha=row.alpha / max(1, len(shares) - 1),
        power=row.power,
    )
    return min(control, ceil(control * ratio))

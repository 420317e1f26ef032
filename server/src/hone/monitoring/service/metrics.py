"""The rules of reports: what is told of metrics, made anew after five minutes, or when asked to."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from hone import operations
from hone.core import clock
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.schemas import Schema
from hone.core.tables import csv_line
from hone.identity import Actor, Permission
from hone.monitoring import assessing, foretelling, grading, reporting
from hone.monitoring.assessing import Facts
from hone.monitoring.estimates import share
from hone.monitoring.grading import Measured
from hone.monitoring.repository import alerts, figures
from hone.monitoring.repository.candidates import Candidates, candidates, counts
from hone.monitoring.schemas.metrics import (
    MetricsAction,
    MetricsDetails,
    MetricsDistribution,
    MetricsPeriod,
    MetricsQuery,
    MetricsReport,
    ModelReport,
    ModelStatistics,
    ModelStatus,
    StatisticsReport,
)

KEPT: Final = timedelta(minutes=5)
_READ: Final = Permission.MONITORS_READ
_MOST_MODELS: Final = 50
_RECOMMENDED: Final = 3

R = TypeVar("R", bound=Schema)


async def report(session: Session, actor: Actor, query: MetricsQuery) -> MetricsReport:
    """Tell the metrics of a period, at most five minutes old."""
    actor.require(_READ)
    whole = await _kept(
        session,
        actor.organization_id,
        f"metrics/{query.period}",
        MetricsReport,
        lambda now: _report(session, actor.organization_id, query.period, now),
    )
    details = whole.details if query.include_details else None
    if details is not None:
        known = await candidates(session, actor.organization_id, [x.model for x in details.models])
        there = [each for each in details.models if not _over(known, each.model)]
        details = details.model_copy(update={"models": there})
    return whole.model_copy(update={"details": details})


async def act(session: Session, actor: Actor, data: MetricsAction) -> MetricsReport:
    """Reckon the metrics of a period anew."""
    actor.require(_READ)
    now = clock.now()
    made = await _report(session, actor.organization_id, data.period, now)
    await _keep(session, actor.organization_id, f"metrics/{data.period}", now, made)
    name = "metric_report.exported" if data.action == "export" else "metric_report.calculated"
    facts = {"period": data.period, "format": data.format}
    publish(session, actor.organization_id, actor.id, name, data.period, facts)
    return made


async def of_model(
    session: Session, actor: Actor, model: str, period: MetricsPeriod
) -> ModelReport:
    """Tell how one model is, at most five minutes old."""
    actor.require(_READ)
    whole = await _kept(
        session,
        actor.organization_id,
        f"model/{period}/{model}",
        ModelReport,
        lambda now: _model(session, actor.organization_id, model, period, now),
    )
    candidate = (await candidates(session, actor.organization_id, [model])).get(model)
    if candidate is None or not candidate.over:
        return whole
    # What it did can still be read; how it is, is no question any more.
    status_ = ModelStatus(status="unknown", words=candidate.words, reasons=[])
    return whole.model_copy(update={"status": status_})


async def statistics(session: Session, actor: Actor, period: MetricsPeriod) -> StatisticsReport:
    """Tell all models side by side, at most five minutes old."""
    actor.require(_READ)
    whole = await _kept(
        session,
        actor.organization_id,
        f"statistics/{period}",
        StatisticsReport,
        lambda now: _statistics(session, actor.organization_id, period, now),
    )
    known = await candidates(session, actor.organization_id, [x.model_id for x in whole.models])
    there = [each for each in whole.models if not _over(known, each.model_id)]
    return whole.model_copy(update={"models": there})


async def status(session: Session, organization_id: UUID, model: str) -> ModelStatus:
    """Grade a model by its last day."""
    facts = await assessing.gather(session, organization_id, "day", model, clock.now())
    return grading.grade(facts.measured)


def table(report_: MetricsReport) -> bytes:
    """Write a report as CSV, one figure a line."""
    lines = [csv_line(["metric", "value"])]
    document = report_.model_dump(mode="json", by_alias=True, exclude={"details"})
    lines += [csv_line([name, value]) for name, value in _flat("", document)]
    return b"".join(lines)


def _flat(place: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        found: list[tuple[str, object]] = []
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            found += _flat(f"{place}.{name}" if place else str(name), inner)  # pyright: ignore[reportUnknownArgumentType]
        return found
    return [(place, value)]


def _over(known: Candidates, model: str) -> bool:
    return model in known and known[model].over


async def _kept(
    session: Session,
    organization_id: UUID,
    key: str,
    kind: type[R],
    make: Callable[[datetime], Awaitable[R]],
) -> R:
    now = clock.now()
    held = await figures.kept_report(session, organization_id, key, now - KEPT, now)
    if held is not None:
        return kind.model_validate(held.report)
    made = await make(now)
    await _keep(session, organization_id, key, now, made)
    return made


async def _keep(
    session: Session, organization_id: UUID, key: str, now: datetime, made: Schema
) -> None:
    document: dict[str, Any] = made.model_dump(mode="json", by_alias=True)
    await figures.keep_report(session, organization_id, key, now, document)


async def _report(
    session: Session, organization_id: UUID, period: MetricsPeriod, now: datetime
) -> MetricsReport:
    wanted = assessing.span(period, now)
    facts = await assessing.gather(session, organization_id, period, None, now)
    facets = await figures.facets(session, organization_id, wanted.since, wanted.until)
    open_ = await alerts.count_open(session, organization_id)
    advice = await alerts.recommendations(session, organization_id, _RECOMMENDED)
    return MetricsReport(
        as_of=now,
        period=period,
        since=None if period == "all" else wanted.since,
        status=grading.grade(facts.measured),
        system_health=grading.health(facts.measured, advice, open_),
        metrics=reporting.metrics(facts, facets["kind"]),
        details=await _details(session, organization_id, period, now, facts, facets),
    )


async def _details(
    session: Session,
    organization_id: UUID,
    period: MetricsPeriod,
    now: datetime,
    facts: Facts,
    facets: Mapping[str, Mapping[str, int]],
) -> MetricsDetails:
    wanted = assessing.span(period, now)
    priorities = await figures.priorities(session, organization_id, wanted.since, wanted.until)
    graded = await _graded(session, organization_id, period, now)
    categories = {each.label: each.told for each in facts.said.classification.classes}
    return MetricsDetails(
        distribution=MetricsDistribution(
            by_category=reporting.shares(categories),
            by_priority=reporting.shares(priorities),
            by_type=reporting.shares(facets["kind"]),
            by_status=reporting.shares(facets["status"]),
            by_error=reporting.shares(facets["error_code"]),
        ),
        models=reporting.models(facts.cells, graded),
    )


async def _graded(
    session: Session, organization_id: UUID, period: MetricsPeriod, now: datetime
) -> dict[str, Measured]:
    """Measure each model by its calls and by what was said of it."""
    wanted = assessing.span(period, now)
    long = wanted.until - wanted.since > timedelta(hours=25)
    steps = await operations.steps(
        session,
        organization_id,
        wanted.since,
        wanted.until,
        quarters=long,
        by="model",
        over_ms=grading.LATENCY_MS,
    )
    known = await candidates(session, organization_id, {each.slice for each in steps})
    width = timedelta(minutes=15 if long else 1)
    steps = [each for each in steps if counts(known, each.slice, each.at, width)]
    told = await assessing.told(session, organization_id, wanted, known)
    made: dict[str, Measured] = {}
    for model in {each.slice for each in steps}:
        mine = assessing.measured([each for each in steps if each.slice == model], None)
        right, judged = told.get(model, (0, 0))
        made[model] = Measured(mine.errors, mine.slow, share(right, judged))
    return made


async def _model(
    session: Session, organization_id: UUID, model: str, period: MetricsPeriod, now: datetime
) -> ModelReport:
    facts = await assessing.gather(session, organization_id, period, model, now)
    forecasts = await foretelling.forecasts(session, organization_id, model, now)
    if facts.sums.requests == 0 and not await figures.model_known(session, organization_id, model):
        raise NotFound(f"There is no model {model!r} here, and no call of it.")
    kinds = {"classification": facts.confidence.calls}
    return ModelReport(
        as_of=now,
        model_id=model,
        period=period,
        status=grading.grade(facts.measured),
        metrics=reporting.metrics(facts, kinds),
        forecasts=forecasts,
    )


async def _statistics(
    session: Session, organization_id: UUID, period: MetricsPeriod, now: datetime
) -> StatisticsReport:
    facts = await assessing.gather(session, organization_id, period, None, now)
    graded = await _graded(session, organization_id, period, now)
    some = operations.by_model(facts.cells)[:_MOST_MODELS]
    return StatisticsReport(
        as_of=now,
        period=period,
        totals=reporting.performance(facts.sums, facts.measured),
        cost=reporting.cost(facts.sums),
        models=[
            ModelStatistics(
                model_id=model,
                status=grading.grade(graded[model]),
                requests=sums.requests,
                error_rate=reporting.estimate(graded[model].errors),
                accuracy=reporting.estimate(graded[model].accuracy),
                p95_ms=sums.latency_ms(0.95),
                cost_usd=sums.cost_usd,
                average_cost_usd=sums.cost_usd / sums.requests if sums.requests else None,
            )
            for model, sums in some
            if model in graded
        ],
        forecasts=await foretelling.forecasts(session, organization_id, None, now),
    )

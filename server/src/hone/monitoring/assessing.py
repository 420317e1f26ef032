"""What is known of calls in a stretch of time, gathered for grades and reports."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from hone import feedback, operations
from hone.core import clock
from hone.core.db import Session
from hone.feedback import FeedbackSummary, FigureQuery
from hone.identity import system
from hone.monitoring import grading
from hone.monitoring.estimates import Estimate, share
from hone.monitoring.grading import Measured
from hone.monitoring.repository import figures
from hone.monitoring.repository.candidates import Candidates, counts
from hone.monitoring.repository.figures import Confidence
from hone.monitoring.schemas.metrics import MetricsPeriod
from hone.operations import Cell, StepSum, Sums

_LENGTHS: Final[dict[str, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
_HOUR: Final = timedelta(hours=1)
_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FINE: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in whole hours, the running one included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one model, or of all, in a stretch of time."""

    sums: Sums
    measured: Measured
    said: FeedbackSummary
    confidence: Confidence
    cells: list[Cell]
    """By model; of all models only where all are meant."""


def span(period: MetricsPeriod, now: datetime) -> Span:
    """Lay a period so that the running hour is its last, as figures of feedback do."""
    until = _EPOCH + ((now - _EPOCH) // _HOUR + 1) * _HOUR
    length = _LENGTHS.get(period)
    return Span(_BEGINNING if length is None else until - length, until)


async def gather(
    session: Session, organization_id: UUID, period: MetricsPeriod, model: str | None, now: datetime
) -> Facts:
    """Read everything that a report tells."""
    wanted = span(period, now)
    cells = await operations.cells(
        session, organization_id, wanted.since, wanted.until, wanted.until - wanted.since
    )
    if model is not None:
        cells = [each for each in cells if each.model == model]
    steps = await operations.steps(
        session,
        organization_id,
        wanted.since,
        wanted.until,
        quarters=wanted.until - wanted.since > _FINE,
        model=model,
        over_ms=grading.LATENCY_MS,
    )
    query = FigureQuery(period=period, model=model)
    said = await feedback.summary(session, system(organization_id), query)
    sure = await figures.confidence(session, organization_id, wanted.since, wanted.until, model)
    return Facts(operations.total(cells), measured(steps, said), said, sure, cells)


def measured(steps: list[StepSum], said: FeedbackSummary | None) -> Measured:
    """Estimate what grades are given for."""
    calls = sum(each.requests for each in steps)
    timed = sum(each.timed for each in steps)
    return Measured(
        share(sum(each.errors for each in steps), calls),
        share(sum(each.slow for each in steps), timed),
        Estimate() if said is None else accuracy_of(said),
    )


def accuracy_of(said: FeedbackSummary) -> Estimate:
    """Read the share of judged classifications that were right."""
    found = said.classification.accuracy
    if found is None:
        return Estimate()
    return Estimate(found.value, found.low, found.high, said.classification.told)


async def told(
    session: Session, organization_id: UUID, wanted: Span, known: Candidates | None = None
) -> dict[str, tuple[int, int]]:
    """Count classifications of each model that were right, and that were judged."""
    made: dict[str, tuple[int, int]] = {}
    for each in await feedback.hours(
        session, organization_id, wanted.since, wanted.until, kind="classification"
    ):
        if not counts(known or {}, each.model, each.at, _HOUR):
            continue
        right, judged = made.get(each.model, (0, 0))
        both = each.sums.positive + each.sums.negative
        made[each.model] = right + each.sums.positive, judged + both
    return made


async def accuracy(
    session: Session, organization_id: UUID, model: str, window: timedelta
) -> Estimate:
    """Estimate the share of a model's judged classifications that were right, of a window that ends now."""
    now = clock.now()
    found = await told(session, organization_id, Span(now - window, now + _HOUR))
    return share(*found.get(model, (0, 0)))

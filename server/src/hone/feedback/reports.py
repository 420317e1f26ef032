"""Feedback summed up: a period at a glance, and how it went over time."""

from collections.abc import Sequence
from datetime import datetime

from hone.core import clock
from hone.core.db import Session
from hone.feedback import figures, periods, rendering, repository
from hone.feedback.figures import Sums
from hone.feedback.repository import Cell, Choice
from hone.feedback.schemas import (
    FeedbackBefore,
    FeedbackSignals,
    FeedbackSummary,
    FeedbackTrendPoint,
    FeedbackTrends,
    FigureQuery,
    Period,
)
from hone.feedback.told import SIGNALS
from hone.identity import Actor, Permission


async def summary(session: Session, actor: Actor, query: FigureQuery) -> FeedbackSummary:
    """Sum a period up."""
    actor.require(Permission.FEEDBACK_READ)
    organization_id, now = actor.organization_id, clock.now()
    span = periods.span(query.period, now)
    cells = await repository.cells(
        session, organization_id, span.since, span.until, model=query.model, kind=query.type
    )
    sums = rendering.total(cells)
    classified = rendering.total([each for each in cells if each.kind == "classification"])
    confusion = await repository.confusion(
        session, organization_id, span.since, span.until, query.model
    )
    seen = await repository.signals(session, organization_id, span.since, span.until, query.model)
    talks = await repository.conversations(session, organization_id, span.since, span.until)
    held = await repository.count(session, organization_id, Choice(state="held"))
    return FeedbackSummary.model_validate(
        {
            **figures.figures(sums),
            **rendering.broken_down(cells),
            "as_of": now,
            "period": query.period,
            "since": None if query.period == "all" else span.since,
            "previous": await _before(session, actor, query, now),
            "ratings": sums.ratings,
            "held": held or 0,
            "sentiment": figures.moods(sums),
            "suggestions": figures.suggestions(sums),
            "classification": figures.classification(classified, confusion),
            "conversations": figures.conversations(talks),
            "signals": FeedbackSignals.model_validate(
                {each: seen.get(each, 0) for each in SIGNALS}
            ),
        }
    )


async def _before(
    session: Session, actor: Actor, query: FigureQuery, now: datetime
) -> FeedbackBefore | None:
    span = periods.before(query.period, now)
    if span is None:
        return None
    cells = await repository.cells(
        session,
        actor.organization_id,
        span.since,
        span.until,
        model=query.model,
        kind=query.type,
    )
    sums = rendering.total(cells)
    return FeedbackBefore(
        told=sums.told, share_positive=figures.wilson(sums.positive, sums.positive + sums.negative)
    )


async def trends(session: Session, actor: Actor, query: FigureQuery) -> FeedbackTrends:
    """Tell how feedback went, with an empty step where nothing was said."""
    actor.require(Permission.FEEDBACK_READ)
    now = clock.now()
    span, step = periods.span(query.period, now), periods.step(query.period)
    cells = await repository.cells(
        session,
        actor.organization_id,
        span.since,
        span.until,
        model=query.model,
        kind=query.type,
        step=step,
    )
    return FeedbackTrends(
        as_of=now, period=query.period, step=step, items=_points(query.period, now, cells)
    )


def _points(period: Period, now: datetime, cells: Sequence[Cell]) -> list[FeedbackTrendPoint]:
    first = min((each.at for each in cells), default=None)
    made = {at: Sums() for at in periods.steps(period, now, first)}
    for cell in cells:
        if cell.at in made:
            made[cell.at].add(cell.sums)
    return [
        FeedbackTrendPoint.model_validate(
            {
                **figures.figures(sums),
                "at": at,
                "sentiment": figures.mean(sums.sentiment, sums.commented),
            }
        )
        for at, sums in made.items()
    ]

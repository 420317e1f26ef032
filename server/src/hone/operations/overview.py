"""A window at a glance: totals with the window before, a series, and the mix of models."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from hone.operations import figures
from hone.operations.figures import Cell, Sums
from hone.operations.schemas import Before, ModelShare, Overview, Point, Totals, Window

# At most 120 points: a chart is not wider.
_STEPS: Final[dict[Window, tuple[int, int]]] = {
    "15m": (1, 15),
    "1h": (1, 60),
    "6h": (3, 120),
    "24h": (15, 96),
}


class Plan(NamedTuple):
    """Which time a window covers: whole steps, the last of them still running."""

    window: Window
    now: datetime
    start: datetime
    step: timedelta
    points: int

    @property
    def end(self) -> datetime:
        """Where the running step will end."""
        return self.start + self.step * self.points

    @property
    def before(self) -> datetime:
        """Where the window before begins; it is as long, to the minute."""
        return self.start - self.length

    @property
    def length(self) -> timedelta:
        """The time that the window covers, in whole minutes."""
        covered = self.now - self.start
        return timedelta(minutes=-(-covered // timedelta(minutes=1)))


def plan(window: Window, now: datetime) -> Plan:
    """Lay a window's steps so that the present one is the last."""
    minutes, points = _STEPS[window]
    step = timedelta(minutes=minutes)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    start = epoch + (now - epoch) // step * step - step * (points - 1)
    return Plan(window, now, start, step, points)


def build(planned: Plan, cells: Sequence[Cell], before: Sequence[Cell]) -> Overview:
    """Make the page's figures."""
    total = figures.total(cells)
    series = figures.series(cells, planned.start, planned.step, planned.points)
    return Overview(
        as_of=planned.now,
        window=planned.window,
        totals=_totals(planned, total, figures.total(before)),
        series=[point(at, sums) for at, sums in series.items()],
        models=shares(cells, total),
    )


def _totals(planned: Plan, total: Sums, before: Sums) -> Totals:
    seconds = (planned.now - planned.start).total_seconds()
    return Totals(
        requests=total.requests,
        errors=total.errors,
        error_rate=total.error_rate,
        cost_usd=total.cost_usd,
        input_tokens=total.input_tokens,
        output_tokens=total.output_tokens,
        requests_per_second=round(total.requests / max(seconds, 1), 3),
        p50_ms=total.latency_ms(0.5),
        p95_ms=total.latency_ms(0.95),
        p99_ms=total.latency_ms(0.99),
        ttft_p50_ms=total.ttft_ms(0.5),
        previous=Before(
            requests=before.requests,
            error_rate=before.error_rate,
            cost_usd=before.cost_usd,
            p95_ms=before.latency_ms(0.95),
        ),
    )


def point(at: datetime, sums: Sums) -> Point:
    """Show one step of a series."""
    return Point(
        at=at,
        requests=sums.requests,
        errors=sums.errors,
        cost_usd=sums.cost_usd,
        p50_ms=sums.latency_ms(0.5),
        p95_ms=sums.latency_ms(0.95),
        p99_ms=sums.latency_ms(0.99),
    )


def shares(cells: Sequence[Cell], total: Sums) -> list[ModelShare]:
    """Show what each model did, the busiest first."""
    return [
        ModelShare(
            model=model,
            requests=sums.requests,
            share=sums.requests / total.requests if total.requests else 0.0,
            errors=sums.errors,
            cost_usd=sums.cost_usd,
            p95_ms=sums.latency_ms(0.95),
        )
        for model, sums in figures.by_model(cells)
    ]

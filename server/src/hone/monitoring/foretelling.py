"""What figures of the last weeks foretell for the next one."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone import operations
from hone.core.db import Session
from hone.monitoring import forecasting
from hone.monitoring.estimates import percent
from hone.monitoring.measuring.costs import dollars
from hone.monitoring.schemas.metrics import MetricForecast
from hone.operations import Cell, Sums

_DAYS: Final = 28
_AHEAD: Final = 7
_DAY: Final = timedelta(days=1)
_LEAST_CALLS: Final = 20
"""A day with fewer calls says nothing of shares and percentiles."""

_METRICS: Final[dict[str, tuple[Callable[[Sums], float | None], Callable[[float], str]]]] = {
    "requests": (lambda sums: float(sums.requests), lambda value: f"{max(0, value):,.0f} calls"),
    "cost_usd": (lambda sums: sums.cost_usd, dollars),
    "error_rate": (
        lambda sums: sums.error_rate if sums.requests >= _LEAST_CALLS else None,
        percent,
    ),
    "latency_p95": (
        lambda sums: sums.latency_ms(0.95) if sums.requests >= _LEAST_CALLS else None,
        lambda value: f"{max(0, value):,.0f} ms",
    ),
}
_BOUNDS: Final = {"error_rate": 1.0}


async def forecasts(
    session: Session, organization_id: UUID, model: str | None, now: datetime
) -> list[MetricForecast]:
    """Foretell each metric for a week ahead, from the whole days of four weeks."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - _DAYS * _DAY
    cells = await operations.cells(session, organization_id, since, today, _DAY)
    days = _days([each for each in cells if model is None or each.model == model])
    return [
        _foretold(metric, [(float((at - since).days), sums) for at, sums in days])
        for metric in _METRICS
    ]


def _days(cells: Sequence[Cell]) -> list[tuple[datetime, Sums]]:
    made: defaultdict[datetime, Sums] = defaultdict(Sums)
    for each in cells:
        made[each.at].add(each.sums)
    return sorted(made.items())


def _foretold(metric: str, days: Sequence[tuple[float, Sums]]) -> MetricForecast:
    read, write = _METRICS[metric]
    points = [(at, value) for at, sums in days if (value := read(sums)) is not None]
    found = forecasting.forecast(points, float(_AHEAD))
    if found.value is None or found.low is None or found.high is None:
        return MetricForecast(
            metric=metric,
            trend="unknown",
            slope_per_day=None,
            days=_AHEAD,
            value=None,
            low=None,
            high=None,
            words=f"{len(points)} days are known of {metric}; {forecasting.LEAST} are the least to foretell from.",
        )
    value, low, high = (_within(metric, each) for each in (found.value, found.low, found.high))
    return MetricForecast(
        metric=metric,
        trend=found.trend,
        slope_per_day=found.slope,
        days=_AHEAD,
        value=value,
        low=low,
        high=high,
        words=f"{metric} is {found.trend}: in {_AHEAD} days about {write(value)} a day is expected"
        f" ({write(low)} to {write(high)}).",
    )


def _within(metric: str, value: float) -> float:
    return min(max(value, 0.0), _BOUNDS.get(metric, value if value > 0 else 0.0))

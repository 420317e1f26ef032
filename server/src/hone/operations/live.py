"""The figures of the present moment, for those who watch."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Session
from hone.operations import figures, repository
from hone.operations.figures import Cell, Sums
from hone.operations.overview import point, shares
from hone.operations.rendering import item

WINDOW: Final = timedelta(minutes=5)
"""What latency, cost and the mix of models are told of."""
MINUTE: Final = timedelta(minutes=1)
_RATE_SECONDS: Final = 5.0
_LEAST_SECONDS: Final = 1.0
_NEWEST: Final = 20

_Counts = Mapping[datetime, tuple[int, int]]


@dataclass(slots=True)
class PulseState:
    """What a watcher has seen: keep one for each organization and hand it to every pulse."""

    clock: Callable[[], float] = time.monotonic
    samples: deque[tuple[float, _Counts]] = field(default_factory=deque[tuple[float, _Counts]])
    """Requests and errors by minute, as of a few moments ago."""
    shown: frozenset[UUID] = frozenset()
    """The newest operations of the pulse before."""


async def pulse(session: Session, organization_id: UUID, state: PulseState) -> dict[str, object]:
    """Tell what is going on in an organization: two queries, over sums and the newest rows."""
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    since = minute - WINDOW + MINUTE
    cells = await repository.cells(session, organization_id, since, minute + 2 * MINUTE, MINUTE)
    newest = await repository.latest(session, organization_id, _NEWEST)
    fresh = [each for each in newest if each.id not in state.shown]
    state.shown = frozenset(each.id for each in newest)
    total = figures.total(cells)
    requests, errors = _rates(state, cells, now)
    return {
        "requestsPerSecond": requests,
        "errorsPerSecond": errors,
        "costPerHourUsd": total.cost_usd * 3600 / (now - since).total_seconds(),
        "latency": {
            "p50Ms": total.latency_ms(0.5),
            "p95Ms": total.latency_ms(0.95),
            "p99Ms": total.latency_ms(0.99),
        },
        "modelDistribution": [
            each.model_dump(mode="json", by_alias=True, include={"model", "requests", "share"})
            for each in shares(cells, total)
        ],
        "minute": point(minute, _of(cells, minute)).model_dump(mode="json", by_alias=True),
        "operations": [item(each).model_dump(mode="json", by_alias=True) for each in fresh],
    }


def _of(cells: Sequence[Cell], minute: datetime) -> Sums:
    return figures.total(cell for cell in cells if cell.at == minute)


def _rates(state: PulseState, cells: Sequence[Cell], now: datetime) -> tuple[float, float]:
    """Tell requests and errors per second: what was added in the last seconds, over that time."""
    counts: dict[datetime, tuple[int, int]] = {}
    for cell in cells:
        requests, errors = counts.get(cell.at, (0, 0))
        counts[cell.at] = (requests + cell.sums.requests, errors + cell.sums.errors)
    at = state.clock()
    state.samples.append((at, counts))
    while len(state.samples) > 1 and state.samples[1][0] <= at - _RATE_SECONDS:
        state.samples.popleft()
    began, before = state.samples[0]
    seconds = at - began
    if seconds < _LEAST_SECONDS:
        # Too little was seen yet: tell of the minute before and the present one.
        recent = now.replace(second=0, microsecond=0) - MINUTE
        before = {each: counts[each] for each in counts if each < recent}
        seconds = (now - recent).total_seconds()
    return _rate(counts, before, 0, seconds), _rate(counts, before, 1, seconds)


def _rate(counts: _Counts, before: _Counts, which: int, seconds: float) -> float:
    added = (each[which] - before.get(at, (0, 0))[which] for at, each in counts.items())
    return round(sum(added) / seconds, 2)

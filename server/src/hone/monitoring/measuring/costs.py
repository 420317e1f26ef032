"""What a request costs on average, against what it may cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from hone import operations
from hone.core.db import Session
from hone.monitoring.estimates import Estimate
from hone.monitoring.measuring import advice
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import figures
from hone.operations import StepSum

_LONG: Final = timedelta(hours=1)
_SHORT: Final = timedelta(minutes=5)
_AHEAD: Final = timedelta(minutes=1)
_LEAST: Final = 20
_TWICE: Final = 2.0
_PICO: Final = 10**12


async def measure(session: Session, _: Place, monitor: Monitor, now: datetime) -> Sequence[Reading]:
    """Compare the mean cost of an hour, and of its last minutes, with the threshold."""
    rule: dict[str, Any] = monitor.rule
    long = timedelta(minutes=rule["window_minutes"]) if rule.get("window_minutes") else _LONG
    steps = await operations.steps(
        session,
        monitor.organization_id,
        now - long - _AHEAD,
        now + _AHEAD,
        quarters=long > timedelta(hours=24),
        model=monitor.model,
        route=monitor.route,
    )
    threshold = float(rule["threshold"])
    whole, calls = average(steps)
    if whole is None:
        return [Reading("No calls came, so it is not known what they cost.", no_data=True)]
    recent, _ignored = average([each for each in steps if each.at >= now - _SHORT])
    words = (
        f"A request cost {dollars(whole)} on average; {dollars(threshold)} is the most it should."
    )
    least = int(rule.get("minimum") or _LEAST)
    over = whole > threshold and calls >= least and (recent is None or recent > threshold)
    troubles = (await _trouble(session, monitor, whole, calls, now),) if over else ()
    return [Reading(words, Estimate(whole, None, None, calls), troubles=troubles)]


async def _trouble(
    session: Session, monitor: Monitor, whole: float, calls: int, now: datetime
) -> Trouble:
    threshold = float(monitor.rule["threshold"])
    moved = await figures.moved(
        session,
        monitor.organization_id,
        now - _LONG,
        model=monitor.model,
        route=monitor.route,
        costly=True,
    )
    of = monitor.model or monitor.route
    return Trouble(
        severity="critical" if whole >= _TWICE * threshold else "warning",
        title=f"Requests cost too much: {of}" if of else "Requests cost too much",
        words=f"{calls:,} requests of the last hour cost {dollars(whole)} each on average, and"
        f" {dollars(threshold)} is the most they should.{advice.mostly(moved)}",
        recommendation=advice.of_metric("cost", moved),
        evidence={"value": whole, "threshold": threshold, "n": calls, **advice.named(moved)},
    )


def average(steps: Sequence[StepSum]) -> tuple[float | None, int]:
    """Tell what a request cost in dollars on average, and how many there were."""
    calls = sum(each.requests for each in steps)
    return (sum(each.cost for each in steps) / _PICO / calls if calls else None), calls


def dollars(value: float) -> str:
    """Write an amount of money with as many digits as it takes."""
    return f"${value:.2f}" if value >= 1 else f"${Decimal(f'{value:.4g}'):f}"

"""Objectives: how much of their error budget is left, and whether it burns too fast.

Windows of up to an hour are added up from minutes at each look, the running minute included: a call is
in its sum a quarter of a second after it ended. Longer windows change slowly; they are added up every
five minutes and remembered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hone import operations
from hone.core.db import Session
from hone.monitoring import burning, sequential
from hone.monitoring.burning import LEAST_BAD, Burn, Count
from hone.monitoring.estimates import Estimate, percent, share
from hone.monitoring.measuring import advice
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import figures
from hone.operations import StepSum

HOUR: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(minutes=1)
_REMEMBERED: Final = timedelta(minutes=5)
_DOWN_LEAST: Final = 5
"""A minute is down where half of its calls fail, and no fewer than these."""
_DOWN_MINUTES: Final = 2
_WORDS: Final = {
    "errors": "answered without error",
    "latency": "answered in time",
    "availability": "up",
}
_TITLES: Final = {
    "errors": "Too many calls fail",
    "latency": "Too many calls are slow",
    "availability": "Calls are not answered",
}


@dataclass(frozen=True, slots=True)
class _Longer:
    """What long windows count, and when the first call of all came, where minutes are counted."""

    counts: Mapping[timedelta, Count]
    first: datetime | None


async def measure(session: Session, _: Place, monitor: Monitor, now: datetime) -> Sequence[Reading]:
    """Measure one objective of calls; `measuring.costs` has that of cost."""
    rule = monitor.rule
    metric, target = str(rule["metric"]), float(rule["target"])
    minutes = await operations.steps(
        session,
        monitor.organization_id,
        now - HOUR - _AHEAD,
        now + _AHEAD,
        model=monitor.model,
        route=monitor.route,
        over_ms=float(rule.get("threshold") or 0),
    )
    recent = [(each.at, _counted(metric, each)) for each in minutes]
    longer = await _longer(session, monitor, metric, now)
    spent = longer.counts[_days(monitor)]
    if spent.all == 0 and not recent:
        words = f"No calls came in the last {rule['days']} days, so nothing is known."
        return [Reading(words, no_data=True)]
    counts = dict(longer.counts)
    for window in burning.windows():
        if window <= HOUR:
            counts[window] = _whole(metric, burning.within(recent, now, window), window)
    burns = burning.burns(counts, target)
    lived = _lived(longer, spent, now)
    good = share(lived.all - lived.bad, lived.all)
    trouble = await _trouble(session, monitor, metric, burns, recent, now)
    left, shown = round(burning.left(spent, target), 4), [_shown(each) for each in burns]
    detail = {"budgetLeft": left, "target": target, "burns": shown}
    monitor.memory = {**monitor.memory, "budget": {"left": left, "burns": shown}}
    return [
        Reading(
            words=_words(monitor, metric, good, lived, burning.left(spent, target)),
            estimate=good,
            troubles=() if trouble is None else (trouble,),
            detail=detail,
        )
    ]


def _counted(metric: str, step: StepSum) -> Count:
    if metric == "latency":
        return Count(step.timed, step.slow)
    if metric == "availability":
        down = step.errors >= _DOWN_LEAST and step.errors * 2 >= step.requests
        return Count(1, int(down))
    return Count(step.requests, step.errors)


def _whole(metric: str, count: Count, window: timedelta) -> Count:
    """Of availability every minute counts: one in which nobody called was not down."""
    if metric != "availability":
        return count
    return Count(int(window / timedelta(minutes=1)), count.bad)


def _days(monitor: Monitor) -> timedelta:
    return timedelta(days=int(monitor.rule["days"]))


async def _longer(session: Session, monitor: Monitor, metric: str, now: datetime) -> _Longer:
    """Add the long windows up, or remember them."""
    wanted = {each for each in burning.windows() if each > HOUR} | {_days(monitor)}
    held: dict[str, Any] = monitor.memory.get("longer") or {}
    if held and held.get("version") == monitor.version:
        age = now - datetime.fromisoformat(held["at"])
        if timedelta(0) <= age < _REMEMBERED:
            counts = {each: Count(*held["counts"][_key(each)]) for each in wanted}
            first = held.get("first")
            return _Longer(counts, None if first is None else datetime.fromisoformat(first))
    counts = await _added_up(session, monitor, metric, now, sorted(wanted))
    first = None
    if metric == "availability":
        where = {"model": monitor.model, "route": monitor.route}
        first = await figures.first_call(session, monitor.organization_id, now + _AHEAD, **where)
    monitor.memory = {
        **monitor.memory,
        "longer": {
            "at": now.isoformat(),
            "version": monitor.version,
            "first": None if first is None else first.isoformat(),
            "counts": {_key(each): [count.all, count.bad] for each, count in counts.items()},
        },
    }
    return _Longer(counts, first)


def _lived(longer: _Longer, spent: Count, now: datetime) -> Count:
    """Of availability only minutes since the first call are told; the budget is that of all days."""
    if longer.first is None or spent.all == 0:
        return spent
    lived = max(1, round((now - longer.first) / timedelta(minutes=1)), spent.bad)
    return Count(min(spent.all, lived), spent.bad)


async def _added_up(
    session: Session, monitor: Monitor, metric: str, now: datetime, wanted: Sequence[timedelta]
) -> dict[timedelta, Count]:
    if metric == "availability":
        return {each: await _up(session, monitor, now, each) for each in wanted}
    quarters = await operations.steps(
        session,
        monitor.organization_id,
        now - wanted[-1],
        now + _AHEAD,
        quarters=True,
        model=monitor.model,
        route=monitor.route,
        over_ms=float(monitor.rule.get("threshold") or 0),
    )
    counted = [(each.at, _counted(metric, each)) for each in quarters]
    return {each: burning.within(counted, now, each) for each in wanted}


async def _up(session: Session, monitor: Monitor, now: datetime, window: timedelta) -> Count:
    where = {"model": monitor.model, "route": monitor.route}
    mine, since = monitor.organization_id, now - window
    if not await figures.any_calls(session, mine, since, now + _AHEAD, **where):
        return Count()
    down = await figures.down_minutes(
        session, mine, since, now + _AHEAD, least=_DOWN_LEAST, **where
    )
    return Count(int(window / timedelta(minutes=1)), down)


def _key(window: timedelta) -> str:
    return str(int(window.total_seconds()))


async def _trouble(
    session: Session,
    monitor: Monitor,
    metric: str,
    burns: Sequence[Burn],
    recent: Sequence[tuple[datetime, Count]],
    now: datetime,
) -> Trouble | None:
    least = _DOWN_MINUTES if metric == "availability" else LEAST_BAD
    ringing = next((each for each in burns if each.rings(least)), None)
    seen = _sudden(metric, recent, 1 - float(monitor.rule["target"]), now)
    if ringing is None and seen is None:
        return None
    critical = seen is not None or (ringing is not None and ringing.pair.severity == "critical")
    if seen is not None:
        window, count = seen
    else:
        assert ringing is not None
        window, count = ringing.pair.short, ringing.short
    rate = count.share / (1 - float(monitor.rule["target"]))
    calls = await figures.moved(
        session,
        monitor.organization_id,
        now - max(window, timedelta(minutes=5)),
        model=monitor.model,
        route=monitor.route,
        over_ms=float(monitor.rule["threshold"]) if metric == "latency" else None,
    )
    return Trouble(
        severity="critical" if critical else "warning",
        title=_title(monitor, metric),
        words=_trouble_words(monitor, metric, window, count, rate) + advice.mostly(calls),
        recommendation=advice.of_metric(metric, calls),
        evidence={
            "value": round(count.share, 6),
            "threshold": round(1 - float(monitor.rule["target"]), 6),
            "n": count.all,
            "bad": count.bad,
            "windowMinutes": round(window / timedelta(minutes=1), 2),
            "burnRate": round(rate, 2),
            **advice.named(calls),
        },
    )


def _sudden(
    metric: str, recent: Sequence[tuple[datetime, Count]], budget: float, now: datetime
) -> tuple[timedelta, Count] | None:
    """See in seconds that the budget burns as fast as the fastest window rings for."""
    if metric == "availability":
        return None
    bound = min(0.9, burning.FASTEST.rate * budget)
    seen = sequential.against([(each.all, each.bad) for _, each in recent], bound)
    if not seen.enough:
        return None
    since = recent[seen.began][0]
    total = Count()
    for at, count in recent:
        if since <= at <= now + _AHEAD:
            total += count
    still = burning.within(recent, now, timedelta(minutes=2))
    if total.bad < LEAST_BAD or still.bad == 0:
        return None
    return now - since, total


def _title(monitor: Monitor, metric: str) -> str:
    of = monitor.model or monitor.route
    return f"{_TITLES[metric]}: {of}" if of else _TITLES[metric]


def _words(monitor: Monitor, metric: str, good: Estimate, lived: Count, left: float) -> str:
    target = float(monitor.rule["target"])
    if lived.all == 0:
        return (
            f"Nothing of the last {monitor.rule['days']} days is added up yet;"
            f" {percent(target, 3)} are wanted."
        )
    budget = (
        "The error budget is spent."
        if left <= 0
        else f"{percent(left, 0)} of the error budget is left."
    )
    unit = "minute" if metric == "availability" else "call"
    what = f"1 {unit} was" if lived.all == 1 else f"{lived.all:,} {unit}s were"
    return (
        f"{percent(good.value, 3)} of {what} {_WORDS[metric]} in"
        f" {monitor.rule['days']} days; {percent(target, 3)} are wanted. {budget}"
    )


def _times(rate: float) -> str:
    """Return three digits, and never a power of ten: `0.36`, `14.4`, `1,670`."""
    return f"{float(f'{rate:.3g}'):,.0f}" if rate >= 100 else f"{rate:.3g}"


def _trouble_words(
    monitor: Monitor, metric: str, window: timedelta, count: Count, rate: float
) -> str:
    minutes = max(1, round(window / timedelta(minutes=1)))
    span = "minute" if minutes == 1 else f"{minutes} minutes"
    what = "minutes were down" if metric == "availability" else "calls failed"
    if metric == "latency":
        what = f"calls took longer than {float(monitor.rule['threshold']):g} ms"
    spent = timedelta(days=int(monitor.rule["days"])) / rate if rate > 0 else None
    when = (
        ""
        if spent is None
        else f" At this rate the budget of {monitor.rule['days']} days is spent in {_span(spent)}."
    )
    return (
        f"In the last {span} {count.bad:,} of {count.all:,} {what} ({percent(count.share)}),"
        f" {_times(rate)} times what the objective allows.{when}"
    )


def _span(length: timedelta) -> str:
    hours = length / HOUR
    if hours < 1:
        return f"{max(1, round(hours * 60))} minutes"
    return f"{round(hours)} hours" if hours < 48 else f"{round(hours / 24)} days"


def _shown(burn: Burn) -> dict[str, Any]:
    return {
        "longMinutes": int(burn.pair.long / timedelta(minutes=1)),
        "shortMinutes": int(burn.pair.short / timedelta(minutes=1)),
        "ringsAt": burn.pair.rate,
        "longRate": round(burn.long_rate, 3),
        "shortRate": round(burn.short_rate, 3),
        "severity": burn.pair.severity,
    }

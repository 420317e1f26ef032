"""Metrics that are shares: of calls that failed, that were slow, that people were not content with.

What a threshold of a percentile asks is a share, too: that the 95th percentile is over two seconds means
that more than 5 % of the calls took longer.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hone import feedback, operations
from hone.core.db import Session
from hone.monitoring import sequential
from hone.monitoring.burning import LEAST_BAD
from hone.monitoring.estimates import percent, share
from hone.monitoring.measuring import advice
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import figures
from hone.monitoring.repository.candidates import Candidates, candidates, counts
from hone.monitoring.rules import BELOW, LATENCIES, SAID, SIGNS

_AHEAD: Final = timedelta(minutes=1)
_MINUTE: Final = timedelta(minutes=1)
_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(hours=24)
_GRAVE: Final = 2.0
_BAD: Final = {
    "error_rate": "failed",
    "accuracy": "were wrong",
    "positive_feedback": "were not liked",
    "handover": "ended with a wish for a person",
    "rephrase": "were asked again",
}
_TITLES: Final = {
    "error_rate": "Calls fail",
    "accuracy": "Answers are wrong",
    "positive_feedback": "Answers are not liked",
    "handover": "People ask for people",
    "rephrase": "Questions are asked again",
}

_Steps = Mapping[str, Sequence[tuple[int, int]]]
"""Counts of (all, bad), oldest first, by slice."""


@dataclass(frozen=True, slots=True)
class _Slice:
    name: str
    all: int
    bad: int
    log: float


async def measure(session: Session, _: Place, monitor: Monitor, now: datetime) -> Sequence[Reading]:
    """Measure one metric, of all or of each model or route."""
    counted = await _counts(session, monitor, now)
    bound = allowed(monitor.rule)
    slices = [
        _Slice(name, sum(n for n, _ in steps), sum(bad for _, bad in steps), _weigh(steps, bound))
        for name, steps in sorted(counted.items())
    ]
    if not any(each.all for each in slices):
        return [Reading("Nothing was measured: no calls, or nobody said anything.", no_data=True)]
    found = sequential.discoveries([each.log for each in slices])
    readings: list[Reading] = []
    for each, discovered in zip(slices, found, strict=True):
        over = each.all > 0 and each.bad / each.all > bound
        enough = each.all >= int(monitor.rule["minimum"]) and each.bad >= LEAST_BAD
        ringing = discovered and over and enough
        trouble = await _trouble(session, monitor, each, bound, now) if ringing else None
        readings.append(_reading(monitor, each, trouble))
    return readings


def allowed(rule: Mapping[str, Any]) -> float:
    """Tell which share may be bad."""
    metric = str(rule["metric"])
    if metric in LATENCIES:
        return 1 - LATENCIES[metric]
    threshold = float(rule["threshold"])
    return 1 - threshold if metric in BELOW else threshold


def _weigh(steps: Sequence[tuple[int, int]], bound: float) -> float:
    return sequential.against(steps, bound).log


async def _counts(session: Session, monitor: Monitor, now: datetime) -> _Steps:
    metric, rule = str(monitor.rule["metric"]), monitor.rule
    since = now - timedelta(minutes=int(rule["window_minutes"]))
    made: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    if metric in SAID:
        kind = "classification" if metric == "accuracy" else None
        told = await feedback.hours(
            session, monitor.organization_id, since, now + _AHEAD, model=monitor.model, kind=kind
        )
        known = await _known(session, monitor, {each.model for each in told})
        for each in told:
            if not counts(known, each.model, each.at, _HOUR):
                continue
            name = each.model if rule.get("by") else ""
            positive, negative = each.sums.positive, each.sums.negative
            made[name].append((positive + negative, negative))
        return made
    long = now - since > _DAY
    steps = await operations.steps(
        session,
        monitor.organization_id,
        since,
        now + _AHEAD,
        quarters=long,
        by=rule.get("by"),
        model=monitor.model,
        route=monitor.route,
        over_ms=float(rule["threshold"]) if metric in LATENCIES else 0.0,
    )
    if metric in SIGNS:
        return await _signs(session, monitor, metric, since, now, steps)
    known = await _known(session, monitor, {each.slice for each in steps})
    for each in steps:
        if not counts(known, each.slice, each.at, _QUARTER if long else _MINUTE):
            continue
        slow = metric in LATENCIES
        made[each.slice].append((each.timed, each.slow) if slow else (each.requests, each.errors))
    return made


async def _known(session: Session, monitor: Monitor, slices: Collection[str]) -> Candidates:
    if monitor.rule.get("by") != "model":
        return {}
    return await candidates(session, monitor.organization_id, slices)


async def _signs(
    session: Session,
    monitor: Monitor,
    metric: str,
    since: datetime,
    now: datetime,
    steps: Sequence[operations.StepSum],
) -> _Steps:
    """Count signs of whole hours against the calls; they are seen a while after the call."""
    seen = await feedback.signs(
        session, monitor.organization_id, since, now + _AHEAD, monitor.model
    )
    calls = sum(each.requests for each in steps)
    return {"": [(calls, min(calls, seen.get(metric, 0)))]}


def _reading(monitor: Monitor, each: _Slice, trouble: Trouble | None) -> Reading:
    metric = str(monitor.rule["metric"])
    bad = share(each.bad, each.all)
    shown, name = bad, f"{each.name}: " if each.name else ""
    if metric in BELOW:
        shown = share(each.all - each.bad, each.all)
    words = (
        f"{name}{percent(bad.value)} of {each.all:,} calls {_bad(monitor)} in {_window(monitor)}."
    )
    return Reading(
        words=words,
        estimate=shown,
        slice=each.name,
        troubles=() if trouble is None else (trouble,),
        detail={"bad": each.bad, "evidence": round(each.log, 2)},
    )


async def _trouble(
    session: Session, monitor: Monitor, each: _Slice, bound: float, now: datetime
) -> Trouble:
    metric, rate = str(monitor.rule["metric"]), each.bad / each.all
    calls = await _moved(session, monitor, each, now)
    of = each.name or monitor.model or monitor.route
    title = _TITLES.get(metric, "Calls are slow")
    return Trouble(
        severity="critical" if rate >= min(0.5, _GRAVE * bound) else "warning",
        title=f"{title}: {of}" if of else title,
        words=f"{each.bad:,} of {each.all:,} calls {_bad(monitor)} in {_window(monitor)}"
        f" ({percent(rate)}); {percent(bound)} is the most that should.{advice.mostly(calls)}",
        recommendation=advice.of_metric(metric, calls),
        evidence={
            "value": _value(metric, rate),
            "threshold": float(monitor.rule["threshold"]),
            "n": each.all,
            "bad": each.bad,
            "evidence": round(each.log, 2),
            **advice.named(calls),
        },
    )


async def _moved(
    session: Session, monitor: Monitor, each: _Slice, now: datetime
) -> list[figures.Moved]:
    metric, by = str(monitor.rule["metric"]), monitor.rule.get("by")
    since = now - timedelta(minutes=int(monitor.rule["window_minutes"]))
    model = each.name if by == "model" else monitor.model
    route = each.name if by == "route" else monitor.route
    if metric in SAID | SIGNS:
        ids = await feedback.worst(
            session, monitor.organization_id, since, model, figures.MOST_CALLS
        )
        return [figures.Moved(one, name, None) for one, name in ids]
    over = float(monitor.rule["threshold"]) if metric in LATENCIES else None
    return await figures.moved(
        session, monitor.organization_id, since, model=model, route=route, over_ms=over
    )


def _value(metric: str, rate: float) -> float:
    return round(1 - rate if metric in BELOW else rate, 6)


def _bad(monitor: Monitor) -> str:
    metric = str(monitor.rule["metric"])
    if metric in LATENCIES:
        return f"took longer than {float(monitor.rule['threshold']):g} ms"
    return _BAD[metric]


def _window(monitor: Monitor) -> str:
    minutes = int(monitor.rule["window_minutes"])
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"

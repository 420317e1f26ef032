"""Drift: whether what a model is asked now differs from what it was asked when it went live.

Each look takes the calls since the last one, so that none counts twice, and compares them with those of
the first days of the version that is live, or of the days before. How unlikely the difference is by chance
becomes a bet (p turned into 0.5 / sqrt(p), a p-to-e calibrator of Vovk and Wang, Annals of Statistics
2021), and bets are multiplied as in `sequential`: one strange hour is no drift. Drift alone is told in the
digest; it rings where accuracy suffers, by what was judged, by an objective, or by estimate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hone import feedback, operations, versions
from hone.core import ids
from hone.core.db import Session
from hone.core.errors import AppError
from hone.monitoring import calibrating, comparing
from hone.monitoring.estimates import Estimate, Z, percent
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import alerts, samples
from hone.operations import Said

_DAY: Final = timedelta(days=1)
_MOST: Final = 500
_LEAST_BEFORE: Final = 50
_AUC: Final = 0.6
_PSI: Final = 0.1
"""Below this a population is called stable: Siddiqi, Credit Risk Scorecards, 2006."""
ENOUGH: Final = math.log(365 * 24)
"""An hourly look that is wrong comes once in a year."""
_LONGEST_LABEL: Final = 200


@dataclass(frozen=True, slots=True)
class _Lots:
    before: list[Said]
    now: list[Said]


async def measure(
    session: Session, place: Place, monitor: Monitor, now: datetime
) -> Sequence[Reading]:
    """Compare what was asked since the last look with what was asked before."""
    since = _since(monitor, now)
    model, mine = str(monitor.model), monitor.organization_id
    least = int(monitor.rule["minimum"])
    fresh = await samples.count(session, mine, model, since, now, least)
    if fresh < least:
        return [_waiting(monitor, fresh, least)]
    begins, ends = await _reference(session, monitor, since)
    lots = _Lots(
        await _said(session, place, monitor, begins, ends),
        await _said(session, place, monitor, since, now),
    )
    if min(len(lots.before), len(lots.now)) < _LEAST_BEFORE:
        words = f"There is too little to compare: {len(lots.before)} calls of before and {len(lots.now)} of now are kept with what was asked."
        return [Reading(words, no_data=True)]
    try:
        found = await comparing.compare(place.settings, _asked(lots))
    except AppError as error:
        return [Reading(error.message, no_data=True)]
    _bet(monitor, found, now)
    drifted = is_drifted(monitor.memory)
    troubles = (await _trouble(session, monitor, lots, found, now),) if drifted else ()
    return [_reading(monitor, lots, found, troubles)]


def is_drifted(memory: dict[str, Any]) -> bool:
    """Tell whether what was seen so far is enough to speak of drift."""
    by_words = memory.get("wealth", 0) >= ENOUGH and memory.get("auc", 0) >= _AUC
    by_labels = memory.get("mixWealth", 0) >= ENOUGH and (memory.get("psi") or 0) >= _PSI
    return bool(by_words or by_labels)


def _since(monitor: Monitor, now: datetime) -> datetime:
    held = monitor.memory.get("at")
    last = datetime.fromisoformat(held) if held else now - _DAY
    # Longer ago is not now; and after a clock was set back, the last day is.
    return last if now - _DAY < last < now else now - _DAY


async def _reference(
    session: Session, monitor: Monitor, since: datetime
) -> tuple[datetime, datetime]:
    days = timedelta(days=int(monitor.rule["reference_days"]))
    live = await versions.live_since(session, monitor.organization_id, str(monitor.model))
    if live is not None and live + _DAY < since:
        return live, min(live + days, since)
    return since - days, since


async def _said(
    session: Session, place: Place, monitor: Monitor, since: datetime, until: datetime
) -> list[Said]:
    drawn = await samples.drawn(
        session, monitor.organization_id, str(monitor.model), since, until, _MOST
    )
    found = await operations.said(session, place.keyring, monitor.organization_id, drawn)
    return [found[each] for each in drawn if each in found and found[each].asked]


def _asked(lots: _Lots) -> dict[str, Any]:
    return {
        "before": [each.asked for each in lots.before],
        "now": [each.asked for each in lots.now],
        "labelsBefore": _labels(lots.before),
        "labelsNow": _labels(lots.now),
    }


def _labels(lot: Sequence[Said]) -> list[str]:
    return [
        each.answered
        for each in lot
        if each.kind == "classification" and each.answered and len(each.answered) <= _LONGEST_LABEL
    ]


def _bet(monitor: Monitor, found: dict[str, Any], now: datetime) -> None:
    held = monitor.memory
    mixed = found["psiP"]
    monitor.memory = {
        "at": now.isoformat(),
        "auc": found["auc"],
        "psi": found["psi"],
        "wealth": _richer(held.get("wealth", 0.0), found["p"]),
        "mixWealth": 0.0 if mixed is None else _richer(held.get("mixWealth", 0.0), mixed),
    }


def _richer(wealth: float, p: float) -> float:
    return max(wealth, 0.0) + math.log(0.5 / math.sqrt(p))


def _waiting(monitor: Monitor, fresh: int, least: int) -> Reading:
    held = monitor.memory
    words = f"{fresh} calls came since the last look; {least} are compared together."
    if "auc" not in held:
        return Reading(words, no_data=True)
    return Reading(
        monitor.words or words,
        Estimate(monitor.value, monitor.low, monitor.high, monitor.n),
        still=True,
    )


def _reading(
    monitor: Monitor, lots: _Lots, found: dict[str, Any], troubles: Sequence[Trouble]
) -> Reading:
    words = (
        f"What {monitor.model} is asked now can be told from what it was asked before with a"
        f" chance of {percent(found['auc'], 0)} (50 % is not at all){_newer(found)}."
    )
    detail = {each: found[each] for each in ("p", "psi", "psiP", "words", "labels")}
    return Reading(
        words,
        Estimate(found["auc"], None, None, len(lots.now)),
        troubles=tuple(troubles),
        detail=detail,
    )


def _newer(found: dict[str, Any]) -> str:
    newer = [each for each in found["words"] if each["now"] > each["before"]][:3]
    told = ", ".join(
        f"“{each['word']}” ({percent(each['before'], 0)} → {percent(each['now'], 0)})"
        for each in newer
    )
    return f"; more frequent are {told}" if told else ""


async def _trouble(
    session: Session, monitor: Monitor, lots: _Lots, found: dict[str, Any], now: datetime
) -> Trouble:
    loss = await _loss(session, monitor, lots, now)
    newest: list[int] = found["newest"]
    calls = [lots.now[each].id for each in newest if each < len(lots.now)]
    words = _reading(monitor, lots, found, ()).words
    return Trouble(
        severity="info" if loss is None else "warning",
        title=f"Questions have changed: {monitor.model}",
        words=f"{words} {loss or 'Nothing shows yet that answers are worse for it.'}",
        recommendation="Send the newest-looking calls to review, and retrain on them.",
        evidence={
            "value": found["auc"],
            "threshold": _AUC,
            "n": len(lots.now),
            "psi": found["psi"],
            "words": found["words"],
            "labels": found["labels"],
            "operations": [ids.public("op", each) for each in calls],
        },
    )


async def _loss(session: Session, monitor: Monitor, lots: _Lots, now: datetime) -> str | None:
    """Say what shows that answers are worse now; None where nothing does."""
    held = await alerts.open_about(session, monitor.organization_id, str(monitor.model), monitor.id)
    if held is not None:
        return f"And there is trouble: {held}."
    judged = await feedback.confident(
        session, monitor.organization_id, now - timedelta(days=30), now, str(monitor.model)
    )
    bins = calibrating.calibrate(judged)
    before, after = (calibrating.estimate(bins, _counts(lot), Z) for lot in (lots.before, lots.now))
    if after.high is None or before.low is None or after.high >= before.low:
        return None
    return (
        f"By how sure it is, {percent(after.value)} of its answers are right now,"
        f" where {percent(before.value)} were."
    )


def _counts(lot: Sequence[Said]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for each in lot:
        if each.confidence is not None and each.kind == "classification":
            place = calibrating.bin_of(each.confidence)
            counts[place] = counts.get(place, 0) + 1
    return counts

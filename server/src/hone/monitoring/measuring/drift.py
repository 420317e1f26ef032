"""Drift: whether what a model is asked now differs from what it was trained on, or asked at first.

Each look takes the calls since the last one, so that none counts twice, and compares them with each
reference there is (`references`). How unlikely the difference is by chance becomes a bet (p turned into
0.5 / sqrt(p), a p-to-e calibrator of Vovk and Wang, Annals of Statistics 2021), and bets are multiplied as
in `sequential`: one strange hour is no drift. Drift alone is told in the digest; it rings where accuracy
suffers, by what was judged, by an objective, or by estimate.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hone import feedback, versions
from hone.core import ids
from hone.core.db import Session
from hone.core.errors import AppError
from hone.monitoring import calibrating, comparing
from hone.monitoring.estimates import Estimate, Z, percent
from hone.monitoring.measuring import references
from hone.monitoring.measuring.references import TRAINING, Reference
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import alerts, samples
from hone.operations import Said

_DAY: Final = timedelta(days=1)
_LEAST: Final = 50
_AUC: Final = 0.6
_PSI: Final = 0.1
"""Below this a population is called stable: Siddiqi, Credit Risk Scorecards, 2006."""
ENOUGH: Final = math.log(365 * 24)
"""An hourly look that is wrong comes once in a year."""


async def measure(
    session: Session, place: Place, monitor: Monitor, now: datetime
) -> Sequence[Reading]:
    """Compare what was asked since the last look with each reference."""
    since = _since(monitor, now)
    model, mine = str(monitor.model), monitor.organization_id
    least = int(monitor.rule["minimum"])
    fresh = await samples.count(session, mine, model, since, now, least)
    if fresh < least:
        return [_waiting(monitor, fresh, least)]
    live = await versions.live(session, mine, model)
    lot = await references.drawn(session, place, monitor, since, now)
    before = [
        await references.traffic(session, place, monitor, since, live),
        await references.training(session, place, monitor, live),
    ]
    able = [each for each in before if each is not None and len(each.asked) >= _LEAST]
    if len(lot) < _LEAST or not able:
        kept = len(before[0].asked) if before[0] else 0
        words = f"There is too little to compare: {kept} calls of before and {len(lot)} of now are kept with what was asked."
        return [Reading(words, no_data=True)]
    readings: list[Reading] = []
    held: dict[str, Any] = {"at": now.isoformat()}
    for each in able:
        try:
            found = await comparing.compare(place.settings, _asked(each, lot))
        except AppError as error:
            return [Reading(error.message, no_data=True)]
        readings.append(await _read(session, monitor, each, lot, found, held, now))
    monitor.memory = held
    return readings


def is_drifted(memory: Mapping[str, Any]) -> bool:
    """Tell whether there is drift that somebody should learn from.

    From what a version was trained on, traffic may differ for good without harm: examples are chosen.
    So that counts where answers seem to be worse for it.
    """
    trained: Mapping[str, Any] = memory.get(TRAINING, {})
    return _is_far(memory) or (_is_far(trained) and bool(trained.get("worse")))


def _is_far(bets: Mapping[str, Any]) -> bool:
    """Tell whether what was seen so far is enough to speak of drift."""
    by_words = bets.get("wealth", 0) >= ENOUGH and bets.get("auc", 0) >= _AUC
    by_labels = bets.get("mixWealth", 0) >= ENOUGH and (bets.get("psi") or 0) >= _PSI
    return bool(by_words or by_labels)


def _since(monitor: Monitor, now: datetime) -> datetime:
    held = monitor.memory.get("at")
    last = datetime.fromisoformat(held) if held else now - _DAY
    # Longer ago is not now; and after a clock was set back, the last day is.
    return last if now - _DAY < last < now else now - _DAY


def _asked(before: Reference, lot: Sequence[Said]) -> dict[str, Any]:
    return {
        "before": list(before.asked),
        "now": [each.asked for each in lot],
        "labelsBefore": list(before.labels),
        "labelsNow": references.labels(lot),
    }


async def _read(
    session: Session,
    monitor: Monitor,
    before: Reference,
    lot: Sequence[Said],
    found: Mapping[str, Any],
    held: dict[str, Any],
    now: datetime,
) -> Reading:
    """Bet on what one comparison found, and tell of it."""
    bets = _bets(monitor.memory, before, found)
    troubles: tuple[Trouble, ...] = ()
    if _is_far(bets):
        loss = await _loss(session, monitor, before, lot, now)
        bets["worse"] = loss is not None
        troubles = (_trouble(monitor, before, lot, found, loss),)
    if before.name == TRAINING:
        held[TRAINING] = bets
    else:
        held |= bets
    detail = {each: found[each] for each in ("p", "psi", "psiP", "words", "labels")}
    return Reading(
        _words(monitor, before, found),
        Estimate(found["auc"], None, None, len(lot)),
        slice=before.name,
        troubles=troubles,
        detail=detail,
    )


def _bets(memory: Mapping[str, Any], before: Reference, found: Mapping[str, Any]) -> dict[str, Any]:
    last: Mapping[str, Any] = memory.get(TRAINING, {}) if before.name == TRAINING else memory
    if last.get("version") != before.version:
        last = {}
    mixed = found["psiP"]
    return {
        "version": before.version,
        "auc": found["auc"],
        "psi": found["psi"],
        "wealth": _richer(last.get("wealth", 0.0), found["p"]),
        "mixWealth": 0.0 if mixed is None else _richer(last.get("mixWealth", 0.0), mixed),
    }


def _richer(wealth: float, p: float) -> float:
    return max(wealth, 0.0) + math.log(0.5 / math.sqrt(p))


def _waiting(monitor: Monitor, fresh: int, least: int) -> Reading:
    held = monitor.memory
    words = f"{fresh} calls came since the last look; {least} are compared together."
    if "auc" not in held and TRAINING not in held:
        return Reading(words, no_data=True)
    return Reading(
        monitor.words or words,
        Estimate(monitor.value, monitor.low, monitor.high, monitor.n),
        still=True,
    )


def _words(monitor: Monitor, before: Reference, found: Mapping[str, Any]) -> str:
    return (
        f"What {monitor.model} is asked now can be told from what it was {before.words} with a"
        f" chance of {percent(found['auc'], 0)} (50 % is not at all){_newer(found)}."
    )


def _newer(found: Mapping[str, Any]) -> str:
    newer = [each for each in found["words"] if each["now"] > each["before"]][:3]
    told = ", ".join(
        f"“{each['word']}” ({percent(each['before'], 0)} → {percent(each['now'], 0)})"
        for each in newer
    )
    return f"; more frequent are {told}" if told else ""


def _trouble(
    monitor: Monitor,
    before: Reference,
    lot: Sequence[Said],
    found: Mapping[str, Any],
    loss: str | None,
) -> Trouble:
    newest: list[int] = found["newest"]
    calls = [lot[each].id for each in newest if each < len(lot)]
    trained = before.name == TRAINING
    title = "Questions are not those of training" if trained else "Questions have changed"
    return Trouble(
        severity="info" if loss is None else "warning",
        title=f"{title}: {monitor.model}",
        words=f"{_words(monitor, before, found)} {loss or 'Nothing shows yet that answers are worse for it.'}",
        recommendation="Send the newest-looking calls to review, and retrain on them.",
        evidence={
            "reference": TRAINING if trained else "traffic",
            "version": before.version,
            "value": found["auc"],
            "threshold": _AUC,
            "n": len(lot),
            "psi": found["psi"],
            "words": found["words"],
            "labels": found["labels"],
            "operations": [ids.public("op", each) for each in calls],
        },
    )


async def _loss(
    session: Session, monitor: Monitor, before: Reference, lot: Sequence[Said], now: datetime
) -> str | None:
    """Say what shows that answers are worse now; None where nothing does."""
    held = await alerts.open_about(session, monitor.organization_id, str(monitor.model), monitor.id)
    if held is not None:
        return f"And there is trouble: {held}."
    judged = await feedback.confident(
        session, monitor.organization_id, now - timedelta(days=30), now, str(monitor.model)
    )
    bins = calibrating.calibrate(judged)
    was = before.tested
    if before.name != TRAINING:
        was = calibrating.estimate(bins, _counts(before.said), Z)
    after = calibrating.estimate(bins, _counts(lot), Z)
    if after.high is None or was.low is None or after.high >= was.low:
        return None
    return (
        f"By how sure it is, {percent(after.value)} of its answers are right now,"
        f" where {percent(was.value)} were{' in its test' if before.name == TRAINING else ''}."
    )


def _counts(lot: Sequence[Said]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for each in lot:
        if each.confidence is not None and each.kind == "classification":
            place = calibrating.bin_of(each.confidence)
            counts[place] = counts.get(place, 0) + 1
    return counts

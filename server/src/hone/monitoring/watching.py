"""One measurement: what a monitor finds becomes its state, a point, and alerts that open or end.

Everything of one measurement is one transaction, so a worker that is killed leaves nothing half done;
the monitor is due again, and whoever measures next sees the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hone.core import clock
from hone.core.db import Database, Session
from hone.monitoring import raising
from hone.monitoring.measuring import kinds
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.raising import Cause
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import alerts, monitors
from hone.monitoring.repository.candidates import Candidate, Candidates, candidates

_MOST_DUE: Final = 200
_QUIET: Final = timedelta(seconds=20)
"""Where nothing was measured, it is looked at less often."""
_MOST_SLICES: Final = 50
_OVER: Final = "It has not been seen for five minutes."
_FORMER: Final = "Its release is over, and another one has begun."


async def tick(owner: Database, database: Database, place: Place, *, slow: bool = False) -> int:
    """Measure every monitor that is due, and tell how many were.

    Those that are `slow` have a tick of their own, so that no others wait for them.
    """
    async with owner.transaction() as session:
        found = await monitors.due(session, clock.now(), _MOST_DUE, slow=slow)
    for organization_id, monitor_id in found:
        async with database.transaction(organization_id) as session:
            row = await monitors.take(session, organization_id, monitor_id)
            # Another worker may have been here meanwhile.
            if row is not None and row.enabled and _due(row):
                await measure(session, place, row)
    return len(found)


def _due(row: Monitor) -> bool:
    now = clock.now()
    return row.next_at <= now or row.next_at > now + timedelta(hours=2)


async def measure(session: Session, place: Place, row: Monitor) -> Sequence[Reading]:
    """Measure one monitor, whose row is locked, and do what follows from it."""
    now = clock.now()
    readings = await _readings(session, place, row, now)
    if not any(each.still for each in readings):
        await _raise(session, row, readings)
    nothing = all(each.no_data for each in readings)
    await _keep(session, row, readings, now)
    row.measured_at = now
    row.next_at = now + max(kinds.every(row), _QUIET if nothing else timedelta(0))
    row.state = await _state(session, row, nothing=nothing)
    await session.flush()
    return readings


async def _readings(
    session: Session, place: Place, row: Monitor, now: datetime
) -> Sequence[Reading]:
    """Measure; of a candidate whose release is over there is nothing to measure any more."""
    candidate = (await candidates(session, row.organization_id, [row.model])).get(row.model or "")
    if candidate is not None and candidate.over:
        return [Reading(candidate.words, no_data=True)]
    return await kinds.measure_of(row)(session, place, row, now)


async def _raise(session: Session, row: Monitor, readings: Sequence[Reading]) -> None:
    """Open what there is, and let go what there is no more; with a candidate go its alerts."""
    before = await alerts.open_causes(session, row.organization_id, row.id)
    models = [row.model, *(each.slice for each in readings), *before.values()]
    known = await candidates(session, row.organization_id, models)
    seen: set[str] = set()
    for reading in readings:
        for trouble in reading.troubles:
            cause = _cause(row, reading, trouble, known)
            if _gone(cause.key, known.get(cause.model or "")) is None:
                seen.add(cause.key)
                await raising.open_alert(session, row.organization_id, cause)
    for key in before.keys() - seen:
        why = _gone(key, known.get(before[key] or ""))
        if why is None:
            await raising.calm(session, row.organization_id, key, _OVER)
        else:
            await _end(session, row, key, raising.SYSTEM, why)


def _gone(key: str, candidate: Candidate | None) -> str | None:
    """Say why a cause went with its candidate; None where it did not."""
    if candidate is None:
        return None
    if candidate.over:
        return candidate.words
    return None if key.endswith(candidate.release.hex) else _FORMER


def _key(row: Monitor, slice_: str, what: str, candidate: Candidate | None) -> str:
    """Name a cause; another release's candidate of the same name is another one."""
    release = [] if candidate is None else [candidate.release.hex]
    return ":".join(["monitor", row.id.hex, slice_, what, *release])


def _cause(row: Monitor, reading: Reading, trouble: Trouble, known: Candidates) -> Cause:
    by = row.rule.get("by")
    model = reading.slice if by == "model" else row.model
    return Cause(
        key=_key(row, reading.slice, trouble.what, known.get(model or "")),
        kind=str(row.rule.get("metric") or row.kind),
        severity=trouble.severity,
        title=trouble.title,
        words=trouble.words,
        recommendation=trouble.recommendation,
        evidence=trouble.evidence,
        model=model,
        route=reading.slice if by == "route" else row.route,
        monitor_id=row.id,
    )


async def _keep(session: Session, row: Monitor, readings: Sequence[Reading], now: datetime) -> None:
    worst = next((each for each in readings if each.troubles), readings[0])
    row.words = worst.words
    row.value, row.low = worst.estimate.value, worst.estimate.low
    row.high, row.n = worst.estimate.high, worst.estimate.n
    for each in readings[:_MOST_SLICES]:
        if not (each.no_data or each.still):
            await monitors.keep_point(session, row, each.slice, _point(each, now))


def _point(reading: Reading, now: datetime) -> dict[str, Any]:
    found = reading.estimate
    return {
        "at": now,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "detail": reading.detail,
    }


async def _state(session: Session, row: Monitor, *, nothing: bool) -> str:
    held = (await alerts.open_by_monitor(session, row.organization_id, [row.id])).get(row.id)
    if held is not None and held.severity != "info":
        return "silenced" if held.state == "silenced" else "alerting"
    return "no_data" if nothing else "ok"


async def stop(session: Session, row: Monitor, by: str, why: str) -> None:
    """End what is open of a monitor that is not to watch any more."""
    for key in await alerts.open_causes(session, row.organization_id, row.id):
        await _end(session, row, key, by, why)


async def _end(session: Session, row: Monitor, key: str, by: str, why: str) -> None:
    held = await alerts.open_of(session, row.organization_id, key)
    if held is not None:
        await raising.end(session, held, by, why)

"""Alerts open, change and end here, whoever saw the cause: one for a cause, and none that flickers.

A cause is seen again and again; it stays one alert. It is over when nothing was seen of it for five
minutes. What comes back within half an hour opens the same alert again, and rings at most once in that
time. Who resolves an alert by hand has a quarter of an hour in which it does not come back by itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.monitoring import telling
from hone.monitoring.models import Alert
from hone.monitoring.repository import alerts
from hone.monitoring.schemas.alerts import Severity

PREFIX: Final = "alert"
SYSTEM: Final = "system"
CALM: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(minutes=30)
GRACE: Final = timedelta(minutes=15)
_WEIGHT: Final[dict[str, int]] = {"info": 0, "warning": 1, "critical": 2}


@dataclass(frozen=True, slots=True)
class Cause:
    """What somebody should know."""

    key: str
    """The same for the same cause."""
    kind: str
    severity: Severity
    title: str
    words: str
    recommendation: str
    evidence: dict[str, Any] = field(default_factory=dict[str, Any])
    model: str | None = None
    route: str | None = None
    monitor_id: UUID | None = None


async def open_alert(session: Session, organization_id: UUID, cause: Cause) -> Alert | None:
    """Open the alert of a cause, or note that it is seen again; None where somebody just resolved it."""
    await alerts.lock(session, organization_id, cause.key)
    now = clock.now()
    row = await alerts.open_of(session, organization_id, cause.key)
    if row is not None:
        return await _see(session, row, cause, now)
    last = await alerts.last_of(session, organization_id, cause.key)
    if last is not None and last.resolved_at is not None:
        since = now - last.resolved_at
        by_hand = last.resolved_by != SYSTEM
        if by_hand and timedelta(0) <= since < GRACE:
            return None
        if not by_hand and since < AGAIN:
            return await _reopen(session, last, cause, now)
    return await _open(session, organization_id, cause, now)


async def _open(session: Session, organization_id: UUID, cause: Cause, now: datetime) -> Alert:
    quiet = await alerts.silenced_until(session, organization_id, cause.key)
    silenced = quiet is not None and quiet > now
    row = Alert(
        id=ids.new(),
        organization_id=organization_id,
        key=cause.key,
        state="silenced" if silenced else "open",
        silenced_until=quiet if silenced else None,
        opened_at=now,
        last_seen_at=now,
        seen=1,
        reopened=0,
    )
    _describe(row, cause)
    session.add(row)
    await session.flush()
    publish(session, organization_id, SYSTEM, "alert.opened", _subject(row), _facts(row))
    if not silenced:
        await telling.tell(session, row, "opened", now)
    return row


async def _see(session: Session, row: Alert, cause: Cause, now: datetime) -> Alert:
    worse = _WEIGHT[cause.severity] > _WEIGHT[row.severity]
    severity = cause.severity if worse else row.severity
    _describe(row, cause)
    row.severity = severity
    row.last_seen_at, row.clear_since, row.seen = now, None, row.seen + 1
    if row.state == "silenced" and row.silenced_until is not None and row.silenced_until <= now:
        row.state, row.silenced_until = "open", None
        await telling.tell(session, row, "reopened", now)
    elif worse and row.state != "silenced":
        row.state, row.acknowledged_at, row.acknowledged_by = "open", None, None
        publish(session, row.organization_id, SYSTEM, "alert.worsened", _subject(row), _facts(row))
        await telling.tell(session, row, "worse", now)
    elif row.state == "open" and row.reopened and _quiet_for(row, now) >= AGAIN:
        await telling.tell(session, row, "reopened", now)
    return row


async def _reopen(session: Session, row: Alert, cause: Cause, now: datetime) -> Alert:
    _describe(row, cause)
    quiet = await alerts.silenced_until(session, row.organization_id, row.key)
    silenced = quiet is not None and quiet > now
    row.state = "silenced" if silenced else "open"
    row.silenced_until = quiet if silenced else None
    row.resolved_at = row.resolved_by = row.note = row.clear_since = None
    row.acknowledged_at = row.acknowledged_by = None
    row.last_seen_at, row.seen, row.reopened = now, row.seen + 1, row.reopened + 1
    await session.flush()
    publish(session, row.organization_id, SYSTEM, "alert.reopened", _subject(row), _facts(row))
    if not silenced and _quiet_for(row, now) >= AGAIN:
        await telling.tell(session, row, "reopened", now)
    return row


async def calm(session: Session, organization_id: UUID, key: str, why: str) -> None:
    """Note that nothing is seen of a cause; when that has lasted a while, its alert is resolved."""
    row = await alerts.open_of(session, organization_id, key)
    if row is None:
        return
    now = clock.now()
    # A clock that was set back makes a moment of the future: it counts from now.
    if row.clear_since is None or row.clear_since > now:
        row.clear_since = now
    elif now - row.clear_since >= CALM:
        await end(session, row, SYSTEM, why)


async def end(session: Session, row: Alert, by: str, note: str | None) -> None:
    """Resolve an alert; channels that heard of it hear that it is over."""
    now = clock.now()
    silenced = row.state == "silenced"
    row.state, row.resolved_at, row.resolved_by, row.note = "resolved", now, by, note
    row.clear_since = row.silenced_until = None
    await session.flush()
    facts = {**_facts(row), "note": note}
    publish(session, row.organization_id, by, "alert.resolved", _subject(row), facts)
    if not silenced:
        await telling.tell(session, row, "resolved", now)


def _describe(row: Alert, cause: Cause) -> None:
    row.kind, row.severity, row.title = cause.kind, cause.severity, cause.title
    row.words, row.recommendation = cause.words, cause.recommendation
    row.evidence, row.monitor_id = cause.evidence, cause.monitor_id
    row.model, row.route = cause.model, cause.route


def _quiet_for(row: Alert, now: datetime) -> timedelta:
    return AGAIN if row.told_at is None else now - row.told_at


def _subject(row: Alert) -> str:
    return ids.public(PREFIX, row.id)


def _facts(row: Alert) -> dict[str, object]:
    return {
        "kind": row.kind,
        "severity": row.severity,
        "title": row.title,
        "model": row.model,
        "route": row.route,
    }

"""The rules of alerts: read, acknowledged, silenced and resolved."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import PageQuery
from hone.identity import Actor, Permission
from hone.monitoring import acting, raising, rendering
from hone.monitoring.errors import AlertOver, UntilPassed
from hone.monitoring.models import Alert, AlertSilence
from hone.monitoring.repository import alerts
from hone.monitoring.schemas.alerts import (
    AlertPage,
    AlertRead,
    AlertResolve,
    AlertSilenceWrite,
    AlertsQuery,
)

_READ, _WRITE = Permission.MONITORS_READ, Permission.MONITORS_WRITE
_WATCHED: Final = 50
_JUST_NOW: Final = timedelta(minutes=1)


async def access(
    session: Session,
    actor: Actor,
    alert_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Alert:
    """Open the one door to an alert."""
    actor.require(permission)
    parsed = ids.parse(rendering.ALERT, alert_id)
    found = parsed and await alerts.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such alert in this organization.")
    return found


async def page(session: Session, actor: Actor, query: AlertsQuery) -> AlertPage:
    """List alerts, newest first."""
    actor.require(_READ)
    choice = alerts.Choice(
        query.state,
        query.severity,
        query.model,
        None if query.monitor is None else _monitor(query.monitor),
        query.kind,
    )
    after = PageQuery(limit=query.limit, cursor=query.cursor).after()
    rows, total, following = await alerts.page(
        session, actor.organization_id, choice, after, query.limit
    )
    counts = await alerts.count_open(session, actor.organization_id)
    known = await acting.known(session, actor.organization_id, rows)
    return AlertPage(
        items=[rendering.alert(each, acting.actions(each, known)) for each in rows],
        total=total,
        next=following,
        open={each: counts.get(each, 0) for each in ("info", "warning", "critical")},
    )


def _monitor(monitor: str) -> UUID:
    return ids.parse(rendering.MONITOR, monitor) or UUID(int=0)


async def get(session: Session, actor: Actor, alert_id: str) -> AlertRead:
    """Show one alert, and whom it was told."""
    return await _shown(session, await access(session, actor, alert_id))


async def acknowledge(session: Session, actor: Actor, alert_id: str) -> AlertRead:
    """Say that somebody is at it; nothing more is told of it until it ends or becomes worse."""
    row = await _open(session, actor, alert_id)
    before = row.state
    if row.state != "acknowledged":
        row.state, row.silenced_until = "acknowledged", None
        row.acknowledged_at, row.acknowledged_by = clock.now(), actor.id
        await session.flush()
        _note(session, actor, row, "alert.acknowledged", before)
    return await _shown(session, row)


async def silence(
    session: Session, actor: Actor, alert_id: str, data: AlertSilenceWrite
) -> AlertRead:
    """Let a cause ring nobody until a moment, also when it ends and comes back."""
    row = await _open(session, actor, alert_id)
    if data.until <= clock.now():
        raise UntilPassed(param="until")
    before = row.state
    row.state, row.silenced_until = "silenced", data.until
    session.add(
        AlertSilence(
            id=ids.new(),
            organization_id=actor.organization_id,
            key=row.key,
            until=data.until,
            reason=data.reason,
            created_by=actor.id,
        )
    )
    await session.flush()
    until = data.until.isoformat()
    _note(session, actor, row, "alert.silenced", before, until=until, reason=data.reason)
    return await _shown(session, row)


async def resolve(
    session: Session, actor: Actor, alert_id: str, data: AlertResolve | None
) -> AlertRead:
    """Say that an alert is over; said again, it stays as it was."""
    row = await access(session, actor, alert_id, _WRITE, lock=True)
    if row.state != "resolved":
        await raising.end(session, row, actor.id, None if data is None else data.note)
    return await _shown(session, row)


async def live(session: Session, organization_id: UUID) -> Sequence[dict[str, Any]]:
    """Tell those who watch of alerts that are not resolved, or were in the last minute."""
    since = clock.now() - _JUST_NOW
    rows = await alerts.live(session, organization_id, since, _WATCHED)
    known = await acting.known(session, organization_id, rows)
    return [
        rendering.alert(each, acting.actions(each, known)).model_dump(mode="json", by_alias=True)
        for each in rows
    ]


async def _open(session: Session, actor: Actor, alert_id: str) -> Alert:
    row = await access(session, actor, alert_id, _WRITE, lock=True)
    if row.state == "resolved":
        raise AlertOver("This alert is resolved; if it comes back, a new one opens.")
    return row


async def _shown(session: Session, row: Alert) -> AlertRead:
    known = await acting.known(session, row.organization_id, [row])
    told = await alerts.told(session, row.organization_id, row.id)
    return rendering.alert(row, acting.actions(row, known), told)


def _note(
    session: Session, actor: Actor, row: Alert, name: str, before: str, **more: object
) -> None:
    subject = ids.public(rendering.ALERT, row.id)
    facts = {"before": {"state": before}, "after": {"state": row.state}, **more}
    publish(session, row.organization_id, actor.id, name, subject, facts)

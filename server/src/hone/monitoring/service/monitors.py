"""The rules of monitors."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.identity import Actor, Permission
from hone.monitoring import rendering, rules, watching
from hone.monitoring.errors import MonitorChanged, MonitorTaken, RuleWrong
from hone.monitoring.measuring import drift
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.repository import alerts, monitors, patterns
from hone.monitoring.schemas.monitors import (
    ErrorPatterns,
    MonitorCreate,
    MonitorPoints,
    MonitorRead,
    MonitorRule,
    MonitorUpdate,
)

_READ, _WRITE = Permission.MONITORS_READ, Permission.MONITORS_WRITE
_OF_MODELS: Final = frozenset({"drift", "estimated_accuracy"})
_MOST_POINTS: Final = 5_000
_SHOWN: Final = timedelta(days=1)
_PATTERNS: Final = timedelta(days=30)


async def access(
    session: Session,
    actor: Actor,
    monitor_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Monitor:
    """Open the one door to a monitor."""
    actor.require(permission)
    parsed = ids.parse(rendering.MONITOR, monitor_id)
    found = parsed and await monitors.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such monitor in this organization.")
    return found


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[MonitorRead]:
    """List monitors by name."""
    actor.require(_READ)
    rows, total, following = await monitors.page(session, actor.organization_id, query)
    held = await alerts.open_by_monitor(session, actor.organization_id, [each.id for each in rows])
    items = [rendering.monitor(each, held.get(each.id)) for each in rows]
    return Page[MonitorRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, monitor_id: str) -> MonitorRead:
    """Show one monitor."""
    return await _shown(session, await access(session, actor, monitor_id))


async def create(session: Session, actor: Actor, data: MonitorCreate) -> MonitorRead:
    """Watch something."""
    actor.require(_WRITE)
    if data.model is not None and data.route is not None:
        raise RuleWrong("A monitor watches a model or a route, not both.", param="route")
    if data.kind in _OF_MODELS and data.model is None:
        raise RuleWrong(f"Say of which model: {data.kind} is of one.", param="model")
    rule = rules.settled(data.kind, data.rule)
    now = clock.now()
    row = Monitor(
        id=ids.new(),
        organization_id=actor.organization_id,
        name=data.name,
        kind=data.kind,
        model=data.model,
        route=data.route,
        rule=_kept(rule),
        enabled=data.enabled,
        state="no_data",
        words="",
        n=0,
        memory={},
        next_at=now,
        version=1,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await _flush(session, data.name)
    _note(session, actor, row, "monitor.created", after=_facts(row))
    return await _shown(session, row)


async def update(
    session: Session, actor: Actor, monitor_id: str, data: MonitorUpdate
) -> MonitorRead:
    """Change a monitor; it is measured anew at once."""
    row = await access(session, actor, monitor_id, _WRITE, lock=True)
    if row.version != data.version:
        raise MonitorChanged(details={"version": row.version})
    before = _facts(row)
    if data.name is not None:
        row.name = data.name
    if data.rule is not None:
        row.rule, row.memory = _kept(rules.settled(row.kind, data.rule)), {}
    if data.enabled is not None:
        row.enabled = data.enabled
    if not row.enabled:
        await watching.stop(session, row, actor.id, "The monitor was switched off.")
        row.state = "no_data"
    row.version, row.updated_at, row.next_at = row.version + 1, clock.now(), clock.now()
    await _flush(session, row.name)
    _note(session, actor, row, "monitor.updated", before, _facts(row))
    return await _shown(session, row)


async def delete(session: Session, actor: Actor, monitor_id: str) -> None:
    """Watch it no more; alerts that it opened stay, and end."""
    row = await access(session, actor, monitor_id, _WRITE, lock=True)
    await watching.stop(session, row, actor.id, "The monitor was deleted.")
    _note(session, actor, row, "monitor.deleted", _facts(row))
    await session.delete(row)
    await session.flush()


async def check(session: Session, actor: Actor, place: Place, monitor_id: str) -> MonitorRead:
    """Measure now."""
    row = await access(session, actor, monitor_id, _WRITE, lock=True)
    await watching.measure(session, place, row)
    _note(session, actor, row, "monitor.checked", after={"state": row.state})
    return await _shown(session, row)


async def points(
    session: Session,
    actor: Actor,
    monitor_id: str,
    since: datetime | None,
    until: datetime | None,
) -> MonitorPoints:
    """Show what a monitor measured; without bounds, of the last day."""
    row = await access(session, actor, monitor_id)
    ends = until or clock.now()
    begins = since or ends - _SHOWN
    found = await monitors.points(session, row, begins, ends, _MOST_POINTS)
    return MonitorPoints(
        items=[rendering.point(each) for each in found],
        rule=MonitorRule.model_validate(row.rule),
    )


async def drifted(session: Session, organization_id: UUID, model: str) -> str | None:
    """Say how what a model is asked has drifted, by its monitors of drift; None where it has not."""
    for row in await monitors.of_kind(session, organization_id, "drift", model):
        if row.enabled and drift.is_drifted(row.memory):
            return row.words
    return None


async def error_patterns(session: Session, actor: Actor) -> ErrorPatterns:
    """List errors of the last thirty days by how they read."""
    actor.require(_READ)
    since = clock.now() - _PATTERNS
    rows = await patterns.seen_since(session, actor.organization_id, since, 200)
    return ErrorPatterns(items=[rendering.pattern(each) for each in rows])


async def _shown(session: Session, row: Monitor) -> MonitorRead:
    held = await alerts.open_by_monitor(session, row.organization_id, [row.id])
    return rendering.monitor(row, held.get(row.id))


def _kept(rule: MonitorRule) -> dict[str, Any]:
    return rule.model_dump(mode="json", exclude_none=True)


async def _flush(session: Session, name: str) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise MonitorTaken(f"There is a monitor {name!r} already.", param="name") from error


def _note(
    session: Session,
    actor: Actor,
    row: Monitor,
    name: str,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = ids.public(rendering.MONITOR, row.id)
    facts = {"before": before, "after": after}
    publish(session, row.organization_id, actor.id, name, subject, facts)


def _facts(row: Monitor) -> dict[str, object]:
    return {
        "name": row.name,
        "kind": row.kind,
        "model": row.model,
        "route": row.route,
        "rule": row.rule,
        "enabled": row.enabled,
    }

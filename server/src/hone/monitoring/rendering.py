"""Monitors, alerts and channels as the API shows them."""

from collections.abc import Sequence
from typing import Any, Final, cast

from hone.core import ids
from hone.monitoring import templates
from hone.monitoring.models import (
    Alert,
    AlertChannel,
    AlertDelivery,
    ErrorPattern,
    Monitor,
    MonitorPoint,
)
from hone.monitoring.schemas.alerts import AlertAction, AlertDeliveryRead, AlertRead, ChannelRead
from hone.monitoring.schemas.monitors import (
    ErrorPatternRead,
    MonitorBudget,
    MonitorPointRead,
    MonitorRead,
    MonitorRule,
)

MONITOR: Final = "mon"
ALERT: Final = "alert"
CHANNEL: Final = "chan"


def monitor(row: Monitor, alert: Alert | None) -> MonitorRead:
    """Show a monitor."""
    return MonitorRead(
        id=ids.public(MONITOR, row.id),
        version=row.version,
        name=row.name,
        kind=cast("Any", row.kind),
        model=row.model,
        route=row.route,
        rule=MonitorRule.model_validate(row.rule),
        preset=row.preset,
        enabled=row.enabled,
        state=cast("Any", row.state),
        words=row.words or "Nothing was measured yet.",
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        budget=_budget(row),
        measured_at=row.measured_at,
        alert=None if alert is None else ids.public(ALERT, alert.id),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _budget(row: Monitor) -> MonitorBudget | None:
    held = row.memory.get("budget") if row.kind == "objective" else None
    return None if held is None else MonitorBudget.model_validate(held)


def point(row: MonitorPoint) -> MonitorPointRead:
    """Show what was measured."""
    return MonitorPointRead(
        at=row.at,
        slice=row.slice,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        detail=row.detail,
    )


def alert(
    row: Alert, actions: Sequence[AlertAction], told: Sequence[tuple[AlertDelivery, str]] = ()
) -> AlertRead:
    """Show an alert."""
    return AlertRead(
        id=ids.public(ALERT, row.id),
        monitor=None if row.monitor_id is None else ids.public(MONITOR, row.monitor_id),
        kind=row.kind,
        severity=cast("Any", row.severity),
        state=cast("Any", row.state),
        model=row.model,
        route=row.route,
        title=row.title,
        words=row.words,
        recommendation=row.recommendation,
        evidence=row.evidence,
        seen=row.seen,
        reopened=row.reopened,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        silenced_until=row.silenced_until,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        note=row.note,
        actions=list(actions),
        deliveries=[_delivery(each, channel) for each, channel in told],
    )


def _delivery(row: AlertDelivery, channel: str) -> AlertDeliveryRead:
    return AlertDeliveryRead(
        channel=channel,
        event=row.event,
        state=cast("Any", row.state),
        attempts=row.attempts,
        maybe_twice=row.maybe_twice,
        error=row.error,
        created_at=row.created_at,
        next_at=row.next_at if row.state == "waiting" else None,
        ended_at=row.ended_at,
    )


def channel_facts(row: AlertChannel, waiting: int) -> dict[str, Any]:
    """Tell of a channel what is no secret, as the fields of `ChannelRead`."""
    return {
        "id": ids.public(CHANNEL, row.id),
        "version": row.version,
        "name": row.name,
        "kind": row.kind,
        "target": row.target,
        "to": row.recipients,
        "severity": row.severity,
        "digest": row.digest,
        "enabled": row.enabled,
        "failing_since": row.failing_since,
        "last_error": row.last_error,
        "waiting": waiting,
        "created_by": row.created_by,
        "created_at": row.created_at,
    }


def channel(row: AlertChannel, waiting: int) -> ChannelRead:
    """Show a channel."""
    return ChannelRead(**channel_facts(row, waiting))


def pattern(row: ErrorPattern) -> ErrorPatternRead:
    """Show errors that read alike."""
    return ErrorPatternRead(
        name=templates.name(row.code, row.template),
        code=row.code,
        template=row.template,
        models=row.models,
        seen=row.seen,
        first_at=row.first_at,
        last_at=row.last_at,
        examples=[ids.public("op", each) for each in row.examples],
    )

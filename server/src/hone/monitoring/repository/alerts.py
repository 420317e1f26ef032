"""Queries about alerts, silences, channels and deliveries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text, update

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT, UnknownCursor, cursor
from hone.monitoring.models import Alert, AlertChannel, AlertDelivery, AlertSilence

_LOCK_SPACE: Final = 0x414C5254
_LEASE: Final = timedelta(seconds=60)
"""So long a worker may take for one message; then another one takes it."""
# What a worker was lost with may have arrived: whoever gets it is told so.
_CLAIM: Final = """
UPDATE alert_deliveries d SET state = 'sending', attempts = d.attempts + 1,
    maybe_twice = d.maybe_twice OR d.state = 'sending', next_at = :until
FROM (
    SELECT id FROM alert_deliveries w
    WHERE state IN ('waiting', 'sending') AND next_at <= :now
        AND NOT EXISTS (SELECT FROM alert_deliveries earlier
            WHERE earlier.channel_id = w.channel_id AND earlier.id < w.id
                AND earlier.state IN ('waiting', 'sending'))
    ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED
) AS taken WHERE d.id = taken.id
RETURNING d.organization_id, d.id, d.attempts
"""
_DIGEST_DUE: Final = """
SELECT DISTINCT c.organization_id FROM alert_channels c
WHERE c.enabled AND c.digest
    AND EXISTS (SELECT FROM alerts a WHERE a.organization_id = c.organization_id
        AND a.severity = 'info' AND a.last_seen_at > now() - interval '1 day')
    AND NOT EXISTS (SELECT FROM alert_deliveries d WHERE d.channel_id = c.id
        AND d.event = 'digest' AND d.created_at >= :today)
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which alerts a list is of; None does not matter."""

    state: str | None = None
    severity: str | None = None
    model: str | None = None
    monitor_id: UUID | None = None
    kind: str | None = None


async def lock(session: Session, organization_id: UUID, key: str) -> None:
    """Let one transaction at a time say something of a cause."""
    hashed = func.hashtextextended(f"{organization_id.hex}/{key}", _LOCK_SPACE)
    await session.execute(select(func.pg_advisory_xact_lock(hashed)))


async def by_id(
    session: Session, organization_id: UUID, alert_id: UUID, *, lock: bool = False
) -> Alert | None:
    """Find one alert."""
    query = _mine(organization_id).where(Alert.id == alert_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def open_of(session: Session, organization_id: UUID, key: str) -> Alert | None:
    """Find the alert of a cause that is not resolved."""
    query = _mine(organization_id).where(Alert.key == key, Alert.state != "resolved")
    return await session.scalar(query.with_for_update())


async def last_of(session: Session, organization_id: UUID, key: str) -> Alert | None:
    """Find the alert of a cause that was resolved last."""
    query = _mine(organization_id).where(Alert.key == key, Alert.state == "resolved")
    return await session.scalar(query.order_by(Alert.resolved_at.desc()).limit(1).with_for_update())


async def open_causes(
    session: Session, organization_id: UUID, monitor_id: UUID
) -> dict[str, str | None]:
    """List the causes of a monitor whose alerts are not resolved, each with its model."""
    query = _mine(organization_id).where(Alert.monitor_id == monitor_id, Alert.state != "resolved")
    rows = await session.execute(query.with_only_columns(Alert.key, Alert.model).order_by(Alert.id))
    return {row.key: row.model for row in rows}


async def open_by_monitor(
    session: Session, organization_id: UUID, monitor_ids: Iterable[UUID]
) -> dict[UUID, Alert]:
    """Return the worst alert of each monitor that is not resolved."""
    query = _mine(organization_id).where(
        Alert.monitor_id.in_(list(monitor_ids)), Alert.state != "resolved"
    )
    found: dict[UUID, Alert] = {}
    for row in await session.scalars(query.order_by(Alert.id)):
        held = found.get(cast("UUID", row.monitor_id))
        if held is None or row.severity == "critical":
            found[cast("UUID", row.monitor_id)] = row
    return found


async def page(
    session: Session, organization_id: UUID, choice: Choice, after: list[str] | None, limit: int
) -> tuple[Sequence[Alert], int | None, str | None]:
    """Return one page of alerts, newest first, the number of all and the next cursor."""
    chosen = _chosen(organization_id, choice)
    counted = chosen.with_only_columns(Alert.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    if after is not None:
        last = ids.parse("alert", after[0]) if len(after) == 1 else None
        if last is None:
            raise UnknownCursor(param="cursor")
        chosen = chosen.where(Alert.id < last)
    found = (await session.scalars(chosen.order_by(Alert.id.desc()).limit(limit + 1))).all()
    rows = found[:limit]
    more = cursor(rows[-1].id.hex) if len(found) > len(rows) else None
    return rows, total if total <= COUNT_LIMIT else None, more


async def count_open(session: Session, organization_id: UUID) -> dict[str, int]:
    """Count alerts that are not resolved, by severity."""
    query = (
        _mine(organization_id)
        .where(Alert.state != "resolved")
        .with_only_columns(Alert.severity, func.count())
        .group_by(Alert.severity)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def open_about(session: Session, organization_id: UUID, model: str, but: UUID) -> str | None:
    """Name an alert about a model that is not resolved and rings; `but` is the monitor that asks."""
    query = _mine(organization_id).where(
        Alert.model == model,
        Alert.state != "resolved",
        Alert.severity != "info",
        or_(Alert.monitor_id.is_(None), Alert.monitor_id != but),
    )
    return await session.scalar(query.with_only_columns(Alert.title).limit(1))


async def recommendations(session: Session, organization_id: UUID, most: int) -> list[str]:
    """List what alerts that are not resolved recommend, the newest first."""
    query = _mine(organization_id).where(Alert.state != "resolved", Alert.severity != "info")
    query = query.with_only_columns(Alert.recommendation).order_by(Alert.id.desc()).limit(most)
    return list(await session.scalars(query))


async def live(
    session: Session, organization_id: UUID, since: datetime, most: int
) -> Sequence[Alert]:
    """List alerts that are not resolved, or were after a moment, the newest first."""
    query = _mine(organization_id).where(or_(Alert.state != "resolved", Alert.resolved_at >= since))
    return (await session.scalars(query.order_by(Alert.id.desc()).limit(most))).all()


async def rang_nobody(
    session: Session, organization_id: UUID, since: datetime, most: int
) -> Sequence[Alert]:
    """List what the digest tells: what is only for information, since a moment."""
    query = _mine(organization_id).where(Alert.severity == "info", Alert.last_seen_at > since)
    return (await session.scalars(query.order_by(Alert.id.desc()).limit(most))).all()


async def digest_due(owner: Session, today: datetime) -> list[UUID]:
    """List organizations with something for a digest and a channel that has none of today; as the owner."""
    rows = await owner.execute(text(_DIGEST_DUE), {"today": today})
    return [row[0] for row in rows]


async def had_digest(session: Session, organization_id: UUID, today: datetime) -> set[UUID]:
    """Tell which channels were written a digest today."""
    query = select(AlertDelivery.channel_id).where(
        AlertDelivery.organization_id == organization_id,
        AlertDelivery.event == "digest",
        AlertDelivery.created_at >= today,
    )
    return set(await session.scalars(query))


async def silenced_until(session: Session, organization_id: UUID, key: str) -> datetime | None:
    """Tell until when a cause rings nobody; maybe in the past."""
    query = select(func.max(AlertSilence.until)).where(
        AlertSilence.organization_id == organization_id, AlertSilence.key == key
    )
    return await session.scalar(query)


async def channels(session: Session, organization_id: UUID) -> Sequence[AlertChannel]:
    """List all channels by name."""
    query = select(AlertChannel).where(AlertChannel.organization_id == organization_id)
    return (await session.scalars(query.order_by(AlertChannel.name))).all()


async def channel(
    session: Session, organization_id: UUID, channel_id: UUID, *, lock: bool = False
) -> AlertChannel | None:
    """Find one channel."""
    query = select(AlertChannel).where(
        AlertChannel.organization_id == organization_id, AlertChannel.id == channel_id
    )
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def waiting(session: Session, organization_id: UUID) -> dict[UUID, int]:
    """Count messages that have yet to arrive, by channel."""
    query = (
        select(AlertDelivery.channel_id, func.count())
        .where(
            AlertDelivery.organization_id == organization_id,
            AlertDelivery.state.in_(["waiting", "sending"]),
        )
        .group_by(AlertDelivery.channel_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def told(
    session: Session, organization_id: UUID, alert_id: UUID
) -> Sequence[tuple[AlertDelivery, str]]:
    """List messages about an alert with the names of their channels, oldest first."""
    query = (
        select(AlertDelivery, AlertChannel.name)
        .join(AlertChannel, AlertChannel.id == AlertDelivery.channel_id)
        .where(AlertDelivery.organization_id == organization_id, AlertDelivery.alert_id == alert_id)
        .order_by(AlertDelivery.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def told_channels(session: Session, organization_id: UUID, alert_id: UUID) -> set[UUID]:
    """Tell which channels a message about an alert was for."""
    query = select(AlertDelivery.channel_id).where(
        AlertDelivery.organization_id == organization_id, AlertDelivery.alert_id == alert_id
    )
    return set(await session.scalars(query))


async def cancel_waiting(session: Session, organization_id: UUID, channel_id: UUID) -> None:
    """Give up what has yet to be sent to a channel."""
    await session.execute(
        update(AlertDelivery)
        .where(
            AlertDelivery.organization_id == organization_id,
            AlertDelivery.channel_id == channel_id,
            AlertDelivery.state == "waiting",
        )
        .values(state="cancelled", ended_at=func.now(), error="The channel was switched off.")
        .execution_options(synchronize_session=False)
    )


async def claim(owner: Session, now: datetime, most: int) -> list[tuple[UUID, UUID, int]]:
    """Take messages that are due, one of each channel, in the order in which they came; as the owner."""
    values: dict[str, Any] = {"now": now, "until": now + _LEASE, "most": most}
    return [(row[0], row[1], row[2]) for row in await owner.execute(text(_CLAIM), values)]


async def held(
    session: Session, organization_id: UUID, delivery_id: UUID, attempt: int
) -> AlertDelivery | None:
    """Find a message that this attempt still holds."""
    query = (
        select(AlertDelivery)
        .where(
            AlertDelivery.organization_id == organization_id,
            AlertDelivery.id == delivery_id,
            AlertDelivery.attempts == attempt,
            AlertDelivery.state == "sending",
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return await session.scalar(query)


def _mine(organization_id: UUID) -> Select[Alert]:
    return select(Alert).where(Alert.organization_id == organization_id)


def _chosen(organization_id: UUID, choice: Choice) -> Select[Alert]:
    query = _mine(organization_id)
    wanted = (
        (Alert.state, choice.state),
        (Alert.severity, choice.severity),
        (Alert.model, choice.model),
        (Alert.monitor_id, choice.monitor_id),
        (Alert.kind, choice.kind),
    )
    return query.where(*(column == value for column, value in wanted if value is not None))

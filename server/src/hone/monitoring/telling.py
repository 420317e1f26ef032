"""What is told to channels is written down in the transaction that makes it true; workers send it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.monitoring.models import Alert, AlertChannel, AlertDelivery
from hone.monitoring.repository import alerts

Event = Literal["opened", "reopened", "worse", "resolved", "digest", "test", "training"]
_WEIGHT: Final[dict[str, int]] = {"info": 0, "warning": 1, "critical": 2}
_BEGINNINGS: Final[dict[str, str]] = {
    "opened": "Alert",
    "reopened": "Alert again",
    "worse": "Alert is critical",
    "resolved": "Resolved",
}


async def tell(session: Session, row: Alert, event: Event, now: datetime) -> None:
    """Tell every channel that wants to know; of an end, those that heard of the beginning."""
    channels = await alerts.channels(session, row.organization_id)
    if event == "resolved":
        heard = await alerts.told_channels(session, row.organization_id, row.id)
        chosen = [each for each in channels if each.enabled and each.id in heard]
    else:
        chosen = [each for each in channels if each.enabled and _wants(each, row)]
        row.told_at = now
    said = message(row, event)
    session.add_all(
        _delivery(each, event, said, alert_id=row.id, turn=_turn(row, event)) for each in chosen
    )
    await session.flush()


def tell_one(channel: AlertChannel, event: Event, said: dict[str, Any]) -> AlertDelivery:
    """Make a message to one channel that is about no one alert."""
    return _delivery(channel, event, said, alert_id=None, turn=0)


def message(row: Alert, event: Event) -> dict[str, Any]:
    """Write an alert as it is sent."""
    return {
        "event": event,
        "subject": f"{_BEGINNINGS[event]}: {row.title}",
        "words": (row.note or row.words) if event == "resolved" else row.words,
        "recommendation": "" if event == "resolved" else row.recommendation,
        "alert": {
            "id": ids.public("alert", row.id),
            "kind": row.kind,
            "severity": row.severity,
            "state": row.state,
            "title": row.title,
            "model": row.model,
            "route": row.route,
            "openedAt": row.opened_at.isoformat(),
            "evidence": row.evidence,
        },
    }


def digest(rows: Sequence[Alert], now: datetime) -> dict[str, Any]:
    """Write what rang nobody since yesterday."""
    lines = [f"{each.title}: {each.words}" for each in rows]
    return {
        "event": "digest",
        "subject": f"Daily digest: {len(rows)} thing{'s' if len(rows) != 1 else ''} to know",
        "words": "\n".join(lines),
        "recommendation": "",
        "alerts": [ids.public("alert", each.id) for each in rows],
        "at": now.isoformat(),
    }


def trial(channel: AlertChannel) -> dict[str, Any]:
    """Write a message that only shows that messages arrive."""
    return {
        "event": "test",
        "subject": f"Test of the channel {channel.name}",
        "words": "This is how alerts of Hone arrive here. Nothing is wrong.",
        "recommendation": "",
    }


def _wants(channel: AlertChannel, row: Alert) -> bool:
    # What is only for information waits for the digest, unless a channel asks for it.
    return _WEIGHT[row.severity] >= _WEIGHT[channel.severity]


def _turn(row: Alert, event: Event) -> int:
    """Number what may be said several times of one alert; the same is said once."""
    return row.seen if event in {"reopened", "worse"} else row.reopened


def _delivery(
    channel: AlertChannel, event: Event, said: dict[str, Any], *, alert_id: UUID | None, turn: int
) -> AlertDelivery:
    return AlertDelivery(
        id=ids.new(),
        organization_id=channel.organization_id,
        channel_id=channel.id,
        alert_id=alert_id,
        event=event,
        round=turn,
        message=said,
        state="waiting",
        attempts=0,
        maybe_twice=False,
    )


def enabled(channels: Iterable[AlertChannel]) -> list[AlertChannel]:
    """List those that get the digest."""
    return [each for each in channels if each.enabled and each.digest]

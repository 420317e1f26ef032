"""What training tells to channels: the trail of events is followed, and each word becomes a message.

The place in the trail is written with the messages: whoever is killed leaves none out, and none twice.
"""

from typing import Any, Final

from sqlalchemy import select

from hone import training
from hone.core import events
from hone.core.db import Database, Session
from hone.core.events import Details, Event
from hone.monitoring import telling
from hone.monitoring.repository import alerts

CONSUMER: Final = "monitoring.training"
_TOLD: Final = "training_run.told"


async def follow(owner: Database) -> int:
    """Carry on what runs told since; return how many events were read."""
    async with owner.transaction() as session:
        found = await events.unread(session, CONSUMER)
        for event in found:
            if event.name == _TOLD:
                await _carry_on(session, event)
        if found:
            await events.advance(session, CONSUMER, found[-1].sequence)
    return len(found)


async def _carry_on(session: Session, event: Event) -> None:
    query = select(Details.data).where(
        Details.event_id == event.id, Details.organization_id == event.organization_id
    )
    said: dict[str, Any] = dict(await session.scalar(query) or {})
    channels = await alerts.channels(session, event.organization_id)
    channel = next((each for each in channels if each.name == said.get("channel")), None)
    if channel is None or not channel.enabled:
        missing = "There is no such channel" if channel is None else "It is switched off"
        words = f"The channel {said.get('channel')!r} did not hear of it. {missing}."
        await training.warn(session, event.organization_id, event.subject, words)
        return
    message = {
        "event": "training",
        "occasion": said.get("occasion"),
        "run": event.subject,
        "model": said.get("model"),
        "subject": said.get("title"),
        "words": said.get("words"),
        "recommendation": "",
    }
    session.add(telling.tell_one(channel, "training", message))
    await session.flush()

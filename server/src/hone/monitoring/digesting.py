"""Once a day, what rang nobody is told in one message to each channel that wants it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Database, Session
from hone.monitoring import telling
from hone.monitoring.repository import alerts, monitors

_DAY: Final = timedelta(days=1)
_HOUR: Final = 8
"""UTC; digests are written from then on."""
_MOST: Final = 50
_KEPT: Final = timedelta(days=90)


async def tick(owner: Database, database: Database) -> int:
    """Write digests that are due; return how many organizations got one."""
    now = clock.now()
    if now.hour < _HOUR:
        return 0
    async with owner.transaction() as session:
        due = await alerts.digest_due(session, _begins(now))
    for organization_id in due:
        async with database.transaction(organization_id) as session:
            await write(session, organization_id, now)
    return len(due)


async def write(session: Session, organization_id: UUID, now: datetime) -> int:
    """Write an organization's digest to every channel that wants it and has none of today."""
    await alerts.lock(session, organization_id, "digest")
    rows = await alerts.rang_nobody(session, organization_id, now - _DAY, _MOST)
    if not rows:
        return 0
    had = await alerts.had_digest(session, organization_id, _begins(now))
    channels = await alerts.channels(session, organization_id)
    made = [
        telling.tell_one(each, "digest", telling.digest(rows, now))
        for each in telling.enabled(channels)
        if each.id not in had
    ]
    session.add_all(made)
    await session.flush()
    return len(made)


def _begins(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


async def forget(owner: Database) -> None:
    """Delete what was measured, and what was told, more than ninety days ago; alerts go by their own rule."""
    async with owner.transaction() as session:
        await monitors.forget(session, clock.now() - _KEPT)

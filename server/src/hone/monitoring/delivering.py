"""Messages are taken one by one, sent outside of any transaction, and ended by the worker that has them.

A message that cannot be sent is tried again, ever later, for three days: a channel that was down for an
hour catches up, in order. A worker that is lost between sending and saying so leaves a message that
another one sends again after a minute, saying that it may have come before; `webhook-id` and the e-mail's
Message-ID stay the same, so that a receiver can tell.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.monitoring import sending
from hone.monitoring.models import AlertChannel, AlertDelivery
from hone.monitoring.place import Place
from hone.monitoring.repository import alerts
from hone.monitoring.sending import Envelope, Secrets, Undelivered

log = logging.getLogger(__name__)

GIVEN_UP: Final = timedelta(days=3)
_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(minutes=5)
AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class _Ready:
    channel: AlertChannel
    secrets: Secrets | None
    envelope: Envelope


async def claim(owner: Database) -> list[tuple[UUID, UUID, int]]:
    """Take what is due: organization, message, and the number of this try."""
    async with owner.transaction() as session:
        return await alerts.claim(session, clock.now(), AT_ONCE)


async def carry(
    database: Database, place: Place, organization_id: UUID, delivery_id: UUID, attempt: int
) -> None:
    """Send one message that was taken, and write down what came of it."""
    async with database.transaction(organization_id) as session:
        ready = await _prepare(session, place, organization_id, delivery_id, attempt)
    if ready is None:
        return
    trouble: Undelivered | None = None
    try:
        await sending.deliver(place.settings, ready.channel, ready.secrets, ready.envelope)
    except Undelivered as error:
        trouble = error
    async with database.transaction(organization_id) as session:
        row = await alerts.held(session, organization_id, delivery_id, attempt)
        if row is not None:
            row.maybe_twice = row.maybe_twice or (trouble is not None and trouble.maybe)
            await _settle(session, row, trouble and str(trouble))


async def _prepare(
    session: Session, place: Place, organization_id: UUID, delivery_id: UUID, attempt: int
) -> _Ready | None:
    row = await alerts.held(session, organization_id, delivery_id, attempt)
    if row is None:
        return None
    channel = await alerts.channel(session, organization_id, row.channel_id)
    if channel is None or not channel.enabled:
        _end(row, "cancelled", "The channel was switched off.")
        return None
    try:
        secrets = await sending.opened(session, place.keyring, channel)
    except AppError as error:
        await _settle(session, row, f"Its address cannot be read: {error.message}")
        return None
    name = sending.name_of(row.id)
    return _Ready(channel, secrets, Envelope(name, clock.now(), row.message, row.maybe_twice))


async def _settle(session: Session, row: AlertDelivery, trouble: str | None) -> None:
    now = clock.now()
    channel = await alerts.channel(session, row.organization_id, row.channel_id, lock=True)
    if trouble is None:
        _end(row, "delivered", None)
        if channel is not None:
            channel.failing_since = channel.last_error = None
        return
    log.info("message %s did not arrive: %s", row.id, trouble)
    if channel is not None:
        channel.failing_since = channel.failing_since or now
        channel.last_error = trouble
    if now - row.created_at >= GIVEN_UP:
        _end(row, "failed", trouble)
        return
    row.state, row.error, row.next_at = "waiting", trouble, later(row.attempts, now)


def later(attempts: int, now: datetime) -> datetime:
    """Tell when a message is tried again after so many tries."""
    return now + min(_LONGEST, _FIRST * 2 ** min(attempts - 1, 10))


def _end(row: AlertDelivery, state: str, why: str | None) -> None:
    row.state, row.error, row.ended_at = state, why, clock.now()

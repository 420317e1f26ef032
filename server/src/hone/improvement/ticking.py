"""Time passes: policies are looked at, and turns move on, each in a transaction of its own."""

import logging
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Database
from hone.improvement.repository import policies, turns
from hone.improvement.service import looking, moving
from hone.training import Place

log = logging.getLogger(__name__)

_MOST_MOVES: Final = 6
"""States that one turn may go through at a time; the next ones come with the next tick."""


async def tick(owner: Database, database: Database, place: Place) -> int:
    """Look at policies that are due and move turns that are; return how many there were."""
    now = clock.now()
    async with owner.transaction() as session:
        looked = await policies.due(session, now)
    for organization_id, policy_id in looked:
        async with database.transaction(organization_id) as session:
            row = await policies.free(session, organization_id, policy_id)
            # Another worker may have been here meanwhile.
            if row is not None and row.enabled and row.next_at <= clock.now():
                await looking.come(session, row)
    async with owner.transaction() as session:
        moved = await turns.due(session, clock.now())
    for organization_id, turn_id in moved:
        await _move(database, place, organization_id, turn_id)
    return len(looked) + len(moved)


async def _move(database: Database, place: Place, organization_id: UUID, turn_id: UUID) -> None:
    for _ in range(_MOST_MOVES):
        async with database.transaction(organization_id) as session:
            row = await turns.free(session, organization_id, turn_id)
            if row is None or row.finished_at is not None or row.next_at > clock.now():
                return
            if not await moving.step(session, place, row):
                return

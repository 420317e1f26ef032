"""A training run may ask for a release of what it makes: it is begun once the run has succeeded.

The trail of events is followed. Whoever is killed between a release and the place in the trail does it
again and finds the release there: a version is released by its run once.
"""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from hone import training
from hone.core import clock, events
from hone.core.db import Database
from hone.core.errors import AppError
from hone.core.events import Event
from hone.identity import system
from hone.releases import repository
from hone.releases.schemas import ReleaseStart, ReleaseStrategy
from hone.releases.service import starting

log = logging.getLogger(__name__)

CONSUMER: Final = "releases"
_SUCCEEDED: Final = "training_run.succeeded"
_LATEST: Final = timedelta(hours=1)
"""A worker that comes back after longer releases nothing that nobody waits for any more."""
_STRATEGIES: Final[tuple[ReleaseStrategy, ...]] = ("shadow", "canary")


async def follow(owner: Database, database: Database) -> int:
    """Begin the releases that runs asked for; return how many events were read."""
    async with owner.transaction() as session:
        found = await events.unread(session, CONSUMER)
    for event in found:
        if event.name == _SUCCEEDED and clock.now() - event.at < _LATEST:
            await _begin(database, event)
    if found:
        async with owner.transaction() as session:
            await events.advance(session, CONSUMER, found[-1].sequence)
    return len(found)


async def _begin(database: Database, event: Event) -> None:
    organization_id: UUID = event.organization_id
    actor = system(organization_id)
    try:
        async with database.transaction(organization_id) as session:
            run = await training.get(session, actor, event.subject)
            steps = set(run.spec.get("onSuccess", ()))
            wanted: ReleaseStrategy | None = next(filter(steps.__contains__, _STRATEGIES), None)
            if wanted is None or run.version is None:
                return
            asked = f"Asked for by {run.created_by} when the training {run.id} began."
            if await repository.asked(session, organization_id, asked):
                return
            data = ReleaseStart(name=run.model, version=run.version, strategy=wanted, reason=asked)
            await starting.start(session, actor, data)
    except AppError as error:
        log.warning("the training %s is not released: %s", event.subject, error.message)

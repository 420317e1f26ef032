"""Background work of learned routing: fits, and those that stand still."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Database, Session
from hone.core.jobs import Job
from hone.routing import repository, service
from hone.routing.errors import FitLost
from hone.routing.fitting import Place, carry_out, fail

FIT: Final = service.FIT
_STANDS_AFTER: Final = timedelta(minutes=10)


async def fit(place: Place, job: Job, organization: str, fit: str) -> None:
    """Do a fit; one whose worker was killed begins anew, and the active model stays what it is."""
    organization_id = UUID(organization)

    def step(last: bool) -> AbstractAsyncContextManager[Session]:
        return job.step(organization_id, last=last)

    await carry_out(place, organization_id, UUID(fit), step)


async def end_lost(owner: Database) -> None:
    """Fail fits that nobody has worked at for ten minutes, so that another can begin."""
    async with owner.transaction() as session:
        found = await repository.standing(session, clock.now() - _STANDS_AFTER)
    for organization_id, fit_id in found:

        def step(last: bool, mine: UUID = organization_id) -> AbstractAsyncContextManager[Session]:
            return owner.transaction(mine)

        await fail(step, organization_id, fit_id, FitLost())

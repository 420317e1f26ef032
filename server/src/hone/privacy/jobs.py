"""Background work of privacy: erasures that were begun, and those that stand still."""

from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from hone.core import clock
from hone.core.db import Database
from hone.core.jobs import Job, defer
from hone.privacy import repository, service
from hone.privacy.erasing import Place, carry_out

ERASE: Final = service.ERASE
_STANDS_AFTER: Final = timedelta(minutes=10)


async def erase(place: Place, job: Job, organization: str, erasure: str) -> None:
    """Carry an erasure out; one that is killed goes on where it was."""
    held = Job(job.id, job.token, place.owner)
    organization_id = UUID(organization)
    await carry_out(place, organization_id, UUID(erasure), partial(held.step, organization_id))


async def go_on(database: Database) -> None:
    """Give erasures that have not moved for ten minutes to a worker again."""
    async with database.transaction() as session:
        found = await repository.organizations(session)
    for organization_id in found:
        async with database.transaction(organization_id) as session:
            since = clock.now() - _STANDS_AFTER
            for erasure_id in await repository.standing(session, organization_id, since):
                arguments = {"organization": organization_id.hex, "erasure": erasure_id.hex}
                await defer(session, ERASE, arguments, lock=f"{ERASE}:{erasure_id.hex}")

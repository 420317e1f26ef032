"""Background work of the audit trail: walks along the chain, asked for and every night."""

import logging
from uuid import UUID

from hone.audit import repository, service
from hone.core import clock, events, ids
from hone.core.db import Database
from hone.core.events import Walked, publish
from hone.core.jobs import Job
from hone.identity import system

log = logging.getLogger(__name__)

VERIFY = service.VERIFY
_LINKS_PER_STEP = 2000


async def verify_chain(job: Job, *, organization: str, verification: str) -> None:
    """Walk a chain in steps; one that is killed goes on where the last step ended."""
    organization_id, verification_id = UUID(organization), UUID(verification)
    while True:
        async with job.step(organization_id) as session:
            row = await repository.verification_by_id(session, organization_id, verification_id)
            if row is None or row.finished_at is not None:
                return
            walked, broken = await events.follow(
                session, organization_id, Walked(row.checked, row.hash), _LINKS_PER_STEP
            )
            ended = broken is not None or walked.checked - row.checked < _LINKS_PER_STEP
            row.checked, row.hash = walked.checked, walked.hash
            if ended:
                row.finished_at = clock.now()
                row.state = "whole" if broken is None else "broken"
            if broken is not None:
                row.broken_at, row.reason = broken.position, broken.reason
                data = {"position": broken.position, "reason": broken.reason}
                subject = ids.public("ver", verification_id)
                publish(session, organization_id, "system", "audit.chain_broken", subject, data)
                log.error(
                    "the audit trail of %s does not hold at %s: %s",
                    organization_id,
                    broken.position,
                    broken.reason,
                )


async def verify_all(database: Database) -> None:
    """Begin a walk in every organization."""
    async with database.transaction() as session:
        found = await repository.organizations(session)
    for organization_id in found:
        async with database.transaction(organization_id) as session:
            await service.begin(session, system(organization_id))


async def broken_chains(owner: Database) -> int:
    """Count the organizations whose last walk found a break; asked as the owner."""
    async with owner.transaction() as session:
        return await repository.broken(session)

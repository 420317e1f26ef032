"""Background work of datasets: checks, what is learned from feedback, and what goes."""

from datetime import timedelta
from functools import partial
from typing import Final

from hone import operations
from hone.core import clock
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.jobs import Handler, Job
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.datasets import checking, erasing, gathering
from hone.datasets.repository import findings
from hone.datasets.service.checks import CHECK

_STANDS_AFTER: Final = timedelta(minutes=10)
_PARENTS: Final = ("examples",)


def handlers(owner: Database, settings: Settings, keyring: Keyring, blobs: Blobs) -> list[Handler]:
    """List the jobs of datasets."""

    async def gather(_: Job) -> None:
        while await gathering.gather(owner, keyring):
            pass

    async def end_lost(_: Job) -> None:
        await end_lost_checks(owner)

    async def go(_: Job) -> None:
        await erasing.erase_marked(owner, keyring, blobs)

    async def retain(_: Job) -> None:
        await erasing.apply_retention(owner)

    async def partitions(_: Job) -> None:
        await keep_partitions(owner)

    place = checking.Place(settings, keyring)
    return [
        Handler(CHECK, partial(checking.check, place)),
        Handler("datasets.gather", gather, cron="* * * * * */5"),
        Handler("datasets.end_lost", end_lost, cron="*/5 * * * *"),
        Handler("datasets.erase_marked", go, cron="*/10 * * * *"),
        Handler("datasets.apply_retention", retain, cron="37 3 * * *"),
        Handler("datasets.keep_partitions", partitions, cron="9 * * * *"),
    ]


async def keep_partitions(owner: Database) -> list[str]:
    """Make the partitions of examples of the present and the next month."""
    return await operations.keep_partitions(owner, _PARENTS)


async def end_lost_checks(owner: Database) -> None:
    """Fail checks that nobody has worked at for ten minutes, so that another can begin."""
    async with owner.transaction() as session:
        found = await findings.standing(session, clock.now() - _STANDS_AFTER)
    for organization_id, check_id in found:
        async with owner.transaction(organization_id) as session:
            await checking.fail_lost(session, organization_id, check_id)

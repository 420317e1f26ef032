"""Background work of datasets: checks, what is learned from feedback, and what goes."""

from functools import partial
from typing import Final

from hone import operations
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.jobs import Handler, Job
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.datasets import checking, erasing, gathering, syncing
from hone.datasets.examining import Place
from hone.datasets.service.checks import CHECK

_PARENTS: Final = ("examples",)


def handlers(owner: Database, settings: Settings, keyring: Keyring, blobs: Blobs) -> list[Handler]:
    """List the jobs of datasets."""
    place = Place(settings, keyring)

    async def gather(_: Job) -> None:
        while await gathering.gather(owner, keyring):
            pass

    async def end_lost(_: Job) -> None:
        await checking.end_lost(owner, place)

    async def go(_: Job) -> None:
        await erasing.erase_marked(owner, keyring, blobs)

    async def retain(_: Job) -> None:
        await erasing.apply_retention(owner)

    async def partitions(_: Job) -> None:
        await keep_partitions(owner)

    return [
        Handler(CHECK, partial(checking.check, place)),
        Handler("datasets.gather", gather, cron="* * * * * */5"),
        Handler("datasets.sync_knowledge", partial(_sync, owner, place), cron="* * * * * */5"),
        Handler("datasets.end_lost", end_lost, cron="*/5 * * * *"),
        Handler("datasets.erase_marked", go, cron="*/10 * * * *"),
        Handler("datasets.apply_retention", retain, cron="37 3 * * *"),
        Handler("datasets.keep_partitions", partitions, cron="9 * * * *"),
    ]


async def _sync(owner: Database, place: Place, _: Job) -> None:
    while await syncing.sync(owner, place):
        pass


async def keep_partitions(owner: Database) -> list[str]:
    """Make the partitions of examples of the present and the next month."""
    return await operations.keep_partitions(owner, _PARENTS)

"""The background: jobs by name and schedule, the sealer of events, take-over of stalled jobs."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import SQLAlchemyError

from hone import operations
from hone.core import events
from hone.core.db import Database, refuse_unsafe_role
from hone.core.jobs import HEARTBEAT_INTERVAL, TAKE_OVER_INTERVAL, Handler, Job, Jobs
from hone.core.settings import Settings
from hone.serving.idempotency import forget_expired

log = logging.getLogger(__name__)

_SEAL_INTERVAL = 1.0
_OUTAGES = (psycopg.Error, SQLAlchemyError, ConnectorException, OSError)


def handlers(owner: Database) -> list[Handler]:
    """List every job of the product."""

    async def keep_partitions(job: Job) -> None:
        await operations.keep_partitions(owner)

    async def apply_retention(job: Job) -> None:
        await operations.apply_retention(owner)

    async def forget_claims(job: Job) -> None:
        await forget_expired(owner)

    return [
        Handler("operations.keep_partitions", keep_partitions, cron="7 * * * *"),
        Handler("operations.apply_retention", apply_retention, cron="23 3 * * *"),
        Handler("serving.forget_claims", forget_claims, cron="41 * * * *"),
    ]


class Worker:
    """One worker process."""

    def __init__(
        self,
        settings: Settings,
        *,
        beat: Callable[[], None] = lambda: None,
        extra: Sequence[Handler] = (),
    ) -> None:
        self._beat = beat
        self._app = Database.connect(settings.app_url, pool_size=4)
        self._owner = Database.connect(settings.owner_url, pool_size=2)
        self._jobs = Jobs.create(self._app, [*handlers(self._owner), *extra])

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; outlive every outage of the database."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._beats()),
                group.create_task(self._seal()),
                group.create_task(self._take_over()),
                group.create_task(self._serve_jobs()),
            ]
            await stop.wait()
            for task in tasks:
                task.cancel()
        await self._app.aclose()
        await self._owner.aclose()

    async def _beats(self) -> None:
        while True:
            self._beat()
            await asyncio.sleep(1.0)

    async def _seal(self) -> None:
        """Seal events as they come; NOTIFY saves waiting, the interval saves a lost NOTIFY."""
        while True:
            try:
                while await events.seal(self._owner):
                    pass
                await self._await_events()
            except _OUTAGES as error:
                log.warning("cannot seal events: %s", error)
                await asyncio.sleep(1.0)

    async def _await_events(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._owner.url, autocommit=True, connect_timeout=5
        ) as connection:
            await connection.execute("LISTEN hone_events")
            while True:
                async for _ in connection.notifies(timeout=_SEAL_INTERVAL, stop_after=1):
                    pass
                while await events.seal(self._owner):
                    pass

    async def _take_over(self) -> None:
        while True:
            await asyncio.sleep(TAKE_OVER_INTERVAL)
            try:
                await self._jobs.take_over()
            except _OUTAGES as error:
                log.warning("cannot look for stalled jobs: %s", error)

    async def _serve_jobs(self) -> None:
        while True:
            try:
                await refuse_unsafe_role(self._app)
                await operations.keep_partitions(self._owner)
                async with self._jobs.app.open_async():
                    await self._jobs.app.run_worker_async(
                        concurrency=4,
                        install_signal_handlers=False,
                        fetch_job_polling_interval=1.0,
                        update_heartbeat_interval=HEARTBEAT_INTERVAL,
                        stalled_worker_timeout=60.0,
                        shutdown_graceful_timeout=10.0,
                        delete_jobs="successful",
                    )
            except _OUTAGES as error:
                log.warning("cannot run jobs: %s", error)
                await asyncio.sleep(1.0)


async def work(settings: Settings, beat: Callable[[], None]) -> None:
    """Run a worker until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker(settings, beat=beat).run(stop)

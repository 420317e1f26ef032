"""The background: jobs by name and schedule, the sealer of events, take-over of stalled jobs."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import SQLAlchemyError

from hone import audit, identity, limits, operations, privacy
from hone.core import events, keyring
from hone.core.connection import connect
from hone.core.db import Database, refuse_unsafe_role
from hone.core.errors import AppError
from hone.core.jobs import HEARTBEAT_INTERVAL, TAKE_OVER_INTERVAL, Handler, Job, Jobs
from hone.core.settings import Settings
from hone.gateway import HOLDER_SECONDS
from hone.serving.idempotency import forget_expired

log = logging.getLogger(__name__)

_SEAL_INTERVAL = 1.0
_LIMITS_INTERVAL = 1.0
_PATIENCE = 15.0
"""Seconds that one answer of the database may take; then a new connection is tried."""
_OUTAGES = (psycopg.Error, SQLAlchemyError, ConnectorException, OSError, AppError)


def handlers(owner: Database, settings: Settings) -> list[Handler]:
    """List every job of the product."""
    ring = keyring.load(settings)

    def as_owner(work: Callable[[Database], Awaitable[object]]) -> Callable[[Job], Awaitable[None]]:
        async def run(job: Job) -> None:
            await work(owner)

        return run

    async def send_mail(job: Job, organization_id: str, sealed: str) -> None:
        organization = UUID(organization_id)
        await identity.send_mail(job.database, ring, settings.mail, organization, sealed)

    place = privacy.Place(owner, ring, settings.data_dir)

    async def go_on_erasing(job: Job) -> None:
        await privacy.go_on(job.database)

    async def verify_chains(job: Job) -> None:
        await audit.verify_all(job.database)

    return [
        Handler(audit.VERIFY, audit.verify_chain),
        Handler("audit.verify_all", verify_chains, cron="11 2 * * *"),
        Handler("identity.forget_expired", as_owner(identity.forget_expired), cron="53 * * * *"),
        Handler(identity.SEND_MAIL, send_mail, retries=8),
        Handler("limits.forget_old", as_owner(limits.forget_old), cron="29 * * * *"),
        Handler(
            "operations.keep_partitions", as_owner(operations.keep_partitions), cron="7 * * * *"
        ),
        Handler("privacy.apply_retention", as_owner(privacy.apply_retention), cron=privacy.CRON),
        Handler(privacy.ERASE, partial(privacy.erase, place)),
        Handler("privacy.go_on", go_on_erasing, cron="*/10 * * * *"),
        Handler("serving.forget_claims", as_owner(forget_expired), cron="41 * * * *"),
    ]


class _Outage:
    """Says once that something fails, and once that it works again."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._said = ""

    def say(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._said:
            self._said = kind
            log.warning("cannot %s: %s", self._what, str(error) or kind)

    def over(self) -> None:
        if self._said:
            self._said = ""
            log.info("can %s again", self._what)


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
        self._jobs = Jobs.create(self._app, [*handlers(self._owner, settings), *extra])

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; outlive every outage of the database."""
        async with (
            contextlib.aclosing(self._app),
            contextlib.aclosing(self._owner),
            asyncio.TaskGroup() as group,
        ):
            tasks = [
                group.create_task(self._beats()),
                group.create_task(self._seal()),
                group.create_task(self._take_over()),
                group.create_task(self._keep_limits()),
                group.create_task(self._serve_jobs()),
            ]
            await stop.wait()
            for task in tasks:
                task.cancel()

    async def _beats(self) -> None:
        while True:
            self._beat()
            await asyncio.sleep(1.0)

    async def _seal(self) -> None:
        """Seal events as they come; NOTIFY saves waiting, the interval saves a lost NOTIFY."""
        outage = _Outage("seal events")
        while True:
            try:
                await self._seal_as_they_come(outage)
            except _OUTAGES as error:
                outage.say(error)
                await asyncio.sleep(1.0)

    async def _seal_as_they_come(self, outage: _Outage) -> None:
        async with await connect(
            self._owner.url, patience=_PATIENCE, autocommit=True
        ) as connection:
            await connection.execute("LISTEN hone_events")
            while True:
                while await events.seal(self._owner):
                    pass
                outage.over()
                async for _ in connection.notifies(timeout=_SEAL_INTERVAL, stop_after=1):
                    pass

    async def _take_over(self) -> None:
        outage = _Outage("look for stalled jobs")
        while True:
            await asyncio.sleep(TAKE_OVER_INTERVAL)
            try:
                await self._jobs.take_over()
                outage.over()
            except _OUTAGES as error:
                outage.say(error)

    async def _keep_limits(self) -> None:
        """Free quota of dead processes; who was silent is only known after a while of listening."""
        outage = _Outage("keep limits")
        since = time.monotonic()
        while True:
            await asyncio.sleep(_LIMITS_INTERVAL)
            try:
                silent = time.monotonic() - since > 2 * HOLDER_SECONDS
                await limits.keep(self._owner, silent=silent)
                outage.over()
            except _OUTAGES as error:
                since = time.monotonic()
                outage.say(error)

    async def _serve_jobs(self) -> None:
        outage = _Outage("run jobs")
        while True:
            try:
                await refuse_unsafe_role(self._app)
                await operations.keep_partitions(self._owner)
                outage.over()
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
                outage.say(error)
                await asyncio.sleep(1.0)


async def work(settings: Settings, beat: Callable[[], None]) -> None:
    """Run a worker until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker(settings, beat=beat).run(stop)

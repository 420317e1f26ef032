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

from hone import (
    audit,
    batches,
    datasets,
    experiments,
    feedback,
    identity,
    improvement,
    limits,
    monitoring,
    operations,
    privacy,
    releases,
    routing,
    training,
)
from hone.core import events, keyring
from hone.core.blobs import Blobs
from hone.core.connection import connect
from hone.core.counters import Counters, SlotTaken
from hone.core.db import Database, refuse_unsafe_role
from hone.core.errors import AppError
from hone.core.jobs import HEARTBEAT_INTERVAL, TAKE_OVER_INTERVAL, Handler, Job, Jobs
from hone.core.settings import Settings
from hone.gateway import HOLDER_SECONDS
from hone.serving import Station, house_of
from hone.serving.idempotency import forget_expired

log = logging.getLogger(__name__)

_SEAL_INTERVAL = 1.0
_LIMITS_INTERVAL = 1.0
_SETTLE_INTERVAL = 0.5
_IMPROVE_INTERVAL = 1.0
_METER_INTERVAL = 5.0
_STANDING = "standing"
"""The slot of what is counted from rows."""
_LAST_LINES = 9.0
"""Seconds that lines of batches and training runs which are under way get to end."""
_PATIENCE = 15.0
"""Seconds that one answer of the database may take; then a new connection is tried."""
_OUTAGES = (psycopg.Error, SQLAlchemyError, ConnectorException, OSError, AppError)


def handlers(owner: Database, settings: Settings, runner: batches.Runner) -> list[Handler]:
    """List every job of the product."""
    ring = runner.place.ring

    def as_owner(work: Callable[[Database], Awaitable[object]]) -> Callable[[Job], Awaitable[None]]:
        async def run(job: Job) -> None:
            await work(owner)

        return run

    async def send_mail(job: Job, organization_id: str, sealed: str) -> None:
        organization = UUID(organization_id)
        await identity.send_mail(job.database, ring, settings.mail, organization, sealed)

    place = privacy.Place(owner, ring, settings.data_dir, runner.place.blobs)
    learning = routing.Place(settings, ring, runner.place.blobs)

    async def go_on_erasing(job: Job) -> None:
        await privacy.go_on(job.database)

    async def verify_chains(job: Job) -> None:
        await audit.verify_all(job.database)

    async def observe(job: Job) -> None:
        await feedback.observe(owner, ring)

    async def forget_files(job: Job) -> None:
        await batches.forget(owner, runner.place)

    return [
        *datasets.handlers(owner, settings, ring, runner.place.blobs),
        Handler(audit.VERIFY, audit.verify_chain),
        Handler("audit.verify_all", verify_chains, cron="11 2 * * *"),
        Handler(batches.RUN, partial(batches.run, runner), queue=batches.QUEUE),
        Handler(batches.GO_ON, as_owner(batches.go_on), cron="* * * * *"),
        Handler("batches.forget", forget_files, cron="* * * * * 30"),
        Handler("experiments.keep", as_owner(experiments.keep), cron="* * * * * */10"),
        Handler("feedback.observe", observe, cron="* * * * *"),
        Handler("identity.forget_expired", as_owner(identity.forget_expired), cron="53 * * * *"),
        Handler(identity.SEND_MAIL, send_mail, retries=8),
        Handler("limits.forget_old", as_owner(limits.forget_old), cron="29 * * * *"),
        Handler("monitoring.forget", as_owner(monitoring.forget), cron="37 3 * * *"),
        Handler(
            "operations.keep_partitions", as_owner(operations.keep_partitions), cron="7 * * * *"
        ),
        Handler("privacy.apply_retention", as_owner(privacy.apply_retention), cron=privacy.CRON),
        Handler(privacy.ERASE, partial(privacy.erase, place)),
        Handler("privacy.go_on", go_on_erasing, cron="*/10 * * * *"),
        Handler("routing.end_lost", as_owner(routing.end_lost), cron="*/5 * * * *"),
        Handler(routing.FIT, partial(routing.fit, learning)),
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
        self._settings = settings
        self._app = Database.connect(settings.app_url, pool_size=4 + settings.batches.running)
        self._owner = Database.connect(settings.owner_url, pool_size=2)
        ring, book = keyring.load(settings), batches.Book()
        self._ring = ring
        self._station = Station(settings, ring, book.port())
        place = batches.Place(
            self._app, ring, Blobs.open(settings), settings.server.max_upload_bytes
        )
        self._runner = batches.Runner(place, self._station, book, settings.batches.lines)
        self._learning = training.Place.open(settings, ring, place.blobs)
        self._training = training.Runner(self._learning, self._app, self._owner)
        self._monitoring = monitoring.Runner(
            monitoring.Place(settings, ring, place.blobs), self._app, self._owner
        )
        every = [*handlers(self._owner, settings, self._runner), *extra]
        self._jobs = Jobs.create(self._app, every)
        self._queues = {"default": 4, batches.QUEUE: settings.batches.running}
        """How many jobs of each queue run at a time."""

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
                group.create_task(self._settle_feedback()),
                group.create_task(self._move_releases()),
                group.create_task(self._improve()),
                group.create_task(self._meter()),
                group.create_task(self._serve_jobs()),
                group.create_task(self._station.run()),
                group.create_task(self._training.run()),
                group.create_task(self._monitoring.run()),
            ]
            await stop.wait()
            await asyncio.gather(self._runner.rest(_LAST_LINES), self._training.rest(_LAST_LINES))
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
                while await events.seal(self._owner) >= events.BATCH:
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

    async def _settle_feedback(self) -> None:
        """Let feedback count, or hold it, as it comes."""
        outage = _Outage("settle feedback")
        while True:
            await asyncio.sleep(_SETTLE_INTERVAL)
            try:
                # What came meanwhile waits for the next round: many at once cost little more than one.
                while await feedback.settle(self._owner, self._ring) >= feedback.BATCH:
                    pass
                outage.over()
            except _OUTAGES as error:
                outage.say(error)

    async def _move_releases(self) -> None:
        """Look at the releases that are under way, and move those that are due."""
        outage, house = _Outage("move releases"), house_of(self._settings, self._ring)
        while True:
            await asyncio.sleep(releases.INTERVAL)
            try:
                await releases.tick(self._owner, self._app, house)
                outage.over()
            except _OUTAGES as error:
                outage.say(error)

    async def _improve(self) -> None:
        """Let turns of improvement begin and move on."""
        outage = _Outage("look after improvement")
        while True:
            await asyncio.sleep(_IMPROVE_INTERVAL)
            try:
                await improvement.tick(self._owner, self._app, self._learning)
                outage.over()
            except _OUTAGES as error:
                outage.say(error)

    async def _meter(self) -> None:
        """Tell Prometheus how alerts, releases, experiments and turns stand."""
        outage = _Outage("count what stands")
        every = (monitoring.meter, releases.meter, experiments.meter, improvement.meter)
        counters: Counters | None = None
        while True:
            try:
                # Of several workers in one folder one tells it.
                counters = counters or Counters(self._settings.data_dir / "metrics", _STANDING)
                async with self._owner.transaction() as session:
                    for meter in every:
                        await meter(session, counters)
                self._monitoring.count(counters)
                outage.over()
            except SlotTaken:
                pass
            except _OUTAGES as error:
                outage.say(error)
            await asyncio.sleep(_METER_INTERVAL)

    async def _serve_jobs(self) -> None:
        outage = _Outage("run jobs")
        while True:
            try:
                await refuse_unsafe_role(self._app)
                await operations.keep_partitions(self._owner)
                await datasets.keep_partitions(self._owner)
                outage.over()
                async with self._jobs.app.open_async(), asyncio.TaskGroup() as group:
                    for queue, most in self._queues.items():
                        group.create_task(self._serve(queue, most))
            except* _OUTAGES as error:
                outage.say(error.exceptions[0])
                await asyncio.sleep(1.0)

    async def _serve(self, queue: str, most: int) -> None:
        await self._jobs.app.run_worker_async(
            queues=[queue],
            concurrency=most,
            install_signal_handlers=False,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=HEARTBEAT_INTERVAL,
            stalled_worker_timeout=60.0,
            shutdown_graceful_timeout=10.0,
            delete_jobs="successful",
        )


async def work(settings: Settings, beat: Callable[[], None]) -> None:
    """Run a worker until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker(settings, beat=beat).run(stop)

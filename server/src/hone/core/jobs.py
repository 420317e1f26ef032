"""Jobs: work longer than a request, as rows in PostgreSQL (procrastinate), taken over when it stalls.

A job carries ids only; what it works on lies in the domains' tables. It does its work in steps, one
transaction each. A worker sends heartbeats; when they stop (killed, or its loop is blocked), another
worker takes the job over and `attempts` rises by one. `attempts` is the fencing token: every step
checks it under a row lock, so a worker that wakes up late writes nothing. A job may be taken over
between two steps and runs from its start again: a step looks in its own tables whether it was done
already, and the last one ends the job in its own transaction.
"""

import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import procrastinate
from procrastinate import jobs as library
from procrastinate.exceptions import AppNotOpen
from procrastinate.manager import JobManager
from sqlalchemy import text

from hone.core.db import Database, Session, enter
from hone.core.errors import AppError

log = logging.getLogger(__name__)

HEARTBEAT_INTERVAL = 2.0
STALLED_AFTER = 6.0
"""Seconds without a heartbeat before a job is taken over."""
TAKE_OVER_INTERVAL = 2.0
MOST_ATTEMPTS = 10
"""A job that ends its worker this often is failed instead of handed on."""


class Fenced(AppError):
    """Another worker took this job over; what this one still does must not count."""

    code = "fenced"


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a job, as its handler sees it."""

    id: int
    token: int
    database: Database

    @asynccontextmanager
    async def step(
        self, organization_id: UUID | None = None, *, last: bool = False
    ) -> AsyncGenerator[Session]:
        """Open one step: a transaction that commits only while this worker still holds the job.

        The last step ends the job with it. Without that, a worker that stops between the two has
        its job done again.
        """
        async with self.database.transaction() as session:
            held = await session.scalar(
                text(
                    "SELECT true FROM procrastinate_jobs"
                    " WHERE id = :id AND attempts = :token AND status = 'doing' FOR SHARE"
                ),
                {"id": self.id, "token": self.token},
            )
            if not held:
                raise Fenced
            if organization_id is not None:
                await enter(session, organization_id)
            yield session
            if last:
                await session.execute(
                    text("SELECT procrastinate_finish_job_v1(:id, 'succeeded', true)"),
                    {"id": self.id},
                )


async def defer(
    session: Session,
    name: str,
    arguments: Mapping[str, object],
    *,
    lock: str | None = None,
    queue: str = "default",
) -> None:
    """Add a job in the transaction that makes it needed, from a process that runs none."""
    await session.execute(
        text(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :name, 0,"
            " CAST(:lock AS text), NULL, CAST(:arguments AS jsonb), NULL)"
            "::procrastinate_job_to_defer_v1])"
        ),
        {"queue": queue, "name": name, "lock": lock, "arguments": json.dumps(dict(arguments))},
    )


Work = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do for jobs of one name. `work` takes the Job, then the job's arguments by name."""

    name: str
    work: Work
    cron: str | None = None
    """When it starts by itself (cron, UTC; a sixth field is seconds)."""
    queue: str = "default"
    retries: int = 3


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queue of one process: enqueue anywhere, run in a worker."""

    app: procrastinate.App
    database: Database
    names: frozenset[str] = field(default_factory=frozenset[str])

    @classmethod
    def create(cls, database: Database, handlers: Sequence[Handler] = ()) -> "Jobs":
        """Prepare the queue on a database, with the handlers that this process can run."""
        connector = procrastinate.PsycopgConnector(
            conninfo=database.url, min_size=1, max_size=4, timeout=5
        )
        app = procrastinate.App(connector=connector)
        app.job_manager = FencedManager(connector)
        for handler in handlers:
            _register(app, database, handler)
        return cls(app, database, frozenset(handler.name for handler in handlers))

    async def enqueue(
        self,
        session: Session,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        queue: str = "default",
        lock: str | None = None,
    ) -> int:
        """Add a job in the transaction that makes it needed and return its number.

        Jobs with the same `lock` run one after the other.
        """
        raw = await (await session.connection()).get_raw_connection()
        deferrer = self.app.configure_task(
            name, queue=queue, lock=lock, connection=raw.driver_connection
        )
        return await deferrer.defer_async(**(arguments or {}))

    async def take_over(self, stalled_after: float = STALLED_AFTER) -> list[int]:
        """Put jobs back in the queue whose worker has stopped; return their numbers.

        There are none as long as the queue is not open here, which takes a while at a start.
        """
        manager = self.app.job_manager
        taken: list[int] = []
        try:
            stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after)
        except AppNotOpen:
            return taken
        for job in stalled:
            if job.attempts >= MOST_ATTEMPTS:
                log.error("job %s (%s) is given up: it ended every worker", job.id, job.task_name)
                await manager.finish_job(job, library.Status.FAILED, delete_job=False)
                continue
            await manager.retry_job(job)
            taken.append(cast("int", job.id))
        if taken:
            log.warning("took over jobs of a stalled worker: %s", taken)
        return taken


class FencedManager(JobManager):
    """Ends and retries a job only for the worker that holds it."""

    async def finish_job(self, job: library.Job, status: library.Status, delete_job: bool) -> None:
        """Set the final state, unless the job was taken over."""
        await self.connector.execute_query_async(
            "SELECT procrastinate_finish_job_v1(held.id, %(status)s, %(delete_job)s) FROM ("
            " SELECT id FROM procrastinate_jobs WHERE id = %(job_id)s"
            " AND attempts = %(token)s AND status = 'doing' FOR UPDATE) AS held",
            job_id=job.id,
            token=job.attempts,
            status=status.value,
            delete_job=delete_job,
        )

    async def retry_job(self, job: library.Job, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Put the job back, unless it was taken over."""
        await self.connector.execute_query_async(
            "SELECT procrastinate_retry_job_v2("
            " held.id, coalesce(%(retry_at)s::timestamptz, now()), NULL, NULL, NULL) FROM ("
            " SELECT id FROM procrastinate_jobs WHERE id = %(job_id)s"
            " AND attempts = %(token)s AND status = 'doing' FOR UPDATE) AS held",
            job_id=job.id,
            token=job.attempts,
            retry_at=args[0] if args else options.get("retry_at"),
        )


def _register(app: procrastinate.App, database: Database, handler: Handler) -> None:
    async def run(context: procrastinate.JobContext, **arguments: object) -> None:
        job = Job(cast("int", context.job.id), context.job.attempts, database)
        arguments.pop("timestamp", None)
        await handler.work(job, **arguments)

    task = app.task(
        name=handler.name,
        queue=handler.queue,
        pass_context=True,
        retry=procrastinate.RetryStrategy(max_attempts=handler.retries, exponential_wait=5),
    )(run)
    if handler.cron is not None:
        app.periodic(cron=handler.cron)(cast("Any", task))

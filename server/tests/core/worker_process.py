"""A worker process for the tests of jobs: `python -m tests.core.worker_process APP_URL OWNER_URL`.

Its one job writes a line before its step and one in the step's own transaction, and can stop in
between: killed by the test, or with its loop blocked.
"""

import asyncio
import sys
import time
from typing import LiteralString

import psycopg
from pydantic import SecretStr
from sqlalchemy import text

from hone.core.jobs import Fenced, Handler, Job
from hone.core.settings import Database as DatabaseSettings
from hone.core.settings import Settings
from hone.worker import Worker


async def leave_a_mark(job: Job, first: str) -> None:
    """Leave one mark; the first run does what `first` says before its step commits."""
    await _note(job, "INSERT INTO starts (job, token) VALUES (%s, %s)")
    if job.token == 0 and first == "block":
        time.sleep(12)  # noqa: ASYNC251 - a blocked loop is what this test is about
    if job.token == 0 and first == "hang":
        await asyncio.sleep(3600)
    try:
        async with job.step(last=True) as session:
            await session.execute(
                text("INSERT INTO marks (job, token) VALUES (:job, :token)"),
                {"job": job.id, "token": job.token},
            )
    except Fenced:
        await _note(job, "INSERT INTO fenced (job, token) VALUES (%s, %s)")
        raise


async def _note(job: Job, statement: LiteralString) -> None:
    """Write a line that stays whatever becomes of the step."""
    async with await psycopg.AsyncConnection.connect(
        job.database.url, autocommit=True
    ) as connection:
        await connection.execute(statement, (job.id, job.token))


async def main(app_url: str, owner_url: str) -> None:
    """Work until killed."""
    database = DatabaseSettings(url=SecretStr(app_url), owner_url=SecretStr(owner_url))
    worker = Worker(Settings(database=database), extra=[Handler("test.leave_a_mark", leave_a_mark)])
    print("working", flush=True)
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

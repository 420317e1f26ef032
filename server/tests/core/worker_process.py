"""A worker process for the tests of jobs: `python -m tests.core.worker_process APP_URL OWNER_URL`.

Its one job writes a line before its step and one in the step's own transaction, and can stop in
between: killed by the test, or with its loop blocked.
"""

import asyncio
import sys
import time

import psycopg
from pydantic import SecretStr
from sqlalchemy import text

from hone.core.jobs import Handler, Job
from hone.core.settings import Database as DatabaseSettings
from hone.core.settings import Settings
from hone.worker import Worker


async def leave_a_mark(job: Job, mark: str, first: str) -> None:
    """Write `mark` once; the first run does what `first` says before its step commits."""
    async with await psycopg.AsyncConnection.connect(
        job.database.url, autocommit=True
    ) as connection:
        await connection.execute(
            "INSERT INTO starts (job, token) VALUES (%s, %s)", (job.id, job.token)
        )
    if job.token == 0 and first == "block":
        time.sleep(12)  # noqa: ASYNC251 - a blocked loop is what this test is about
    if job.token == 0 and first == "hang":
        await asyncio.sleep(3600)
    async with job.step() as session:
        await session.execute(text("INSERT INTO marks (mark) VALUES (:mark)"), {"mark": mark})


async def main(app_url: str, owner_url: str) -> None:
    """Work until killed."""
    database = DatabaseSettings(url=SecretStr(app_url), owner_url=SecretStr(owner_url))
    worker = Worker(Settings(database=database), extra=[Handler("test.leave_a_mark", leave_a_mark)])
    print("working", flush=True)
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

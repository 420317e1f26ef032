"""Jobs survive their worker: taken over within 15 s, and never take effect twice."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
import pytest

from hone.core.db import Database
from hone.core.jobs import Fenced, Job, Jobs
from tests.core.facts import wait_for
from tests.fixtures.database import Urls


@contextmanager
def _worker(urls: Urls) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.core.worker_process", urls.app, urls.owner]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _rows(urls: Urls, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(urls.owner) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture
def tables(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE starts (job bigint, token bigint)")
        connection.execute("CREATE TABLE marks (mark text)")
        connection.execute("GRANT SELECT, INSERT ON starts, marks TO hone_app")


async def _enqueue(database: Database, first: str) -> int:
    jobs = Jobs.create(database)
    async with jobs.app.open_async(), database.transaction() as session:
        return await jobs.enqueue(session, "test.leave_a_mark", {"mark": first, "first": first})


@pytest.mark.usefixtures("tables")
async def test_a_job_whose_worker_is_killed_runs_again_and_takes_effect_once(
    urls: Urls, database: Database
) -> None:
    with _worker(urls) as first:
        await _enqueue(database, "hang")
        wait_for(lambda: _rows(urls, "SELECT * FROM starts"), 20)
        first.kill()
        killed = time.monotonic()
        with _worker(urls):
            wait_for(lambda: _rows(urls, "SELECT * FROM marks"), 20)
            assert time.monotonic() - killed < 15
            wait_for(
                lambda: (
                    not _rows(urls, "SELECT 1 FROM procrastinate_jobs WHERE task_name LIKE 'test%'")
                )
            )
    assert _rows(urls, "SELECT mark FROM marks") == [("hang",)]
    assert len(_rows(urls, "SELECT * FROM starts")) == 2


@pytest.mark.usefixtures("tables")
async def test_a_worker_that_was_blocked_and_wakes_up_writes_nothing(
    urls: Urls, database: Database
) -> None:
    with _worker(urls) as blocked:
        await _enqueue(database, "block")
        wait_for(lambda: _rows(urls, "SELECT * FROM starts"), 20)
        started = time.monotonic()
        with _worker(urls):
            wait_for(lambda: _rows(urls, "SELECT * FROM marks"), 20)
            assert time.monotonic() - started < 15
        # The blocked worker wakes up, finds itself fenced and goes on with other work.
        await _enqueue(database, "after")
        wait_for(lambda: ("after",) in _rows(urls, "SELECT mark FROM marks"), 30)
        assert blocked.poll() is None
    assert sorted(_rows(urls, "SELECT mark FROM marks")) == [("after",), ("block",)]
    statuses = _rows(urls, "SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'test%'")
    assert ("failed",) not in statuses


async def test_a_job_is_enqueued_only_if_its_transaction_commits(
    urls: Urls, database: Database
) -> None:
    jobs = Jobs.create(database)
    with pytest.raises(RuntimeError):
        async with jobs.app.open_async(), database.transaction() as session:
            await jobs.enqueue(session, "test.leave_a_mark", {})
            raise RuntimeError
    assert _rows(urls, "SELECT 1 FROM procrastinate_jobs") == []


async def test_a_step_without_the_fence_is_refused(database: Database) -> None:
    with pytest.raises(Fenced):
        async with Job(42, 0, database).step():
            pass

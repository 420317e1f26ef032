"""Jobs survive their worker: taken over within 15 s, and never take effect twice."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import cast

import psycopg
import pytest

from hone.core.db import Database
from hone.core.jobs import Fenced, Job, Jobs
from tests.core.facts import wait_for
from tests.fixtures.database import Urls

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "3"))
AT_ONCE = 3
"""Rounds share the wait for a worker's silence: so many workers are harmed together."""
BATCHES = -(-ROUNDS // AT_ONCE)
Run = tuple[int, int]
"""A job and the token of one of its runs."""


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
        for table in ("starts", "marks", "fenced"):
            connection.execute(f"CREATE TABLE {table} (job bigint, token bigint)".encode())
            connection.execute(f"GRANT SELECT, INSERT ON {table} TO hone_app".encode())


async def _enqueue(database: Database, first: str) -> int:
    jobs = Jobs.create(database)
    async with jobs.app.open_async(), database.transaction() as session:
        return await jobs.enqueue(session, "test.leave_a_mark", {"first": first})


async def _occupy(urls: Urls, database: Database, workers: ExitStack, first: str) -> list[int]:
    """Start workers and let each get stuck in a job; return the jobs."""
    jobs: list[int] = []
    for _ in range(AT_ONCE):
        workers.enter_context(_worker(urls))
        jobs.append(await _enqueue(database, first))
        wait_for(lambda job=jobs[-1]: (job, 0) in _runs(urls, "starts"), 20)
    return jobs


def _runs(urls: Urls, table: str) -> list[Run]:
    return cast("list[Run]", _rows(urls, f"SELECT job, token FROM {table} ORDER BY job, token"))


def _done(urls: Urls) -> list[int]:
    return [job for job, _ in _runs(urls, "marks")]


def _reached(urls: Urls, jobs: list[int]) -> bool:
    return len(_done(urls)) >= len(jobs)


def _unfinished(urls: Urls) -> list[tuple[object, ...]]:
    return _rows(urls, "SELECT 1 FROM procrastinate_jobs WHERE task_name LIKE 'test%'")


@pytest.mark.rounds
@pytest.mark.timeout(300 + 60 * BATCHES)
@pytest.mark.usefixtures("tables")
async def test_a_job_whose_worker_is_killed_runs_again_and_takes_effect_once(
    urls: Urls, database: Database
) -> None:
    jobs: list[int] = []
    for _ in range(BATCHES):
        with ExitStack() as workers:
            jobs += await _occupy(urls, database, workers, "hang")
        killed = time.monotonic()
        with _worker(urls):
            wait_for(partial(_reached, urls, jobs), 20)
            assert time.monotonic() - killed < 15
            wait_for(lambda: not _unfinished(urls))
    assert _done(urls) == jobs
    assert (jobs[0], 0) not in _runs(urls, "marks")


@pytest.mark.rounds
@pytest.mark.timeout(300 + 90 * BATCHES)
@pytest.mark.usefixtures("tables")
async def test_a_worker_that_was_blocked_and_wakes_up_writes_nothing(
    urls: Urls, database: Database
) -> None:
    jobs: list[int] = []
    for _ in range(BATCHES):
        with ExitStack() as blocked:
            jobs += await _occupy(urls, database, blocked, "block")
            began = time.monotonic()
            with _worker(urls):
                wait_for(partial(_reached, urls, jobs), 20)
                assert time.monotonic() - began < 15
                # Each run that left no mark wakes up and finds itself fenced.
                wait_for(lambda: _unmarked(urls) == _runs(urls, "fenced"), 60)
    assert _done(urls) == jobs
    assert _runs(urls, "fenced")
    statuses = _rows(urls, "SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'test%'")
    assert ("failed",) not in statuses


def _unmarked(urls: Urls) -> list[Run]:
    marked = set(_runs(urls, "marks"))
    return [run for run in _runs(urls, "starts") if run not in marked]


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


async def test_a_worker_whose_queue_is_not_open_yet_takes_nothing_over(database: Database) -> None:
    """A worker that is slow to start looks for stalled jobs before it can have any."""
    assert await Jobs.create(database).take_over() == []

"""The database stands still: calls go on, pages say so, and afterwards everything is stored once."""

import asyncio
import os
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
import pytest

from tests.core.facts import promised, wait_for
from tests.fixtures.control import chat, desk
from tests.fixtures.house import House, open_house
from tests.serving.lines import lines
from tests.survival.accounts import settle
from tests.survival.load import Load

OUTAGE = float(os.environ.get("HONE_TEST_OUTAGE", "6"))
API_SECONDS = promised(10.0)
"""A first request may wait for a connection that is dead, and then for one that never comes."""
PROBE_SECONDS = promised(2.0)

pytestmark = [pytest.mark.rounds, pytest.mark.timeout(300 + 2 * OUTAGE)]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give one Hone whose database is harmed again and again."""
    with open_house() as opened:
        # A process that has not seen the database yet knows no keys.
        with lines(opened):
            pass
        yield opened


@contextmanager
def frozen(house: House) -> Generator[None]:
    """Stop every process of PostgreSQL, as a machine does that hangs: nothing is refused."""
    stopped = [psutil.Process(pid) for pid in house.pids("postgres")]
    assert stopped
    for each in stopped:
        each.suspend()
    try:
        yield
    finally:
        for each in stopped:
            each.resume()


def timed(client: httpx.Client, path: str) -> tuple[httpx.Response, float]:
    """Ask, and tell how long that took."""
    began = time.monotonic()
    answer = client.get(path, timeout=60)
    return answer, time.monotonic() - began


def look(house: House) -> dict[str, Any]:
    """Return what the house says of its state; that must be quick, and no failure."""
    with desk(house) as client:
        answer, seconds = timed(client, "/readyz")
    assert answer.status_code == 200, answer.text
    assert seconds < PROBE_SECONDS
    return answer.json()


@pytest.mark.promise
async def test_calls_go_on_while_the_database_stands_still(house: House) -> None:
    load = Load(house, pause=0.2)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        await load.await_received(20)
        before = len(load.received)
        with frozen(house):
            await asyncio.to_thread(_during_the_outage, house)
        during = len(load.received) - before
        await load.await_received(20)
        load.stop()
    lost = load.refused + load.broken
    assert during > OUTAGE * 5
    assert lost <= 0.05 * during, f"{lost} of {during} calls failed"
    await asyncio.to_thread(wait_for, lambda: look(house)["status"] == "ready")
    await asyncio.to_thread(settle, house, load.received)


def _during_the_outage(house: House) -> None:
    """Check what pages, probes and the metrics say while the database is away."""
    until = time.monotonic() + OUTAGE
    with desk(house) as client:
        answer, seconds = timed(client, "/api/identity/me")
        assert (answer.status_code, seconds < API_SECONDS) == (503, True), answer.text
        error = answer.json()["error"]
        assert error["code"] == "database_unavailable"
        assert "postgres" not in answer.text.lower()
        assert answer.headers["retry-after"]
        told = look(house)
        assert told["status"] == "degraded"
        database = told["checks"]["database"]
        assert database["status"] == "degraded"
        assert "spool" in database["detail"]
        assert timed(client, "/metrics")[1] < PROBE_SECONDS
        assert timed(client, "/healthz")[1] < PROBE_SECONDS
        time.sleep(max(0.0, until - time.monotonic()))


@pytest.mark.promise
def test_an_idempotency_key_needs_the_database_and_says_so(house: House) -> None:
    with frozen(house):
        began = time.monotonic()
        answer = chat(house, headers={"idempotency-key": "away"})
        assert time.monotonic() - began < API_SECONDS
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "idempotency_unavailable"
        assert chat(house).status_code == 200
    wait_for(lambda: look(house)["status"] == "ready")


def test_a_database_that_is_killed_again_and_again_loses_nothing(house: House) -> None:
    received: list[str] = []
    until = time.monotonic() + OUTAGE
    while time.monotonic() < until:
        for pid in house.pids("postgres"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        answer = chat(house)
        assert answer.status_code == 200, answer.text
        received.append(answer.headers["x-request-id"])
        time.sleep(0.2)
    wait_for(lambda: look(house)["status"] == "ready", 60)
    settle(house, received)

"""Whatever is killed under load: every answer is stored once, at the cost the provider billed."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.core.facts import wait_for
from tests.fixtures.house import House, open_house
from tests.survival.accounts import settle
from tests.survival.load import Load

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "3"))
pytestmark = [
    pytest.mark.rounds,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.xdist_group("survival"),
]


@pytest.fixture
def own_house() -> Iterator[House]:
    """Give each test a Hone of its own to harm."""
    with open_house() as opened:
        yield opened


async def _kill_rounds(house: House, program: str) -> list[str]:
    """Kill one process of a program again and again under load; return what was received."""
    chance = random.Random(program)
    load = Load(house)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        for _ in range(ROUNDS):
            await load.await_received(20)
            await asyncio.sleep(chance.random() * 0.05)
            await asyncio.to_thread(wait_for, lambda: _killed(chance, house.pids(program)))
            await load.await_received(20)
        load.stop()
    await asyncio.to_thread(house.await_ready)
    return load.received


def _killed(chance: random.Random, pids: list[int]) -> bool:
    """Kill one of these processes; tell whether there was one, for some come and go by themselves."""
    try:
        os.kill(chance.choice(pids), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return False
    return True


@pytest.mark.parametrize("program", ["server", "drain", "worker", "postgres"])
async def test_a_killed_process_loses_and_doubles_nothing(own_house: House, program: str) -> None:
    received = await _kill_rounds(own_house, program)
    statuses = await asyncio.to_thread(settle, own_house, received)
    assert statuses["success"] >= len(received)


async def test_a_killed_supervisor_leaves_no_orphans_and_loses_nothing(own_house: House) -> None:
    load = Load(own_house)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        for _ in range(ROUNDS):
            await load.await_received(20)
            await asyncio.to_thread(_kill_supervisor, own_house)
            await asyncio.to_thread(own_house.start)
            await load.await_received(20)
        load.stop()
    await asyncio.to_thread(settle, own_house, load.received)


def _kill_supervisor(house: House) -> None:
    assert house.process is not None
    family = house.family()
    house.process.kill()
    house.process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive, f"orphans: {alive}"


async def test_a_clean_stop_under_load_loses_nothing(own_house: House) -> None:
    load = Load(own_house)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        await load.await_received(40)
        assert await asyncio.to_thread(own_house.stop) == 0
        await asyncio.to_thread(own_house.start)
        await load.await_received(20)
        load.stop()
    statuses = await asyncio.to_thread(settle, own_house, load.received)
    assert "interrupted" not in statuses

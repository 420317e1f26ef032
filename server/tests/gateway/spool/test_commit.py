"""Group commit."""

import asyncio
import os
from pathlib import Path

import pytest

from hone.gateway.spool import Spool, SpoolUnwritable
from tests.gateway.spool.samples import only, read_all, settled


def test_without_syncing_there_is_nothing_to_await(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.synced is None
    spool.close()


async def test_without_syncing_durable_returns_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await spool.durable()
    spool.close()


async def test_all_who_wait_are_answered(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192, fsync="group")
    assert spool.synced is not None
    synced = spool.synced

    async def call(number: int) -> None:
        spool.append(settled(number))
        await synced()

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(call(number))
    await spool.durable()
    spool.close()
    await synced()
    assert read_all(only(tmp_path)) == [settled(number) for number in range(200)]


async def test_who_gives_up_waiting_takes_nobody_along(tmp_path: Path) -> None:
    spool = Spool(tmp_path, fsync="group")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        waiters: list[asyncio.Task[None]] = []
        for number in range(20):
            spool.append(settled(number))
            waiters.append(group.create_task(spool.durable()))
            await asyncio.sleep(0)
        for waiter in waiters[::2]:
            waiter.cancel()
    assert all(waiter.done() for waiter in waiters)
    assert not any(waiter.cancelled() for waiter in waiters[1::2])
    spool.close()


async def test_a_failed_sync_is_told_to_all_who_wait_and_left_behind(tmp_path: Path) -> None:
    spool = Spool(tmp_path, fsync="group")
    spool.append(settled(1))
    await spool.durable()
    spool.append(settled(2))
    # A pipe in the place of the segment's file: it cannot be synced.
    reading, writing = os.pipe()
    for fd in os.listdir("/proc/self/fd"):
        if _target(int(fd)).endswith(".seg"):
            os.dup2(writing, int(fd))
    results = await asyncio.gather(*(spool.durable() for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [SpoolUnwritable] * 5
    os.close(reading)
    os.close(writing)
    spool.release(spool.reserve(100))
    spool.append(settled(3))
    # The pipe is among what was left behind, and refuses once more.
    with pytest.raises(SpoolUnwritable):
        await spool.durable()
    spool.release(spool.reserve(100))
    spool.append(settled(4))
    await spool.durable()
    assert spool.stats().segments == 3
    spool.close()


def _target(fd: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{fd}")
    except FileNotFoundError:
        return ""


async def test_closing_answers_who_still_waits(tmp_path: Path) -> None:
    spool = Spool(tmp_path, fsync="group")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for number in range(5):
            spool.append(settled(number))
            group.create_task(spool.durable())
            await asyncio.sleep(0)
        spool.close()
    assert read_all(only(tmp_path)) == [settled(number) for number in range(5)]

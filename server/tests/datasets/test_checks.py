"""Checks end in their time, can be cancelled, and go on where they were killed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hone.core.db import Database
from hone.core.settings import Settings
from hone.datasets import checking
from hone.datasets.examining import Place
from tests.datasets.conftest import Desk, Json, lines, told, work_off_checks

PATH = "/api/datasets/tickets/checks"
ROWS = [
    {"text": f"{way} {number}", "intent": "x"}
    for number, way in enumerate(("where is it", "Where is IT?", "mail a@b.example", "no more"))
] + [{"text": f"word {chr(97 + number) * 4} here", "intent": "y"} for number in range(8)]


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """Give a program that never ends."""
    program = tmp_path / "stuck"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o700)
    return program


async def _begin(desk: Desk, **asked: Any) -> Json:
    await desk.dataset()
    await desk.send("/api/datasets/tickets/import", lines(*ROWS))
    return await desk.made(PATH, asked, 202)


async def _newest(desk: Desk) -> Json:
    return (await desk.get(PATH))["items"][0]


async def _until(fact: Callable[[], Awaitable[bool]]) -> None:
    due = time.monotonic() + 30
    while not await fact():
        assert time.monotonic() < due, "this did not become true in time"
        await asyncio.sleep(0.02)


async def _learning(desk: Desk) -> bool:
    return (await _newest(desk))["stage"] == "learning"


async def test_a_check_that_works_is_cancelled_within_seconds(desk: Desk, stuck: Path) -> None:
    begun = await _begin(desk)
    work = asyncio.create_task(work_off_checks(desk, stuck))
    await _until(lambda: _learning(desk))
    began = time.monotonic()
    cancelled = await desk.made(f"{PATH}/{begun['id']}/cancel", {}, 200)
    assert (cancelled["state"], cancelled["summary"]) == ("cancelled", {"duplicates": 1, "pii": 1})
    await work
    assert time.monotonic() - began < 10
    assert list((desk.folder / "checks").iterdir()) == [], "nothing of it is left"
    assert (await _newest(desk))["state"] == "cancelled"
    assert len((await desk.get("/api/datasets/tickets/findings"))["items"]) == 2
    again = await desk.api.post(f"{PATH}/{begun['id']}/cancel", {})
    assert told(again) == (409, "check_over")
    missing = await desk.api.post(f"{PATH}/dchk_nothing/cancel", {})
    assert told(missing) == (404, "check_not_found")


async def test_one_that_was_cancelled_before_it_began_does_nothing(desk: Desk) -> None:
    begun = await _begin(desk)
    await desk.made(f"{PATH}/{begun['id']}/cancel", {}, 200)
    other = await desk.made(PATH, {"kinds": ["pii"]}, 202)
    await work_off_checks(desk)
    found = {each["id"]: each for each in (await desk.get(PATH))["items"]}
    assert (found[begun["id"]]["state"], found[begun["id"]]["summary"]) == ("cancelled", {})
    assert (found[other["id"]]["state"], found[other["id"]]["summary"]) == ("done", {"pii": 1})


async def test_a_check_ends_in_its_time_and_keeps_what_it_found(
    desk: Desk, owner: Database, stuck: Path
) -> None:
    begun = await _begin(desk, minutes=1)
    assert begun["endsBy"] > begun["startedAt"]
    async with owner.transaction() as session:
        await session.execute(text("UPDATE dataset_checks SET seconds = 3"))
    await work_off_checks(desk, stuck)
    over = await _newest(desk)
    assert (over["state"], over["error"]["code"]) == ("failed", "check_too_long")
    assert over["summary"] == {"duplicates": 1, "pii": 1}
    assert over["progress"] < 1
    assert list((desk.folder / "checks").iterdir()) == []


@pytest.mark.timeout(300)
async def test_a_check_goes_on_where_it_was_killed(
    desk: Desk, owner: Database, stuck: Path
) -> None:
    begun = await _begin(desk)
    work = asyncio.create_task(work_off_checks(desk, stuck))
    await _until(lambda: _learning(desk))
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    (left,) = (desk.folder / "checks").iterdir()
    place = Place(Settings(data_dir=desk.folder), desk.api.keyring)
    await checking.end_lost(owner, place)
    assert left.exists(), "it runs: another worker takes it over"
    (left / "found").mkdir()
    (left / "found" / "outliers.jsonl").write_text("")
    async with owner.transaction() as session:
        # What it found is not found again, and what it looked through is not looked through again.
        await session.execute(text("UPDATE dataset_findings SET reason = 'before'"))
        await session.execute(
            text("UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1")
        )
    await work_off_checks(desk)
    over = await _newest(desk)
    assert (over["id"], over["state"], over["error"]) == (begun["id"], "done", None)
    assert over["summary"] == {"duplicates": 1, "pii": 1}
    found = (await desk.get("/api/datasets/tickets/findings"))["items"]
    assert {each["reason"] for each in found} == {"before"}
    assert not left.exists()


async def test_what_a_killed_check_left_is_taken_away(desk: Desk, owner: Database) -> None:
    left = desk.folder / "checks" / "none" / "data.jsonl"
    left.parent.mkdir(parents=True)
    left.write_text("clear")
    place = Place(Settings(data_dir=desk.folder), desk.api.keyring)
    await checking.end_lost(owner, place)
    assert not left.parent.exists()

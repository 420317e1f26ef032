"""Each check of `/readyz`: its status, and the words that say what it means for a caller."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from hone.core import ids
from hone.core.counters import Counters
from hone.core.db import Database
from hone.core.keyring import Keyring, MasterKey
from hone.gateway import Current, SpoolStats
from hone.llm.transport import Transport
from hone.serving import (
    DEGRADED,
    READY,
    UNAVAILABLE,
    Health,
    Refresher,
    drain,
    health,
)
from hone.versions import Predictor
from tests.fixtures.app import empty_shelf, statements

FINE = SpoolStats(bytes=0, frames=0, segments=0, reserved=0, free=0, refused=0, refusal=None)


@dataclass
class Checked:
    """A healthy server process, and what it is asked."""

    health: Health
    counters: Counters
    stats: SpoolStats = FINE

    async def check(self, name: str) -> tuple[str, str, str]:
        """Look anew; return the overall status, and the one check's status and words."""
        await asyncio.sleep(0)
        overall, checks = await self.health.check()
        return overall, checks[name]["status"], checks[name]["detail"]


def _drained(counters: Counters, *, seconds_ago: float = 0.0, lag: float = 0.0) -> None:
    counters.gauge(
        drain.PASSED,
        "When the drain last had everything that it read in the database (Unix time).",
    ).set(time.time() - seconds_ago)
    counters.gauge(drain.LAG, "Age of the newest operation when it was drained.").set(lag)


@pytest_asyncio.fixture
async def checked(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Checked]:
    monkeypatch.setattr(health, "_CACHE_SECONDS", -1.0)
    current = Current(ready=True)
    refresher = Refresher(database, Keyring(MasterKey.generate()), current, empty_shelf())
    refresher.seen_at = time.monotonic()
    with closing(Counters(tmp_path, drain.SLOT)) as counters:
        _drained(counters)
        async with asyncio.TaskGroup() as group:
            stats: Callable[[], SpoolStats] = lambda: made.stats  # noqa: E731
            predictor = Predictor(None, Transport())
            looked = Health(database, current, refresher, stats, tmp_path, predictor, group)
            made = Checked(looked, counters)
            yield made


async def test_all_is_well(checked: Checked) -> None:
    overall, checks = await checked.health.check()
    assert overall == READY
    assert {name: check["detail"] for name, check in checks.items()} == {
        "database": "The database answers.",
        "snapshot": "Keys and routes are up to date.",
        "spool": "The spool takes calls.",
        "drain": "The drain keeps up.",
        "predictor": "No trained model is live, so no predictor runs.",
    }


async def test_a_database_that_is_away_degrades(checked: Checked) -> None:
    away = Database.connect("postgresql://hone_app:x@127.0.0.1:1/hone", pool_size=1)
    checked.health.database = away
    assert await checked.check("database") == (
        DEGRADED,
        DEGRADED,
        "The database cannot be reached. Calls are answered and kept in the spool;"
        " pages and changes wait.",
    )
    await away.aclose()


async def test_a_snapshot_that_is_not_there_is_unavailable_and_an_old_one_degrades(
    checked: Checked,
) -> None:
    checked.health.current.ready = False
    assert await checked.check("snapshot") == (
        UNAVAILABLE,
        UNAVAILABLE,
        "Keys and routes are not loaded yet.",
    )
    checked.health.current.ready = True
    checked.health.refresher.seen_at -= 100
    assert await checked.check("snapshot") == (
        DEGRADED,
        DEGRADED,
        "Keys and routes are as of 100 s ago.",
    )
    checked.health.refresher.seen_at += 100
    checked.health.refresher.broken[ids.new()] = "why"
    assert await checked.check("snapshot") == (
        DEGRADED,
        DEGRADED,
        "Changes of 1 organization(s) cannot be taken over; the log says why.",
    )


async def test_a_spool_that_refuses_is_unavailable(checked: Checked) -> None:
    checked.stats = replace(FINE, refusal="spool_full")
    assert await checked.check("spool") == (
        UNAVAILABLE,
        UNAVAILABLE,
        "The spool takes no calls (spool_full): look at the disk.",
    )


@pytest.mark.parametrize(("seconds_ago", "lag"), [(6.0, 0.0), (0.0, 6.0), (1e9, 0.0)])
async def test_a_drain_that_is_behind_degrades(
    checked: Checked, seconds_ago: float, lag: float
) -> None:
    _drained(checked.counters, seconds_ago=seconds_ago, lag=lag)
    assert await checked.check("drain") == (
        DEGRADED,
        DEGRADED,
        "The drain is behind: pages lack the newest calls, which are in the spool.",
    )


async def test_a_drain_that_never_ran_degrades(checked: Checked, tmp_path: Path) -> None:
    checked.health.metrics = tmp_path / "elsewhere"
    assert (await checked.check("drain"))[1] == DEGRADED


async def test_many_who_ask_at_once_cost_one_look(
    checked: Checked, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_CACHE_SECONDS", 60.0)
    with statements(database) as sent:
        await asyncio.gather(*(checked.health.check() for _ in range(100)))
    assert len(sent) == 1

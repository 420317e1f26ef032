"""What a worker does for monitoring: measure what is due, send what is to be told, once a day the digest.

Sums of the running minute are there a quarter of a second after a call; they are looked at every few
seconds, so that from a cause to its alert it takes less than half a minute.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core.connection import connect
from hone.core.counters import Counters
from hone.core.db import Database
from hone.core.errors import AppError
from hone.monitoring import delivering, digesting, following, meters, watching
from hone.monitoring.place import Place

log = logging.getLogger(__name__)

_TICK: Final = 3.0
_SLOW: Final = 20.0
_IDLE: Final = 2.0
_PATIENCE: Final = 15.0
_DIGEST: Final = 300.0
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError, AppError)


@dataclass(slots=True)
class Runner:
    """The monitoring of one worker."""

    place: Place
    database: Database
    owner: Database
    _measured: int = 0
    """Measurements that were not counted yet."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _failing: set[str] = field(default_factory=set[str])

    async def run(self) -> None:
        """Work until cancelled; outlive every outage of the database."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._again("look after monitors", self._measure, _TICK))
            group.create_task(self._again("compare", self._compare, _SLOW))
            group.create_task(self._again("write the digest", self._digest, _DIGEST))
            group.create_task(self._again("follow training", self._follow, _TICK))
            group.create_task(self._again("send alerts", self._send, 0.0))

    async def _again(self, what: str, work: Callable[[], Awaitable[None]], pause: float) -> None:
        while True:
            try:
                await work()
                if what in self._failing:
                    self._failing.discard(what)
                    log.info("can %s again", what)
            except _OUTAGES as error:
                if what not in self._failing:
                    log.warning("cannot %s: %s", what, error)
                self._failing.add(what)
                await asyncio.sleep(1.0)
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        """Hear of messages at once; the interval saves a lost notice."""
        while True:
            with contextlib.suppress(*_OUTAGES):
                async with await connect(
                    self.owner.url, patience=_PATIENCE, autocommit=True
                ) as connection:
                    await connection.execute("LISTEN hone_alerts")
                    async for _ in connection.notifies():
                        self._news.set()
            await asyncio.sleep(1.0)

    def count(self, counters: Counters) -> None:
        """Count what was measured since it was asked last."""
        done, self._measured = self._measured, 0
        counters.cell(meters.MEASURED).add(done)

    async def _measure(self) -> None:
        self._measured += await watching.tick(self.owner, self.database, self.place)

    async def _compare(self) -> None:
        self._measured += await watching.tick(self.owner, self.database, self.place, slow=True)

    async def _follow(self) -> None:
        await following.follow(self.owner)

    async def _digest(self) -> None:
        await digesting.tick(self.owner, self.database)

    async def _send(self) -> None:
        self._news.clear()
        taken = await delivering.claim(self.owner)
        if taken:
            async with asyncio.TaskGroup() as group:
                for each in taken:
                    group.create_task(delivering.carry(self.database, self.place, *each))
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_IDLE):
                await self._news.wait()

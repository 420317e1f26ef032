"""Quota from PostgreSQL: the one who speaks with the store of limits for a server process.

All that waits goes into one statement: calls that need more, what is leased ahead, what is given
back. A statement that fails is never repeated: the next one says anew what this process owns.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import psycopg

from hone.core.connection import connect
from hone.gateway import Asking, Granting, Quota, Spool

log = logging.getLogger(__name__)

BEAT: Final = 1.0
"""Seconds between two looks at all blocks."""
PATIENCE: Final = 2.0
"""Seconds that one answer of the database may take."""
_AGAIN: Final = 0.05
"""Seconds until a place is asked for again."""
_RETRY_DELAYS: Final = (0.0, 0.1, 0.25, 0.5, 1.0)
_LEASE: Final = (
    "SELECT * FROM lease_quota(%s, %s, %s::uuid[], %s::uuid[], %s::timestamptz[], %s::bigint[],"
    " %s::bigint[], %s::bigint[], %s::bigint[])"
)


class Leases:
    """The leases of one process; their holder is its lane of the spool."""

    def __init__(self, url: str, spool: Spool, quota: Quota) -> None:
        self._url = url
        self._spool = spool
        self._quota = quota
        self._turn = 0
        self._called = asyncio.Event()
        self._beaten = 0.0
        self._failures = 0
        quota.wake = self._called.set

    async def run(self) -> None:
        """Ask and give back until cancelled; outlive every outage of the database."""
        while True:
            try:
                async with await self._connect() as connection:
                    await self._serve(connection)
            except (psycopg.Error, OSError) as error:
                # A connection may have died while nobody used it; the second failure is the store's.
                if self._failures == 1:
                    log.warning("limits hold by what is leased: %s", str(error) or "no answer")
                if self._failures:
                    self._quota.lose()
                await asyncio.sleep(_RETRY_DELAYS[min(self._failures, len(_RETRY_DELAYS) - 1)])
                self._failures += 1

    async def give_back(self) -> None:
        """Give back what no call was promised, at the end of the process."""
        asking = self._quota.empty()
        if asking:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await self._connect() as connection:
                    await self._ask(connection, asking)

    async def _connect(self) -> psycopg.AsyncConnection:
        return await connect(self._url, patience=PATIENCE, autocommit=True, prepare_threshold=None)

    async def _serve(self, connection: psycopg.AsyncConnection) -> None:
        """Ask whenever somebody calls, and look at everything at each beat."""
        if self._failures:
            # Whoever was told that the store is away asks again only when it is seen to be back.
            await self._ask(connection, self._gather(beat=True))
        while True:
            beat = await self._wait()
            asking = self._gather(beat=beat)
            if asking:
                await self._ask(connection, asking)

    async def _wait(self) -> bool:
        """Wait until there is something to do; tell whether it is a beat."""
        until = self._beaten + BEAT - time.monotonic()
        if self._quota.pressing:
            until = min(until, _AGAIN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(until, 0)):
                await self._called.wait()
        self._called.clear()
        return time.monotonic() - self._beaten >= BEAT

    def _gather(self, *, beat: bool) -> list[Asking]:
        now = time.monotonic()
        if beat:
            self._beaten = now
        return self._quota.asking(time.time_ns() // 1_000_000, now, beat=beat)

    async def _ask(self, connection: psycopg.AsyncConnection, asking: Sequence[Asking]) -> None:
        """Make one round trip; what it answers holds from the moment at which it began."""
        lane = self._spool.lane
        if lane is None:
            raise OSError("the spool cannot be written")
        began = time.monotonic()
        self._turn += 1
        found = await connection.execute(
            _LEASE,
            (
                UUID(lane.name),
                self._turn,
                [each.block.limit.organization_id for each in asking],
                [each.block.limit.id for each in asking],
                [datetime.fromtimestamp(each.block.start / 1000, UTC) for each in asking],
                [each.owned for each in asking],
                [each.least for each in asking],
                [each.most for each in asking],
                [each.unit for each in asking],
            ),
        )
        answers = {place: Granting(given, left) for place, given, left in await found.fetchall()}
        pairs = [(each, answers.get(place)) for place, each in enumerate(asking, 1)]
        self._quota.granted(pairs, began, time.monotonic())
        if self._failures > 1:
            log.info("limits are leased again")
        self._failures = 0

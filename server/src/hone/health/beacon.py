"""What one server process says of its circuits: all of it with each beat, and at once when one changes.

A process owns its rows whole, so that a lost statement is mended by the next. One that dies takes its rows
along as soon as another one beats; before that nobody counts them.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hone.core import ids
from hone.core.db import Database
from hone.gateway import Breaker, Breakers
from hone.health.repository import LOST_SECONDS

log = logging.getLogger(__name__)

BEAT: Final = 3.0
"""Seconds between two beats."""
_SETTLE: Final = 0.05
"""Seconds that changes wait for others: a provider that fails takes many models along."""
_ALIVE: Final = text(
    "INSERT INTO server_processes AS p (id, seen_at) VALUES (:id, now())"
    " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
)
_GONE: Final = text(
    f"DELETE FROM server_processes WHERE seen_at < now() - interval '{LOST_SECONDS} seconds'"
)
_LEAVE: Final = text("DELETE FROM server_processes WHERE id = :id")
_CLOSED: Final = text(
    "DELETE FROM open_circuits WHERE organization_id = :organization_id AND process_id = :id"
    " AND model_id <> ALL(CAST(:models AS uuid[]))"
)
_OPEN: Final = text("""
INSERT INTO open_circuits AS c
    (organization_id, model_id, process_id, since, until, reason, asked)
SELECT :organization_id, m.model_id, :id, now() - m.ago, now() + m.rest, m.reason, m.asked
FROM unnest(CAST(:models AS uuid[]), CAST(:agos AS interval[]), CAST(:rests AS interval[]),
    CAST(:reasons AS text[]), CAST(:askeds AS float[])) AS m (model_id, ago, rest, reason, asked)
ON CONFLICT (organization_id, model_id, process_id) DO UPDATE
    SET until = excluded.until, reason = excluded.reason, asked = excluded.asked
    WHERE abs(extract(epoch FROM c.until - excluded.until)) > 0.5 OR c.reason <> excluded.reason
""")


class Beacon:
    """Speaks for one server process."""

    def __init__(self, database: Database, breakers: Breakers) -> None:
        self._database = database
        self._breakers = breakers
        self._id = ids.new()
        self._changed = asyncio.Event()
        self._told: set[UUID] = set()
        """Organizations of which there may be rows."""
        self._silent = False
        breakers.wake = self._changed.set

    async def run(self) -> None:
        """Beat until cancelled; what could not be said is said with the next beat."""
        while True:
            try:
                await self._say()
                self._silent = False
            except (SQLAlchemyError, psycopg.Error, OSError) as error:
                if not self._silent:
                    log.warning("circuits are told later: %s", str(error).partition("\n")[0])
                self._silent = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._changed.wait()
                    await asyncio.sleep(_SETTLE)
            self._changed.clear()

    async def leave(self) -> None:
        """Take back everything, at the end of the process."""
        with contextlib.suppress(SQLAlchemyError, psycopg.Error, OSError):
            async with self._database.transaction() as session:
                await session.execute(_LEAVE, {"id": self._id})

    async def _say(self) -> None:
        async with self._database.transaction() as session:
            await session.execute(_ALIVE, {"id": self._id})
            await session.execute(_GONE)
        now, found = asyncio.get_running_loop().time(), self._open()
        for organization_id in self._told | found.keys():
            await self._organization(organization_id, found.get(organization_id, {}), now)
        self._told = set(found)

    def _open(self) -> Mapping[UUID, Mapping[UUID, Breaker]]:
        found: defaultdict[UUID, dict[UUID, Breaker]] = defaultdict(dict)
        for organization_id, model_id, breaker in self._breakers.opened():
            found[organization_id][model_id] = breaker
        return found

    async def _organization(
        self, organization_id: UUID, breakers: Mapping[UUID, Breaker], now: float
    ) -> None:
        each: Sequence[Breaker] = list(breakers.values())
        said = {
            "organization_id": organization_id,
            "id": self._id,
            "models": list(breakers),
            "agos": [timedelta(seconds=now - breaker.opened) for breaker in each],
            "rests": [timedelta(seconds=breaker.open_until - now) for breaker in each],
            "reasons": [breaker.reason for breaker in each],
            "askeds": [breaker.asked for breaker in each],
        }
        async with self._database.transaction(organization_id) as session:
            await session.execute(_CLOSED, said)
            if breakers:
                await session.execute(_OPEN, said)

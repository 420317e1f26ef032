"""Readiness in words: what works, what is degraded, and what that means for a caller."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hone.core.counters import unlabelled
from hone.core.db import Database
from hone.gateway import Current, SpoolStats
from hone.serving import drain
from hone.serving.refresh import Refresher

READY, DEGRADED, UNAVAILABLE = "ready", "degraded", "unavailable"
Check = dict[str, str]

_CACHE_SECONDS = 0.5
_LOOK_SECONDS = 0.7
"""Kubernetes waits one second for the answer of a probe."""
_STALE_SECONDS = 20.0
_DRAIN_SECONDS = 5.0


@dataclass(slots=True)
class Health:
    """The state of one server process and of what it leans on."""

    database: Database
    current: Current
    refresher: Refresher
    spool: Callable[[], SpoolStats]
    metrics: Path
    group: asyncio.TaskGroup
    """Queries that are still under way end with it."""
    _query: asyncio.Task[bool] | None = None
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _answered_at: float = field(default=-math.inf)
    _answer: tuple[str, dict[str, Check]] = field(default=(UNAVAILABLE, {}))

    async def check(self) -> tuple[str, dict[str, Check]]:
        """Return the worst status and every check; asked often, it looks twice a second."""
        async with self._one:
            if time.monotonic() - self._answered_at > _CACHE_SECONDS:
                self._answer = await self._checks()
                self._answered_at = time.monotonic()
        return self._answer

    async def _checks(self) -> tuple[str, dict[str, Check]]:
        checks = {
            "database": await self._database(),
            "snapshot": self._snapshot(),
            "spool": self._spool(),
            "drain": self._drain(),
        }
        found = {check["status"] for check in checks.values()}
        return next((each for each in (UNAVAILABLE, DEGRADED) if each in found), READY), checks

    async def _database(self) -> Check:
        # A look at a database that does not answer goes on, and the probe is answered in time.
        if self._query is None or self._query.done():
            self._query = self.group.create_task(self._ask())
        await asyncio.wait({self._query}, timeout=_LOOK_SECONDS)
        if not self._query.done() or not self._query.result():
            return _check(
                DEGRADED,
                "The database cannot be reached. Calls are answered and kept in the spool;"
                " pages and changes wait.",
            )
        return _check(READY, "The database answers.")

    async def _ask(self) -> bool:
        try:
            async with self.database.transaction() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return False
        return True

    def _snapshot(self) -> Check:
        if not self.current.ready:
            return _check(UNAVAILABLE, "Keys and routes are not loaded yet.")
        age = time.monotonic() - self.refresher.seen_at
        if age > _STALE_SECONDS:
            return _check(DEGRADED, f"Keys and routes are as of {age:.0f} s ago.")
        unlearned = len(self.refresher.shelf.broken)
        if unlearned:
            return _check(
                DEGRADED,
                f"The routing model of {unlearned} organization(s) cannot be loaded; their routes go"
                " by what is said of models.",
            )
        broken = len(self.refresher.broken)
        if broken:
            return _check(
                DEGRADED,
                f"Changes of {broken} organization(s) cannot be taken over; the log says why.",
            )
        return _check(READY, "Keys and routes are up to date.")

    def _spool(self) -> Check:
        refusal = self.spool().refusal
        if refusal is not None:
            return _check(UNAVAILABLE, f"The spool takes no calls ({refusal}): look at the disk.")
        return _check(READY, "The spool takes calls.")

    def _drain(self) -> Check:
        figures = unlabelled(self.metrics, drain.SLOT)
        seen = figures.get(drain.PASSED, 0.0)
        behind = max(time.time() - seen, figures.get(drain.LAG, 0.0))
        if seen == 0.0 or behind > _DRAIN_SECONDS:
            return _check(
                DEGRADED,
                "The drain is behind: pages lack the newest calls, which are in the spool.",
            )
        return _check(READY, "The drain keeps up.")


def _check(status: str, detail: str) -> Check:
    return {"status": status, "detail": detail}

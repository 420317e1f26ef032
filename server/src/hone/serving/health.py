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
from hone.serving import drain, words
from hone.serving.refresh import Refresher
from hone.versions import Holding, Predictor

READY, DEGRADED, UNAVAILABLE = "ready", "degraded", "unavailable"
Check = dict[str, str]

_CACHE_SECONDS = 0.5
_LOOK_SECONDS = 0.7
"""Kubernetes waits one second for the answer of a probe."""
_LEAST_SECONDS = 0.1
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
    predictor: Predictor
    group: asyncio.TaskGroup
    """Queries that are still under way end with it."""
    _query: asyncio.Task[int | None] | None = None
    _question: asyncio.Task[Holding | None] | None = None
    _live: int = 0
    """Versions of trained models that were live when the database last answered."""
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
        until = time.monotonic() + _LOOK_SECONDS
        checks = {
            "database": await self._database(until),
            "snapshot": self._snapshot(),
            "spool": self._spool(),
            "drain": self._drain(),
            "predictor": await self._predictor(until),
        }
        found = {check["status"] for check in checks.values()}
        return next((each for each in (UNAVAILABLE, DEGRADED) if each in found), READY), checks

    async def _database(self, until: float) -> Check:
        # A look at a database that does not answer goes on, and the probe is answered in time.
        if self._query is None or self._query.done():
            self._query = self.group.create_task(self._ask())
        await asyncio.wait({self._query}, timeout=until - time.monotonic())
        live = self._query.result() if self._query.done() else None
        if live is None:
            return _check(
                DEGRADED,
                "The database cannot be reached. Calls are answered and kept in the spool;"
                " pages and changes wait.",
            )
        self._live = live
        return _check(READY, "The database answers.")

    async def _ask(self) -> int | None:
        """Count what predictors are to serve; None where the database does not answer."""
        try:
            async with self.database.transaction() as session:
                return await session.scalar(text("SELECT count(*) FROM live_models()"))
        except (SQLAlchemyError, OSError):
            return None

    async def _predictor(self, until: float) -> Check:
        if not self._live:
            return _check(READY, words.IDLE)
        if self.predictor.house is None:
            return _check(DEGRADED, words.MISSING)
        if self._question is None or self._question.done():
            self._question = self.group.create_task(self.predictor.holding())
        await asyncio.wait({self._question}, timeout=max(until - time.monotonic(), _LEAST_SECONDS))
        told = self._question.result() if self._question.done() else None
        if told is None:
            return _check(DEGRADED, words.SILENT)
        if told.status == "starting":
            return _check(DEGRADED, words.STARTING)
        status = DEGRADED if told.failed else READY
        return _check(status, words.summed(self._live, len(told.failed)))

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

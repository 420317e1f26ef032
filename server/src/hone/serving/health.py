"""Readiness in words: what works, what is degraded, and what that means for a caller."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hone.core.counters import render
from hone.core.db import Database
from hone.gateway import Current, SpoolStats
from hone.serving.refresh import Refresher

READY, DEGRADED, UNAVAILABLE = "ready", "degraded", "unavailable"
Check = dict[str, str]

_CACHE_SECONDS = 0.5
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
    _answered_at: float = field(default=-1.0)
    _answer: tuple[str, dict[str, Check]] = field(default=(UNAVAILABLE, {}))

    async def check(self) -> tuple[str, dict[str, Check]]:
        """Return the worst status and every check; asked often, it looks twice a second."""
        if time.monotonic() - self._answered_at > _CACHE_SECONDS:
            checks = {
                "database": await self._database(),
                "snapshot": self._snapshot(),
                "spool": self._spool(),
                "drain": self._drain(),
            }
            found = {check["status"] for check in checks.values()}
            worst = next((each for each in (UNAVAILABLE, DEGRADED) if each in found), READY)
            self._answer, self._answered_at = (worst, checks), time.monotonic()
        return self._answer

    async def _database(self) -> Check:
        try:
            async with asyncio.timeout(1.0), self.database.transaction() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return _check(
                DEGRADED,
                "The database cannot be reached. Calls are answered and kept in the spool;"
                " pages and changes wait.",
            )
        return _check(READY, "The database answers.")

    def _snapshot(self) -> Check:
        if not self.current.ready:
            return _check(UNAVAILABLE, "Keys and routes are not loaded yet.")
        age = time.monotonic() - self.refresher.seen_at
        if age > _STALE_SECONDS:
            return _check(DEGRADED, f"Keys and routes are as of {age:.0f} s ago.")
        return _check(READY, "Keys and routes are up to date.")

    def _spool(self) -> Check:
        refusal = self.spool().refusal
        if refusal is not None:
            return _check(UNAVAILABLE, f"The spool takes no calls ({refusal}): look at the disk.")
        return _check(READY, "The spool takes calls.")

    def _drain(self) -> Check:
        figures = _figures(self.metrics)
        seen = figures.get("hone_drain_pass_timestamp_seconds", 0.0)
        behind = max(time.time() - seen, figures.get("hone_drain_lag_seconds", 0.0))
        if seen == 0.0 or behind > _DRAIN_SECONDS:
            return _check(
                DEGRADED,
                "The drain is behind: pages lack the newest calls, which are in the spool.",
            )
        return _check(READY, "The drain keeps up.")


def _check(status: str, detail: str) -> Check:
    return {"status": status, "detail": detail}


def _figures(directory: Path) -> dict[str, float]:
    """Read the drain's own figures, which have no labels."""
    lines = (line.split() for line in render(directory).splitlines())
    return {
        line[0]: float(line[1])
        for line in lines
        if len(line) == 2 and line[0].startswith("hone_drain_")
    }

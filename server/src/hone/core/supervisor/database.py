"""The embedded PostgreSQL under supervision."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hone.core.errors import AppError
from hone.core.supervisor.backoff import Backoff
from hone.core.supervisor.child import describe

if TYPE_CHECKING:
    from hone.core.postgres import EmbeddedPostgres

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.03


class Database:
    """Starts PostgreSQL first and starts it again when it dies."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self.postgres = postgres
        self.ready = False
        self._backoff = Backoff()
        self._ever_ready = False
        self._started = 0.0
        self._start_at: float | None = 0.0

    @property
    def ended(self) -> bool:
        """Say whether no server of ours runs."""
        return self.postgres.pid is None or self.postgres.poll() is not None

    def next_look(self) -> float:
        """Return when it may next need something."""
        if self._start_at is not None:
            return self._start_at
        return float("inf") if self.ready else time.monotonic() + _LOOK_EVERY

    def tick(self) -> None:
        """Start it when it is due, and see it through its start.

        A failure of the very first start is raised. Later ones are repeated until one succeeds,
        for the gateway can do without a database for a while; recovery gets the time it needs.
        """
        try:
            self._advance()
        except AppError as error:
            self.postgres.halt()
            if not self._ever_ready:
                raise
            self._plan_restart(error.message)

    def reap(self) -> None:
        """Notice that a server that was ready has ended."""
        if self.ready and (code := self.postgres.poll()) is not None:
            self._plan_restart(f"PostgreSQL (pid {self.postgres.pid}) {describe(code)}")

    def _advance(self) -> None:
        now = time.monotonic()
        if self._start_at is not None and now >= self._start_at:
            self._started, self._start_at = now, None
            self.postgres.launch()
        if self._start_at is None and not self.ready and self.postgres.ready():
            self.ready = self._ever_ready = True
            took = time.monotonic() - self._started
            log.info("PostgreSQL is ready (pid %d, %.2f s)", self.postgres.pid, took)

    def _plan_restart(self, what: str) -> None:
        now = time.monotonic()
        delay = self._backoff.after(now - self._started)
        self.ready, self._start_at = False, now + delay
        log.error("%s; it starts again in %.1f s", what, delay)

"""Keep a process's Snapshot as new as the database: LISTEN, coalesce, compile, swap whole.

A NOTIFY says that something changed; what arrives while parts are being compiled is compiled once
more, together. Every few seconds, and after each reconnect, versions are compared, so a lost
notification costs seconds and not correctness. While the database is away the last snapshot stays
in force.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock
from hone.core.connection import connect
from hone.core.db import Database, refuse_unsafe_role
from hone.core.errors import AppError
from hone.core.keyring import Keyring
from hone.gateway import Current
from hone.registry import House
from hone.serving import compiler
from hone.serving.quality import Shelf

log = logging.getLogger(__name__)

CHANGES = "hone_changes"
OPERATIONS = "hone_operations"
CIRCUITS = "hone_circuits"
ALERTS = "hone_alerts"
POLL_INTERVAL = 5.0
PATIENCE = 15.0
"""Seconds that one answer of the database may take; then a new connection is tried."""
_LONGEST_PAUSE = 0.25
_RETRY_DELAYS = (0.1, 0.2, 0.5, 1.0)


@dataclass(slots=True)
class Refresher:
    """Follows the database for one process."""

    database: Database
    keyring: Keyring
    current: Current
    shelf: Shelf
    house: House | None = None
    """Where trained models are served; None: nowhere."""
    on_operations: Callable[[set[UUID]], None] = lambda _: None
    """Called with the organizations whose operations have just landed, or circuits or alerts changed."""
    seen_at: float = 0.0
    """Monotonic time of the last moment the database confirmed that the snapshot is up to date."""
    broken: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """Organizations whose newest state cannot be compiled, and why; their last one stays in force."""
    _outdated_at: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    _role_checked: bool = False

    async def run(self) -> None:
        """Follow until cancelled; outlive every outage of the database."""
        failures, said = 0, ""
        while True:
            try:
                # LISTEN does not go through a pooler, so it has a connection of its own.
                async with await connect(
                    self.database.url, patience=PATIENCE, autocommit=True
                ) as connection:
                    await _listen(connection)
                    await self.catch_up()
                    if said:
                        log.info("following the database again")
                    failures, said = 0, ""
                    await self._follow(connection)
            except (psycopg.Error, SQLAlchemyError, OSError, AppError) as error:
                if type(error).__name__ != said:
                    said = type(error).__name__
                    log.warning("cannot follow the database: %s", str(error) or said)
                await asyncio.sleep(_RETRY_DELAYS[min(failures, len(_RETRY_DELAYS) - 1)])
                failures += 1

    async def catch_up(self) -> None:
        """Compile every organization whose version is not the snapshot's.

        Raises `UnsafeRole` before anything is served to a role that row-level security does not hold.
        """
        if not self._role_checked:
            await refuse_unsafe_role(self.database)
            self._role_checked = True
        versions = await compiler.versions(self.database)
        held = self.current.snapshot.organizations
        for organization_id in set(held) - set(versions):
            self.current.snapshot = self.current.snapshot.without(organization_id)
            self.shelf.forget(organization_id)
        for organization_id, version in versions.items():
            present = held.get(organization_id)
            if present is None or present.version != version or self._outdated(organization_id):
                await self._compile(organization_id, version)
        self.broken = {each: why for each, why in self.broken.items() if each in versions}
        self.current.ready = True
        self.seen_at = time.monotonic()

    async def _compile(self, organization_id: UUID, version: int) -> None:
        """Take over one organization's newest state; one that is faulty holds up no other."""
        try:
            part, outdated_at = await compiler.part(
                self.database, self.keyring, self.shelf, organization_id, version, self.house
            )
        except AppError as error:
            if self.broken.get(organization_id) != error.message:
                log.error("organization %s stays as it was: %s", organization_id, error.message)
            self.broken[organization_id] = error.message
        else:
            self.broken.pop(organization_id, None)
            self.current.snapshot = self.current.snapshot.with_part(part)
            self._outdated_at[organization_id] = outdated_at

    def _outdated(self, organization_id: UUID) -> bool:
        """Tell whether time alone has made a part outdated."""
        at = self._outdated_at.get(organization_id)
        return at is not None and at <= clock.now()

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        polled = time.monotonic()
        while True:
            changed = await self._hear(connection)
            started = time.monotonic()
            due = started - polled >= POLL_INTERVAL
            if due:
                polled = started
                # A connection that leads nowhere hears nothing, and fails only when it is used.
                await connection.execute("SELECT 1")
            if changed or due:
                await self.catch_up()
                # Many changes in a row leave at least half of the time to the calls.
                await asyncio.sleep(min(time.monotonic() - started, _LONGEST_PAUSE))

    async def _hear(self, connection: psycopg.AsyncConnection) -> bool:
        """Wait for news, pass on what landed, and return whether something changed."""
        changed = False
        landed: set[UUID] = set()
        for timeout in (POLL_INTERVAL, 0.0):
            async for notice in connection.notifies(timeout=timeout, stop_after=1):
                if notice.channel == CHANGES:
                    changed = True
                else:
                    landed |= _named(notice.payload)
        if landed:
            self.on_operations(landed)
        return changed


async def _listen(connection: psycopg.AsyncConnection) -> None:
    for channel in (CHANGES, OPERATIONS, CIRCUITS, ALERTS):
        await connection.execute(f"LISTEN {channel}")


def _named(payload: str) -> set[UUID]:
    """Read which organizations a notification names; anyone in the database may send any text."""
    try:
        return {UUID(part) for part in payload.split(",") if part}
    except ValueError:
        return set()

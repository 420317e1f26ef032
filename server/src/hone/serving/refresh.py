"""Keep a process's Snapshot as new as the database: LISTEN, coalesce, compile, swap whole.

A NOTIFY names the organization that changed; what arrives while a part is being compiled is
compiled once more, together. Every few seconds, and after each reconnect, versions are compared, so
a lost notification costs seconds and not correctness. While the database is away the last snapshot
stays in force.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core.db import Database, refuse_unsafe_role
from hone.core.errors import AppError
from hone.core.keyring import Keyring
from hone.gateway import Current
from hone.serving import compiler

log = logging.getLogger(__name__)

CHANGES = "hone_changes"
OPERATIONS = "hone_operations"
POLL_INTERVAL = 5.0
_RETRY_DELAYS = (0.1, 0.2, 0.5, 1.0)


@dataclass(slots=True)
class Refresher:
    """Follows the database for one process."""

    database: Database
    keyring: Keyring
    current: Current
    on_operations: Callable[[set[UUID]], None] = lambda _: None
    """Called with the organizations whose operations have just landed."""
    seen_at: float = 0.0
    """Monotonic time of the last moment the database confirmed that the snapshot is up to date."""
    _dirty: set[UUID] = field(default_factory=set[UUID])
    _role_checked: bool = False

    async def run(self) -> None:
        """Follow until cancelled; outlive every outage of the database."""
        failures = 0
        while True:
            try:
                async with await self._connect() as connection:
                    await self.catch_up()
                    failures = 0
                    await self._follow(connection)
            except (psycopg.Error, SQLAlchemyError, OSError, AppError) as error:
                delay = _RETRY_DELAYS[min(failures, len(_RETRY_DELAYS) - 1)]
                if failures == 0:
                    log.warning("cannot follow the database: %s", error)
                failures += 1
                await asyncio.sleep(delay)

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
        for organization_id, version in versions.items():
            present = held.get(organization_id)
            if present is None or present.version != version:
                await self._compile(organization_id, version)
        self.current.ready = True
        self.seen_at = time.monotonic()

    async def _compile(self, organization_id: UUID, version: int) -> None:
        part = await compiler.part(self.database, self.keyring, organization_id, version)
        self.current.snapshot = self.current.snapshot.with_part(part)

    async def _connect(self) -> psycopg.AsyncConnection:
        """Open a connection of its own: LISTEN does not go through a pooler."""
        connection = await psycopg.AsyncConnection.connect(
            self.database.url, autocommit=True, connect_timeout=5
        )
        await connection.execute(f"LISTEN {CHANGES}")
        await connection.execute(f"LISTEN {OPERATIONS}")
        return connection

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        polled = time.monotonic()
        while True:
            landed: set[UUID] = set()
            async for notice in connection.notifies(timeout=POLL_INTERVAL, stop_after=1):
                self._note(notice, landed)
            async for notice in connection.notifies(timeout=0):
                self._note(notice, landed)
            if landed:
                self.on_operations(landed)
            if self._dirty or time.monotonic() - polled >= POLL_INTERVAL:
                self._dirty.clear()
                await self.catch_up()
                polled = time.monotonic()

    def _note(self, notice: psycopg.Notify, landed: set[UUID]) -> None:
        named = {UUID(part) for part in notice.payload.split(",") if part}
        if notice.channel == CHANGES:
            self._dirty |= named
        else:
            landed |= named

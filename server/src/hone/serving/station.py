"""A gateway for calls that Hone makes itself: what a server process has of it, without HTTP.

It is opened when it is first needed, so that a worker without such work costs nothing more. Its lane
of the spool lies beside those of the servers, and the drain of the data directory empties it.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core.blobs import Blobs
from hone.core.counters import Counters
from hone.core.db import Database
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.gateway import (
    Answer,
    Caller,
    Current,
    Errand,
    Gateway,
    Idempotency,
    Limits,
    Quota,
    Spool,
    call,
    caller_of,
)
from hone.llm.transport import Transport
from hone.serving.house import house_of
from hone.serving.leases import Leases
from hone.serving.quality import Shelf
from hone.serving.refresh import Refresher

_SLOT = "worker"
_AGAIN = 1.0
_Name = tuple[UUID, UUID | None, UUID | None]


class Station:
    """The gateway of one worker process."""

    def __init__(self, settings: Settings, ring: Keyring, kept: Idempotency) -> None:
        self._settings = settings
        self._ring = ring
        self._kept = kept
        self._wanted = asyncio.Event()
        self._opened = asyncio.Event()
        self._gateway: Gateway | None = None
        self._known: dict[_Name, Caller] = {}

    async def run(self) -> None:
        """Open when somebody wants to call, and stay open until cancelled."""
        await self._wanted.wait()
        database = Database.connect(self._settings.app_url, pool_size=2)
        async with contextlib.aclosing(database), self._open(database) as gateway:
            self._gateway = gateway
            self._opened.set()
            await asyncio.get_running_loop().create_future()

    async def ready(self) -> None:
        """Return when calls can be made."""
        self._wanted.set()
        await self._opened.wait()

    def caller(
        self, organization_id: UUID, key_id: UUID | None, person_id: UUID | None
    ) -> Caller | None:
        """Find who made something with a key, or signed in; None where they may call no more."""
        gateway = self._gateway
        assert gateway is not None
        name = organization_id, key_id, person_id
        known = self._known.get(name)
        present = gateway.current.snapshot.organizations.get(organization_id)
        if known is None or known.organization is not present or known.principal.expires_at:
            known = caller_of(gateway, *name)
            if known is None:
                self._known.pop(name, None)
                return None
            self._known[name] = known
        return known

    async def call(self, caller: Caller, errand: Errand) -> Answer:
        """Make one call and return its answer."""
        assert self._gateway is not None
        return await call(self._gateway, caller, errand)

    @contextlib.asynccontextmanager
    async def _open(self, database: Database) -> AsyncGenerator[Gateway]:
        settings = self._settings
        current, quota, transport = Current(), Quota(), Transport()
        shelf = Shelf(Blobs.open(settings))
        refresher = Refresher(database, self._ring, current, shelf, house_of(settings, self._ring))
        spool = Spool(
            settings.data_dir / "spool",
            segment_bytes=settings.spool.segment_bytes,
            fsync=settings.spool.fsync,
        )
        limits = Limits(body_bytes=settings.server.max_body_bytes)
        counters = Counters(settings.data_dir / "metrics", _SLOT)
        gateway = Gateway(current, spool, transport, counters, limits, self._kept, quota)
        leases = Leases(database.url, spool, quota)
        try:
            async with asyncio.TaskGroup() as group:
                await _catch_up(refresher)
                tasks = [group.create_task(refresher.run()), group.create_task(leases.run())]
                try:
                    yield gateway
                finally:
                    for task in tasks:
                        task.cancel()
                    await leases.give_back()
        finally:
            await transport.close()
            spool.close()


async def _catch_up(refresher: Refresher) -> None:
    """Learn keys and routes; wait for a database that is away."""
    while True:
        try:
            await refresher.catch_up()
        except (SQLAlchemyError, psycopg.Error, OSError):
            await asyncio.sleep(_AGAIN)
        else:
            return

"""Where the answers of a batch go before anything else is done with them.

The gateway keeps the answer to a call that has an idempotency key before it counts the call as made.
For a line of a batch that means here: its answer is in the database, or the line is asked again.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.batches import repository
from hone.batches.repository import Answered, Whose
from hone.core.db import Database
from hone.core.jobs import Fenced, Job
from hone.gateway import Claim, Idempotency, Outcome, Replay

log = logging.getLogger(__name__)

BEAT: Final = 0.5
"""Seconds between two looks at what has become of the batch."""
_AGAIN: Final = 0.5
_AWAY: Final = (psycopg.Error, SQLAlchemyError, OSError)

Keep = Callable[[Replay], Awaitable[None]]


class Book:
    """The lines that one process has under way, by their idempotency keys."""

    def __init__(self) -> None:
        self._open: dict[bytes, Keep] = {}

    def port(self) -> Idempotency:
        """Return what the gateway calls."""
        return Idempotency(self._claim, self._finish)

    @contextlib.contextmanager
    def expecting(self, key: bytes, keep: Keep) -> Generator[None]:
        """Have the answer under a key kept, should it come before the end of the block."""
        digest = hashlib.sha256(key).digest()
        self._open[digest] = keep
        try:
            yield
        finally:
            del self._open[digest]

    async def _claim(
        self, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
    ) -> Claim:
        # Whoever runs the batch asks no line that has an answer, nor two at the same time.
        del organization_id, key, request, operation_id
        return Claim.FRESH

    async def _finish(
        self, organization_id: UUID, key: bytes, operation_id: UUID, outcome: Replay | Outcome
    ) -> None:
        del organization_id, operation_id
        if isinstance(outcome, Replay):
            await self._open[key](outcome)


@dataclass(slots=True)
class Ledger:
    """Writes the answers of one batch, those that wait together in one transaction."""

    database: Database
    job: Job
    organization_id: UUID
    batch_id: UUID
    expires_at: datetime
    status: str = "in_progress"
    """What the batch was when it was last looked at."""
    fenced: bool = False
    """Another worker goes on with it."""
    _waiting: list[tuple[Answered, asyncio.Future[None]]] = field(
        default_factory=list[tuple[Answered, asyncio.Future[None]]]
    )
    _looked: float = 0.0
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, answered: Answered) -> None:
        """Return when an answer is kept, however long the database is away."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((answered, kept))
        self._called.set()
        await kept

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._called.wait()
            self._called.clear()
            try:
                await self._write()
                await self._look()
            except _AWAY as error:
                log.warning("answers of a batch wait for the database: %s", type(error).__name__)
                await asyncio.sleep(_AGAIN)
                self._called.set()

    async def _write(self) -> None:
        # A copy: more may come while this is written.
        waiting = list(self._waiting)
        if not waiting:
            return
        async with self.database.transaction(self.organization_id) as session:
            # Not fenced: what was answered counts, whoever asked.
            await repository.keep_answers(
                session, self.organization_id, self.batch_id, [each for each, _ in waiting]
            )
        self._waiting = self._waiting[len(waiting) :]
        for _, kept in waiting:
            if not kept.done():
                kept.set_result(None)

    async def _look(self) -> None:
        """See whether the batch is still to be worked on, and by us."""
        now = time.monotonic()
        if now - self._looked < BEAT:
            return
        self._looked = now
        whose = Whose(self.organization_id, None)
        try:
            async with self.job.step(self.organization_id) as session:
                row = await repository.batch(session, whose, self.batch_id)
        except Fenced:
            self.fenced = True
            return
        self.status = "gone" if row is None else row.status
        self.expires_at = self.expires_at if row is None else row.expires_at

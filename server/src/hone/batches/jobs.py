"""Background work of batches: running them, finding those that stand still, removing what is gone."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from hone.batches import finishing, lines, repository, storage
from hone.batches.models import ACTIVE, Batch, File
from hone.batches.recording import Book, Ledger
from hone.batches.repository import Whose
from hone.batches.running import End, Station, Task, Work
from hone.batches.service import batches
from hone.batches.storage import Place
from hone.core import clock
from hone.core.db import Database
from hone.core.jobs import Job
from hone.core.keyring import Key

RUN: Final = batches.RUN
GO_ON: Final = "batches.go_on"
QUEUE: Final = batches.QUEUE
_BEGUN: Final = timedelta(days=1)
"""After this long a file that was begun is not finished any more."""
_REMOVED_AT_ONCE: Final = 500
_KEY_LOST: Final = lines.Problem(
    "key_not_valid",
    "The API key or person that made this batch may call models no more; the rest was not asked.",
)
_INPUT_GONE: Final = lines.Problem("input_file_gone", "The input file is no longer there.")


@dataclass(slots=True)
class Runner:
    """What a worker runs batches with."""

    place: Place
    station: Station
    book: Book
    most: int
    """Lines of one batch that are asked at a time."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _running: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def rest(self, seconds: float) -> None:
        """Begin no line any more, and wait a while for those that are under way."""
        self.stopping.set()
        if self._running:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._idle.wait()

    async def run(self, job: Job, organization_id: UUID, batch_id: UUID) -> None:
        """Go on with a batch; one that is killed goes on where it was."""
        self._running += 1
        self._idle.clear()
        try:
            await self._run(job, organization_id, batch_id)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _run(self, job: Job, organization_id: UUID, batch_id: UUID) -> None:
        whose = Whose(organization_id, None)
        async with job.step(organization_id) as session:
            row = await repository.batch(session, whose, batch_id)
            if row is None or row.status not in ACTIVE:
                return
            file = await repository.input_of(session, organization_id, row.input_file_id)
            key = file and await storage.open_key(session, self.place.ring, file)
        if file is None or key is None:
            await self._fail(job, row, [_INPUT_GONE])
            return
        if row.status == "validating" and not await self._check(job, row, file, key):
            return
        status = await self._work(job, row, file, key)
        if status is not None:
            await finishing.finish(self.place, job, row, file, key, status)

    async def _check(self, job: Job, row: Batch, file: File, key: Key) -> bool:
        """Look at the input before anything is asked; tell whether it is in order."""
        check = lines.Check(row.endpoint)
        async for number, line in storage.lines(self.place, file, key):
            if not check.take(number, line):
                break
            if number % 1000 == 0:
                await asyncio.sleep(0)
        problems = check.finish()
        if problems:
            await self._fail(job, row, problems)
            return False
        async with job.step(row.organization_id) as session:
            held = await self._held(session, row)
            held.total, held.model = check.total, check.model
            if held.status == "validating":
                held.status, held.in_progress_at = "in_progress", await repository.now(session)
        row.status, row.total = held.status, held.total
        return True

    async def _work(self, job: Job, row: Batch, file: File, key: Key) -> str | None:
        """Ask what is still to be asked; return how the batch ends, None where it goes on later."""
        if row.status == "cancelling":
            return "cancelled"
        ended = End.DONE
        if row.status == "in_progress":
            ended = await self._ask(job, row, file, key)
        match ended:
            case End.FENCED:
                return None
            case End.TURN:
                async with job.step(row.organization_id, last=True) as session:
                    await batches.enqueue(session, row.organization_id, row.id)
                return None
            case _:
                return await self._finalize(job, row, ended)

    async def _ask(self, job: Job, row: Batch, file: File, key: Key) -> End:
        organization_id, batch_id = row.organization_id, row.id
        async with job.step(organization_id) as session:
            done = await repository.answered_lines(session, organization_id, batch_id)
        task = Task(
            organization_id,
            batch_id,
            row.key_id,
            row.person_id,
            row.endpoint,
            key,
        )
        ledger = Ledger(self.place.database, job, organization_id, batch_id, row.expires_at)
        work = Work(task, self.station, self.book, ledger, self.most, self.stopping)
        return await work.run(storage.lines(self.place, file, key), done)

    async def _finalize(self, job: Job, row: Batch, ended: End) -> str:
        """Note that the files are being written, and tell what the batch will be then."""
        async with job.step(row.organization_id) as session:
            held = await self._held(session, row)
            now = await repository.now(session)
            if ended is End.KEY_LOST and held.status == "in_progress":
                held.status, held.cancelling_at = "cancelling", now
                held.errors = [_KEY_LOST.told()]
            elif held.status == "in_progress":
                held.status, held.finalizing_at = "finalizing", now
            done = await repository.answered_lines(session, row.organization_id, row.id)
        if held.status == "cancelling":
            return "cancelled"
        return "expired" if len(done) < held.total else "completed"

    async def _fail(self, job: Job, row: Batch, problems: list[lines.Problem]) -> None:
        async with job.step(row.organization_id) as session:
            held = await self._held(session, row)
            held.errors = [each.told() for each in problems]
        await finishing.end(job, row, "failed")

    async def _held(self, session: repository.Session, row: Batch) -> Batch:
        whose = Whose(row.organization_id, None)
        held = await repository.batch(session, whose, row.id, lock=True)
        assert held is not None
        return held


async def run(runner: Runner, job: Job, organization: str, batch: str) -> None:
    """Go on with a batch."""
    await runner.run(job, UUID(organization), UUID(batch))


async def go_on(owner: Database) -> None:
    """Give batches to a worker that none has; as the owner."""
    async with owner.transaction() as session:
        for organization_id, batch_id in await repository.standing(session):
            await batches.enqueue(session, organization_id, batch_id)


async def forget(owner: Database, place: Place) -> None:
    """Delete files whose time is over, and remove from the storage what is gone; as the owner."""
    async with owner.transaction() as session:
        await repository.delete_due(session, clock.now() - _BEGUN)
    while True:
        async with owner.transaction() as session:
            found = await repository.removals(session, _REMOVED_AT_ONCE)
        for organization_id, digest in found:
            await place.blobs.remove(organization_id, digest)
        async with owner.transaction() as session:
            for organization_id in {each for each, _ in found}:
                mine = [digest for other, digest in found if other == organization_id]
                await repository.removed(session, organization_id, mine)
        if len(found) < _REMOVED_AT_ONCE:
            return

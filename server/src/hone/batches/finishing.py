"""The end of a batch: its answers become files, and the batch what it is to be."""

import sys
from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from hone.batches import answers, lines, repository, sealing, storage
from hone.batches.models import Batch, File
from hone.batches.repository import Whose
from hone.batches.service import batches
from hone.batches.storage import Draft, Place
from hone.core import clock
from hone.core.jobs import Job
from hone.core.keyring import Key

_PAGE: Final = 100
_SYSTEM: Final = "system"
OUTPUT: Final = "batch_output"
_ENDS: Final = {
    "completed": "completed_at",
    "expired": "expired_at",
    "cancelled": "cancelled_at",
    "failed": "failed_at",
}


@dataclass(slots=True)
class _Results:
    """The two files of a batch; one that would have no lines is not made."""

    place: Place
    row: Batch
    output: Draft | None = None
    errors: Draft | None = None

    async def add(self, line: bytes, *, succeeded: bool) -> None:
        """Add a line to the file that it belongs to."""
        draft = self.output if succeeded else self.errors
        if draft is None:
            draft = await self._begin("output" if succeeded else "error")
            if succeeded:
                self.output = draft
            else:
                self.errors = draft
        await draft.write(line + b"\n")

    async def finish(self) -> None:
        """Store what is left of both."""
        for draft in (self.output, self.errors):
            if draft is not None:
                await draft.finish()

    async def _begin(self, name: str) -> Draft:
        row, seconds = self.row, self.row.output_expires_after
        expires = None if seconds is None else clock.now() + timedelta(seconds=seconds)
        filename = f"batch_{row.id.hex}_{name}.jsonl"
        return await storage.begin(
            self.place, row.organization_id, row.owner, OUTPUT, filename, expires
        )


async def finish(place: Place, job: Job, row: Batch, file: File, key: Key, status: str) -> None:
    """Write the files of a batch and end it; what has no answer is told in the error file."""
    # What models answer may be longer than what a client may send.
    results = _Results(replace(place, most=sys.maxsize), row)
    answered = await _answers(results, key)
    if len(answered) < row.total:
        why = answers.EXPIRED if status == "expired" else answers.CANCELLED
        async for number, raw in storage.lines(place, file, key):
            if number not in answered:
                custom_id = lines.parse(raw).custom_id
                line = answers.unasked(row.id, number, custom_id, why)
                await results.add(line, succeeded=False)
    await results.finish()
    await end(job, row, status, results)


async def _answers(results: _Results, key: Key) -> Set[int]:
    row, after = results.row, 0
    seen: set[int] = set()
    while True:
        async with results.place.database.transaction(row.organization_id) as session:
            page = await repository.answers(session, row.organization_id, row.id, after, _PAGE)
        for each in page:
            line = sealing.unseal_answer(key, row.id, each.line, each.sealed)
            await results.add(line, succeeded=each.succeeded)
            seen.add(each.line)
        if len(page) < _PAGE:
            return seen
        after = page[-1].line


async def end(job: Job, row: Batch, status: str, results: _Results | None = None) -> None:
    """Set the last state of a batch, in the transaction that ends its job."""
    async with job.step(row.organization_id, last=True) as session:
        present = await _held(session, row.organization_id, row.id)
        if present is None:
            return
        if results is not None:
            for draft in (results.output, results.errors):
                if draft is not None:
                    await storage.complete(session, draft)
            present.output_file_id = results.output and results.output.row.id
            present.error_file_id = results.errors and results.errors.row.id
        present.status = "cancelled" if present.status == "cancelling" else status
        setattr(present, _ENDS[present.status], await repository.now(session))
        await repository.forget_answers(session, row.organization_id, row.id)
        batches.note(session, present, _SYSTEM, "batch.finished")


async def _held(session: repository.Session, organization_id: UUID, batch_id: UUID) -> Batch | None:
    whose = Whose(organization_id, None)
    return await repository.batch(session, whose, batch_id, lock=True)

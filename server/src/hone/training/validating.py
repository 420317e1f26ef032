"""The files of tuning jobs, read in the background: a job whose files are good becomes a run.

Whoever reads holds a lease. A worker that is killed leaves what it read in the data set; the next one reads the files
again, and what is there already is not kept twice. The run begins in the transaction that says so in the job, so that
there is one, whoever dies when.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone import batches, datasets, identity
from hone.core import clock
from hone.core.db import Database
from hone.core.errors import AppError
from hone.identity import Actor
from hone.training import filing
from hone.training.errors import TuningWrong
from hone.training.models import TuningJob
from hone.training.place import Place
from hone.training.repository import tuning as jobs
from hone.training.schemas.job import TrainingJob
from hone.training.service.creating import Origin, create
from hone.training.service.tuning import note
from hone.training.translating import KINDS

log = logging.getLogger(__name__)

_TURN: Final = 1.0
_RENEWED: Final = 5.0
_WRONG: Final = "invalid_training_file"
_LONGEST: Final = 2000
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A job in the hands of this worker, by its fencing token."""

    organization_id: UUID
    run_id: UUID
    token: int
    job: TrainingJob
    training_file: str
    validation_file: str | None
    actor: Actor

    @property
    def key(self) -> tuple[UUID, UUID, int]:
        return self.organization_id, self.run_id, self.token


class Validator:
    """The tuning jobs of one worker, until they are runs."""

    def __init__(self, place: Place, database: Database, owner: Database) -> None:
        self._place, self._database, self._owner = place, database, owner
        most = place.settings.server.max_upload_bytes
        self._files = batches.Place(database, place.keyring, place.blobs, most)

    async def run(self) -> None:
        """Read files until cancelled."""
        while True:
            try:
                while await self.one():
                    pass
            except _OUTAGES as error:
                log.warning("cannot read files of tuning jobs: %s", error)
            await asyncio.sleep(_TURN)

    async def one(self) -> bool:
        """Read the files of one job, and begin its run or say what is wrong; tell whether there was one."""
        async with self._owner.transaction() as session:
            row = await jobs.claim(session)
            taken = None if row is None else _taken(row)
        if taken is None:
            return False
        reading = asyncio.ensure_future(self._read(taken))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=_RENEWED)
                if not reading.done() and not await self._still_ours(taken):
                    return True
            await self._conclude(taken, reading)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, AppError, *_OUTAGES):
                await reading
        return True

    async def _still_ours(self, taken: _Taken) -> bool:
        async with self._database.transaction(taken.organization_id) as session:
            return await jobs.renew(session, *taken.key)

    async def _read(self, taken: _Taken) -> None:
        """Make a data set of the files; those to validate with keep apart from those to learn from."""
        kind, name = KINDS[taken.job.task], taken.job.data.dataset
        async with self._database.transaction(taken.organization_id) as session:
            await datasets.ensure(session, taken.actor, self._place.keyring, name, kind)
        learned = ["train"] if taken.validation_file else []
        await self._import(taken, taken.training_file, learned, "training_file")
        if taken.validation_file:
            held = ["validation", "test"]
            await self._import(taken, taken.validation_file, held, "validation_file")

    async def _import(self, taken: _Taken, file: str, splits: Sequence[str], param: str) -> None:
        name, settings = taken.job.data.dataset, self._place.settings
        async with self._database.transaction(taken.organization_id) as session:
            try:
                row, lines = await batches.lines_of(session, taken.actor, self._files, file)
            except AppError as error:
                raise TuningWrong(f"The file {file} is gone.", param=param) from error
            kind = (await datasets.access(session, taken.actor, name)).kind
        asked = datasets.asked(settings, "jsonl", "expert", "validated", row.filename)
        content = filing.records(lines, kind, splits, param)
        came = await datasets.take(
            self._database, self._place.keyring, taken.actor, name, asked, content, settings
        )
        if came.refused:
            first = came.problems[0]
            raise TuningWrong(f"Line {first.line} of the file: {first.reason}", param=param)

    async def _conclude(self, taken: _Taken, reading: asyncio.Task[None]) -> None:
        try:
            await reading
            await self._begin(taken)
        except AppError as error:
            await self._fail(taken, error)

    async def _begin(self, taken: _Taken) -> None:
        """Begin the run, in the transaction that says so in the job."""
        async with self._database.transaction(taken.organization_id) as session:
            row = await jobs.held(session, *taken.key)
            if row is not None:
                origin = Origin(run_id=taken.run_id)
                await create(session, taken.actor, self._place, taken.job, origin)
                row.state, row.job, row.leased_until = "begun", None, None

    async def _fail(self, taken: _Taken, error: AppError) -> None:
        async with self._database.transaction(taken.organization_id) as session:
            row = await jobs.held(session, *taken.key)
            if row is not None:
                row.state, row.error = "failed", _told(error)
                row.ended_at, row.leased_until = clock.now(), None
                note(session, row, "system", "tuning_job.failed")


def _taken(row: TuningJob) -> _Taken:
    whoever = identity.system(row.organization_id)
    return _Taken(
        row.organization_id,
        row.run_id,
        row.claim,
        TrainingJob.model_validate(row.job),
        row.training_file,
        row.validation_file,
        # What they may was asked when they began it.
        replace(whoever, id=row.created_by or whoever.id),
    )


def _told(error: AppError) -> dict[str, Any]:
    """Say what is wrong as OpenAI does: with a code, and the field that is to be changed."""
    ours = isinstance(error, TuningWrong)
    return {
        "code": _WRONG if ours else error.code,
        "message": error.message[:_LONGEST],
        "param": error.param or "training_file",
    }

"""One check from beginning to end, within its time, in parts that may be killed anywhere.

Same words, leaks between splits and personal data are found here; what takes libraries for numbers is
found by a program (`curating`). Who goes on with a check does only what is left of it.
"""

import asyncio
import contextlib
import errno
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import AppError, StorageFull
from hone.core.events import publish
from hone.core.jobs import Fenced, Job
from hone.datasets import curating, pii, rendering, sealing
from hone.datasets.errors import CheckLost, CheckTooLong, ProgramFailed
from hone.datasets.examining import Examination, Place, Stopped
from hone.datasets.fingerprints import words_of
from hone.datasets.models import Check, Dataset, Example
from hone.datasets.repository import datasets, examples, findings
from hone.datasets.repository.examples import Wanted
from hone.datasets.service.examples import said_of

_STANDS_AFTER: Final = timedelta(minutes=10)
_COMPARED, _SCANNED, _CURATED = "compared", "scanned", "curated"


async def check(place: Place, job: Job, organization: str, check: str) -> None:
    """Do a check, or what is left of one whose worker was killed."""
    organization_id, check_id = UUID(organization), UUID(check)
    async with job.step(organization_id) as session:
        row = await findings.check_to_do(session, organization_id, check_id)
        dataset = row and await datasets.by_id(session, organization_id, row.dataset_id)
        if row is None or dataset is None or row.state != "running":
            return
        box = await sealing.box_of(session, place.keyring, dataset)
    due = row.started_at + timedelta(seconds=row.seconds)
    going = Examination(
        *(place, job, organization_id, check_id, dataset, box, row.kinds, due),
        list(row.finished),
        row.scanned_to,
        Counter(row.summary),
    )
    problem: AppError | None = None
    try:
        await _within(going)
    except Fenced:
        # Another goes on in the folder.
        raise
    except Stopped:
        pass
    except AppError as error:
        problem = error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        words = f"The system refused: {error.strerror or error}."
        problem = StorageFull() if full else ProgramFailed(words)
    await asyncio.to_thread(shutil.rmtree, going.folder, ignore_errors=True)
    async with job.step(organization_id, last=True) as session:
        row = await findings.check_to_do(session, organization_id, check_id)
        if row is not None and row.state == "running":
            end(session, row, dataset, going.summary, problem)


async def _within(going: Examination) -> None:
    """Look, as long as there is time."""
    limit = asyncio.timeout(max(0.0, (going.due - clock.now()).total_seconds()))
    try:
        async with limit:
            await _look(going)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise CheckTooLong from error


def end(
    session: Session,
    row: Check,
    dataset: Dataset,
    summary: Mapping[str, int],
    problem: AppError | None,
) -> None:
    """Say what came of a check; what was found before it failed stays found."""
    row.state = row.stage = "failed" if problem else "done"
    row.progress = row.progress if problem else 1.0
    row.summary = dict(summary)
    row.finished_at = row.updated_at = clock.now()
    if problem is not None:
        row.problem = {"code": problem.code, "message": problem.message}
    subject = ids.public(rendering.DATASET, dataset.id)
    data = {"name": dataset.name, "state": row.state, "found": dict(summary)}
    publish(session, row.organization_id, row.started_by, "dataset.checked", subject, data)


async def end_lost(owner: Database, place: Place) -> None:
    """Fail checks that nobody has worked at for ten minutes, and take away what was left behind."""
    async with owner.transaction() as session:
        found = await findings.standing(session, clock.now() - _STANDS_AFTER)
    for organization_id, check_id in found:
        async with owner.transaction(organization_id) as session:
            await _fail_lost(session, organization_id, check_id)
    left = await asyncio.to_thread(_folders, place)
    async with owner.transaction() as session:
        running = await findings.running(session)
    for name in left - {each.hex for each in running}:
        await asyncio.to_thread(shutil.rmtree, place.folders / name, ignore_errors=True)


def _folders(place: Place) -> set[str]:
    with contextlib.suppress(FileNotFoundError):
        return {each.name for each in place.folders.iterdir()}
    return set()


async def _fail_lost(session: Session, organization_id: UUID, check_id: UUID) -> None:
    row = await findings.check_to_do(session, organization_id, check_id)
    dataset = row and await datasets.by_id(session, organization_id, row.dataset_id)
    if row is not None and dataset is not None and row.state == "running":
        end(session, row, dataset, row.summary, CheckLost())


async def _look(going: Examination) -> None:
    kinds = set(going.kinds)
    if {"duplicates", "leakage"} & kinds and _COMPARED not in going.finished:
        await going.move("comparing words", 0.05)
        await _compare(going)
        await going.finish(_COMPARED)
    if "pii" in kinds and _SCANNED not in going.finished:
        await _scan(going)
        await going.finish(_SCANNED)
    if kinds & set(curating.BY_PROGRAM) and _CURATED not in going.finished:
        await curating.curate(going)
        await going.finish(_CURATED)


async def _compare(going: Examination) -> None:
    """Find what says the same in the same words."""
    async with going.reading() as session:
        groups = await examples.near_groups(session, going.organization_id, going.dataset.id)
    rows: list[dict[str, Any]] = []
    for concerned, splits in groups:
        drawn = {each for each in splits if each}
        if "train" in drawn and len(drawn) > 1 and "leakage" in going.kinds:
            reason = "The same words are trained on and judged by."
            rows.append(going.row("leakage", concerned, "drop", 1.0, reason))
        if "duplicates" in going.kinds:
            reason = "They differ in case, punctuation or numbers only."
            rows.append(going.row("duplicates", concerned, "merge", 1.0, reason))
    await going.note(rows)


async def _scan(going: Examination) -> None:
    """Look for personal data, on from where it was looked for."""
    wanted = Wanted(going.organization_id, going.dataset.id, ["pending", "validated"])
    async with going.reading() as session:
        total = await examples.count(session, wanted)
    seen = 0
    async for rows in curating.every(going, going.scanned_to):
        seen += len(rows)
        found = await asyncio.to_thread(_personal, going, rows)
        share = 0.1 * min(1.0, seen / total) if total else 0.0
        stage = {"stage": "looking for personal data", "progress": 0.1 + share}
        await going.note(found, scanned_to=rows[-1].id, **stage)


def _personal(going: Examination, rows: Sequence[Example]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for row, said in said_of(going.box, rows):
        texts = {"input": words_of(said.input), "output": _text_of(said.output)}
        found = {name: pii.find(text) for name, text in texts.items() if pii.holds(text)}
        kinds = sorted({each.kind for some in found.values() for each in some})
        if kinds:
            details = {
                name: [{"kind": each.kind, "start": each.start, "end": each.end} for each in some]
                for name, some in found.items()
                if some
            }
            reason = f"It holds {', '.join(each.replace('_', ' ') for each in kinds)}."
            made.append(going.row("pii", [row.id], "redact", 0.9, reason, details=details))
    return made


def _text_of(output: object) -> str:
    return output if isinstance(output, str) else msgspec.json.encode(output).decode()

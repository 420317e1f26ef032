"""One check from beginning to end, in steps that may be killed anywhere and done again.

Same words, leaks between splits and personal data are found here. Near-duplicates by meaning, wrong
labels and outliers take libraries for numbers: `python -m hone_trainer.curate` finds them, in a folder
that is gone when it is done.
"""

import asyncio
import contextlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import AppError
from hone.core.events import publish
from hone.core.jobs import Fenced, Job
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.datasets import pii, programs, rendering, sealing
from hone.datasets.errors import CheckLost, ProgramFailed
from hone.datasets.fingerprints import words_of
from hone.datasets.keeping import MOST_IN_FINDING, key_of
from hone.datasets.models import Check, Dataset, Example
from hone.datasets.repository import datasets, examples, findings
from hone.datasets.repository.examples import Wanted
from hone.datasets.sealing import Box
from hone.datasets.service.examples import said_of
from hone.datasets.versioning import Line, written

_PIECE: Final = 500
_BEAT: Final = 10.0
SECONDS: Final = 3600.0
BY_PROGRAM: Final = ("duplicates", "labels", "leakage", "outliers")
_SUGGESTED: Final = {"merge", "relabel", "drop", "redact"}
_LEAST: Final = 10
"""Examples that there must be for a program to find anything."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where checks work."""

    settings: Settings
    keyring: Keyring


class _Told(msgspec.Struct, frozen=True):
    """A finding as the program writes it."""

    kind: str
    ids: list[str]
    score: float = 0.0
    suggestion: str | None = None
    label: str | None = None
    reason: str = ""


@dataclass(slots=True)
class _Checking:
    place: Place
    job: Job
    organization_id: UUID
    check_id: UUID
    dataset: Dataset
    box: Box
    kinds: list[str]
    summary: dict[str, int] = field(default_factory=dict[str, int])

    def step(self, *, last: bool = False) -> AbstractAsyncContextManager[Session]:
        return self.job.step(self.organization_id, last=last)

    async def move(self, stage: str, progress: float) -> None:
        async with self.step() as session:
            await findings.move_check(session, self.organization_id, self.check_id, stage, progress)

    async def note(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep findings; one that was decided before stays decided."""
        for place in range(0, len(rows), _PIECE):
            some = rows[place : place + _PIECE]
            async with self.step() as session:
                await findings.note(session, some)
            for each in some:
                kind = str(each["kind"])
                self.summary[kind] = self.summary.get(kind, 0) + 1

    def row(
        self,
        kind: str,
        concerned: Sequence[UUID],
        suggestion: str,
        score: float,
        reason: str,
        **more: object,
    ) -> dict[str, Any]:
        few = list(concerned)[:MOST_IN_FINDING]
        return {
            "id": ids.new(),
            "organization_id": self.organization_id,
            "dataset_id": self.dataset.id,
            "kind": kind,
            "key": key_of(kind, few),
            "examples": few,
            "score": max(0.0, min(1.0, score)),
            "suggestion": suggestion,
            "reason": reason[:500],
            "label": None,
            "details": None,
            **more,
        }


async def check(place: Place, job: Job, organization: str, check: str) -> None:
    """Do a check; one whose worker was killed begins anew."""
    organization_id, check_id = UUID(organization), UUID(check)
    async with job.step(organization_id) as session:
        row = await findings.check_to_do(session, organization_id, check_id)
        dataset = row and await datasets.by_id(session, organization_id, row.dataset_id)
        if row is None or dataset is None or row.state != "running":
            return
        box = await sealing.box_of(session, place.keyring, dataset)
    going = _Checking(place, job, organization_id, check_id, dataset, box, row.kinds)
    problem: AppError | None = None
    try:
        await _look(going)
    except Fenced:
        raise
    except AppError as error:
        problem = error
    async with going.step(last=True) as session:
        row = await findings.check_to_do(session, organization_id, check_id)
        if row is not None:
            end(session, row, dataset, going.summary, problem)


def end(
    session: Session,
    row: Check,
    dataset: Dataset,
    summary: Mapping[str, int],
    problem: AppError | None,
) -> None:
    """Say what came of a check; what was found before it failed stays found."""
    row.state, row.stage, row.progress = "failed" if problem else "done", "done", 1.0
    row.summary = dict(summary)
    row.finished_at = row.updated_at = clock.now()
    if problem is not None:
        row.stage = "failed"
        row.problem = {"code": problem.code, "message": problem.message}
    subject = ids.public(rendering.DATASET, dataset.id)
    data = {"name": dataset.name, "state": row.state, "found": dict(summary)}
    publish(session, row.organization_id, row.started_by, "dataset.checked", subject, data)


async def fail_lost(session: Session, organization_id: UUID, check_id: UUID) -> None:
    """End a check that nobody works at."""
    row = await findings.check_to_do(session, organization_id, check_id)
    dataset = row and await datasets.by_id(session, organization_id, row.dataset_id)
    if row is not None and dataset is not None and row.state == "running":
        end(session, row, dataset, row.summary, CheckLost())


async def _look(going: _Checking) -> None:
    if {"duplicates", "leakage"} & set(going.kinds):
        await going.move("comparing words", 0.05)
        await _compare(going)
    if "pii" in going.kinds:
        await going.move("looking for personal data", 0.1)
        await _scan(going)
    asked = [each for each in BY_PROGRAM if each in going.kinds]
    if asked:
        await _learn(going, asked)


async def _compare(going: _Checking) -> None:
    """Find what says the same in the same words."""
    async with going.step() as session:
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


async def _every(going: _Checking) -> AsyncIterator[Sequence[Example]]:
    wanted = Wanted(going.organization_id, going.dataset.id, ["pending", "validated"])
    last: UUID | None = None
    while True:
        async with going.step() as session:
            rows = await examples.after(session, wanted, last, _PIECE)
        if rows:
            yield rows
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


async def _scan(going: _Checking) -> None:
    async for rows in _every(going):
        await going.note(await asyncio.to_thread(_personal, going, rows))


def _personal(going: _Checking, rows: Sequence[Example]) -> list[dict[str, Any]]:
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


async def _learn(going: _Checking, asked: Sequence[str]) -> None:
    """Have the program find what takes numbers."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="hone-check-"))
    try:
        await going.move("writing examples", 0.2)
        number = await _pour(going, folder)
        if number < _LEAST:
            return
        await asyncio.to_thread(
            _write, folder / "spec.json", {"checks": list(asked), "kind": going.dataset.kind}
        )
        await _run(going, folder)
        told = await asyncio.to_thread(_read, folder / "findings.jsonl")
        await going.move("keeping findings", 0.95)
        await going.note([row for each in told if (row := _kept(going, each)) is not None])
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")


async def _pour(going: _Checking, folder: Path) -> int:
    number = 0
    with (folder / "data.jsonl").open("wb") as opened:
        async for rows in _every(going):
            made = await asyncio.to_thread(_lines, going.box, rows)
            await asyncio.to_thread(opened.write, made)
            number += len(rows)
    return number


def _lines(box: Box, rows: Sequence[Example]) -> bytes:
    return b"".join(
        written(
            Line(
                ids.public(rendering.EXAMPLE, row.id),
                said.input,
                said.output,
                row.split or "train",
                round(row.weight, 4),
                row.conversation_id or row.id.hex,
                row.source,
            )
        )
        for row, said in said_of(box, rows)
    )


async def _run(going: _Checking, folder: Path) -> None:
    """Run the program, and tell how far it is."""
    module = ["hone_trainer.curate", str(folder)]
    try:
        async with (
            asyncio.timeout(SECONDS),
            programs.running(going.place.settings, module) as process,
        ):
            said = asyncio.ensure_future(programs.talk(process))
            while process.returncode is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(said), _BEAT)
                done = await asyncio.to_thread(_progress, folder / "events.jsonl")
                await going.move("learning", 0.25 + 0.65 * done)
                if said.done():
                    await process.wait()
            programs.refuse_failure(process, await said)
    except TimeoutError as error:
        raise ProgramFailed(f"The check was not done after {SECONDS:.0f} s.") from error


def _progress(path: Path) -> float:
    done = 0.0
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                done = float(json.loads(line).get("done") or done)
    return max(0.0, min(1.0, done))


def _read(path: Path) -> list[_Told]:
    with contextlib.suppress(FileNotFoundError):
        return list(_decoded(path.read_bytes().splitlines()))
    return []


def _decoded(lines: Sequence[bytes]) -> Iterator[_Told]:
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            yield msgspec.json.decode(line, type=_Told)


def _kept(going: _Checking, told: _Told) -> dict[str, Any] | None:
    concerned = [each for name in told.ids if (each := ids.parse(rendering.EXAMPLE, name))]
    if not concerned or told.kind not in BY_PROGRAM:
        return None
    suggestion = told.suggestion if told.suggestion in _SUGGESTED else "review"
    if suggestion == "relabel" and (told.label is None or going.dataset.kind != "intent"):
        suggestion = "review"
    return going.row(told.kind, concerned, suggestion, told.score, told.reason, label=told.label)

"""A file on its way into a dataset: cut, read, checked and kept piece by piece.

Each piece is a transaction: what came before a file breaks off is there, and sending the file again adds
nothing twice. Reading a piece is work for another thread, so that who else is served does not wait.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from hone.core import ids
from hone.core.db import Database
from hone.core.keyring import Keyring
from hone.datasets import keeping, sealing, shapes
from hone.datasets.errors import ExampleWrong, FileRefused, ImportTooLarge
from hone.datasets.formats import Cut, Cutter, Damaged, cutter, read
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Dataset
from hone.datasets.rendering import DATASET
from hone.datasets.schemas import Imported, RefusedLine
from hone.datasets.sealing import Box
from hone.datasets.service.datasets import access, note
from hone.identity import Actor, Permission

_PIECE: Final = 500
MOST_PROBLEMS: Final = 100
_BITE: Final = 256 << 10
"""Bytes that are cut at a time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read."""

    shape: str
    origin: Origin
    columns: dict[str, str] = field(default_factory=dict[str, str])
    most: int = 200 << 20


@dataclass(slots=True)
class _Import:
    database: Database
    dataset: Dataset
    box: Box
    asked: Asked
    lines: int = 0
    added: int = 0
    duplicates: int = 0
    contradictions: int = 0
    refused: int = 0
    problems: list[RefusedLine] = field(default_factory=list[RefusedLine])

    async def take(self, data: bytes, cutting: Cutter, held: list[Coming]) -> None:
        for place in range(0, len(data), _BITE):
            bite = data[place : place + _BITE]
            cuts = await asyncio.to_thread(_cut, cutting, bite)
            await self.read(cuts, held)

    async def read(self, cuts: Sequence[Cut], held: list[Coming]) -> None:
        """Make examples of what was cut, and keep them where there are enough."""
        self.lines += len(cuts)
        if cuts:
            held += await asyncio.to_thread(self._read, cuts)
        while len(held) >= _PIECE:
            await self.keep(held[:_PIECE])
            del held[:_PIECE]

    def _read(self, cuts: Sequence[Cut]) -> list[Coming]:
        made: list[Coming] = []
        for cut in cuts:
            if cut.record is None:
                self._refuse(cut.line, cut.problem)
                continue
            try:
                made.append(Coming(read(cut.record, self.dataset.kind), cut.line))
            except ExampleWrong as error:
                self._refuse(cut.line, error.message)
        return made

    def _refuse(self, line: int, problem: str) -> None:
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(RefusedLine(line=line, reason=problem))

    async def keep(self, coming: Sequence[Coming]) -> None:
        """Keep one piece."""
        if not coming:
            return
        async with self.database.transaction(self.dataset.organization_id) as session:
            kept = await keeping.keep(session, self.dataset, self.box, coming, self.asked.origin)
        self.added += len(kept.added)
        self.duplicates += kept.duplicates
        self.contradictions += kept.contradictions

    def told(self) -> Imported:
        return Imported(
            dataset=ids.public(DATASET, self.dataset.id),
            file=self.asked.origin.file or "",
            lines=self.lines,
            added=self.added,
            duplicates=self.duplicates,
            contradictions=self.contradictions,
            refused=self.refused,
            problems=sorted(self.problems, key=lambda each: each.line),
        )


def _cut(cutting: Cutter, data: bytes) -> list[Cut]:
    return list(cutting.take(data))


async def take(
    database: Database,
    keyring: Keyring,
    actor: Actor,
    named: str,
    asked: Asked,
    content: AsyncIterator[bytes],
) -> Imported:
    """Import a file that comes in pieces."""
    async with database.transaction(actor.organization_id) as session:
        dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
        shapes.require_suited(dataset.kind, asked.origin.source)
        box = await sealing.box_of(session, keyring, dataset)
    going = _Import(database, dataset, box, asked)
    held: list[Coming] = []
    cutting = cutter(asked.shape, asked.columns)
    size = 0
    try:
        async for data in content:
            size += len(data)
            if size > asked.most:
                raise ImportTooLarge(f"An import has at most {asked.most} bytes.")
            await going.take(data, cutting, held)
        await going.read(list(cutting.rest()), held)
    except Damaged as error:
        raise FileRefused(str(error)) from error
    finally:
        # What was read before a file broke off is kept; it is not read again into others.
        await going.keep(held)
        async with database.transaction(actor.organization_id) as session:
            told = going.told()
            data = told.model_dump(by_alias=True, exclude={"dataset", "problems"})
            note(session, actor, "dataset.imported", dataset, data)
    if going.lines == 0:
        raise FileRefused("There is nothing in this file.")
    return told

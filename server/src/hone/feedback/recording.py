"""Feedback that comes at the same time is written in one transaction: group commit, for each organization.

One write of an organization is under way at a time, and what comes meanwhile is the next one. So feedback
that comes alone waits for nobody, and the more there is, the less each piece costs. Whoever is next in line
writes for all who wait; nothing runs between requests.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.exc import DataError, IntegrityError

from hone.core.db import Database
from hone.feedback import repository
from hone.feedback.repository import Kept

MOST: Final = 100
"""So many pieces in one transaction; more would make the next ones wait for long."""


@dataclass(slots=True)
class _Entry:
    """One piece of feedback, and what became of it."""

    row: Mapping[str, Any]
    done: bool = False
    kept: Kept | None = None
    error: Exception | None = None


@dataclass(slots=True, weakref_slot=True)
class _Line:
    """Who waits in one organization; whoever holds the lock writes."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: list[_Entry] = field(default_factory=list[_Entry])


class Recorder:
    """Keeps what is said, for one server process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lines: WeakValueDictionary[UUID, _Line] = WeakValueDictionary()
        """By organization, as long as somebody waits there."""

    async def keep(self, organization_id: UUID, row: Mapping[str, Any]) -> Kept | None:
        """Keep one piece of feedback; None where it is of a call that is not there.

        What was said before in just these words is what is returned. Raises what the database raises.
        """
        line = self._lines.get(organization_id)
        if line is None:
            line = self._lines[organization_id] = _Line()
        mine = _Entry(row)
        line.waiting.append(mine)
        async with line.lock:
            while not mine.done:
                await self._write(organization_id, line)
        if mine.error is not None:
            raise mine.error
        return mine.kept

    async def _write(self, organization_id: UUID, line: _Line) -> None:
        """Write the first of those who wait. Where that is cancelled, the next in line does it again."""
        some = _together(line.waiting)
        await self._commit(organization_id, some)
        line.waiting = [each for each in line.waiting if not each.done]

    async def _commit(self, organization_id: UUID, some: Sequence[_Entry]) -> None:
        """Write some in one transaction; where one of them cannot be written, the others can."""
        try:
            async with self._database.transaction(organization_id) as session:
                found = await repository.give(session, organization_id, [each.row for each in some])
        except (DataError, IntegrityError) as error:
            if len(some) == 1:
                _fail(some, error)
                return
            for each in some:
                await self._commit(organization_id, [each])
        except Exception as error:  # noqa: BLE001 - each who waits raises it
            _fail(some, error)
        else:
            for each in some:
                each.kept, each.done = found.get(each.row["digest"]), True


def _together(waiting: Sequence[_Entry]) -> list[_Entry]:
    """Choose what is written now: nothing is said twice in one statement."""
    now: dict[bytes, _Entry] = {}
    for each in waiting:
        if len(now) < MOST:
            now.setdefault(each.row["digest"], each)
    return list(now.values())


def _fail(some: Sequence[_Entry], error: Exception) -> None:
    for each in some:
        each.error, each.done = error, True

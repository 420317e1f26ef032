"""One check in one worker's hands: what it may still do, how far it is, and what it found.

Each step is a transaction that looks whether the check still runs: one that was cancelled, or that another
worker has taken, goes no further. What is found and what is done are written together, so a check that
was killed goes on where it was.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.core.jobs import Job
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.datasets.keeping import MOST_IN_FINDING, key_of
from hone.datasets.models import Dataset
from hone.datasets.repository import findings
from hone.datasets.sealing import Box

_PIECE: Final = 500


class Stopped(Exception):
    """The check was cancelled, or is gone with its dataset."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where checks work."""

    settings: Settings
    keyring: Keyring

    @property
    def folders(self) -> Path:
        """Where the folders of checks lie; each is gone when its check is over."""
        return self.settings.data_dir / "checks"


@dataclass(slots=True)
class Examination:
    """What a check works with."""

    place: Place
    job: Job
    organization_id: UUID
    check_id: UUID
    dataset: Dataset
    box: Box
    kinds: Sequence[str]
    due: datetime
    finished: list[str]
    scanned_to: UUID | None
    summary: Counter[str] = field(default_factory=Counter[str])

    @property
    def folder(self) -> Path:
        """Where its program works; who goes on with it finds what is there."""
        return self.place.folders / self.check_id.hex

    def reading(self) -> AbstractAsyncContextManager[Session]:
        """Open a step that changes nothing of the check."""
        return self.job.step(self.organization_id)

    @asynccontextmanager
    async def step(self, **said: object) -> AsyncGenerator[Session]:
        """Open a step, and write how the check is; raise `Stopped` where it does not run."""
        async with self.job.step(self.organization_id) as session:
            facts = {"summary": dict(self.summary), **said}
            if not await findings.go_on(session, self.organization_id, self.check_id, facts):
                raise Stopped
            yield session

    async def move(self, stage: str, progress: float) -> None:
        """Say how far it is."""
        async with self.step(stage=stage, progress=progress):
            pass

    async def finish(self, part: str) -> None:
        """Say that a part is done."""
        self.finished.append(part)
        async with self.step(finished=self.finished):
            pass

    async def note(self, rows: Sequence[Mapping[str, Any]], **said: object) -> None:
        """Keep findings; one that was decided before stays decided."""
        for place in range(0, max(1, len(rows)), _PIECE):
            some = rows[place : place + _PIECE]
            async with self.job.step(self.organization_id) as session:
                found = Counter(await findings.note(session, some))
                facts = {"summary": dict(self.summary + found), **said}
                if not await findings.go_on(session, self.organization_id, self.check_id, facts):
                    raise Stopped
            self.summary += found

    def row(
        self,
        kind: str,
        concerned: Sequence[UUID],
        suggestion: str,
        score: float,
        reason: str,
        **more: object,
    ) -> dict[str, Any]:
        """Write a finding."""
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

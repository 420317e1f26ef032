"""What the runs of one worker share."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.training.executors import Executor
from hone.training.machine import Machine
from hone.training.models import TrainingRun
from hone.training.place import Place
from hone.training.repository import claims
from hone.training.repository.claims import Claim


class Lost(AppError):
    """Another worker has this run now; what this one still does must not count."""

    code = "fenced"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a worker trains."""

    place: Place
    database: Database
    executor: Executor
    machine: Machine

    @asynccontextmanager
    async def step(self, claim: Claim) -> AsyncGenerator[tuple[Session, TrainingRun]]:
        """Open a transaction on a run; it commits only while this worker has it."""
        async with self.database.transaction(claim.organization_id) as session:
            row = await claims.held(session, claim)
            if row is None:
                raise Lost
            yield session, row

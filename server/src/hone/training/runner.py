"""What a worker does for training: hold on to its runs, take back lost ones, let those start that fit."""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock
from hone.core.connection import connect
from hone.core.db import Database, Session
from hone.training import admission, ending, executors, folder, machine
from hone.training.admission import Held, Room, Waiting
from hone.training.attempt import Attempt
from hone.training.ending import Ended
from hone.training.machine import Machine
from hone.training.models import OVER, TrainingRun
from hone.training.place import Place
from hone.training.reporting import Reporter
from hone.training.repository import claims
from hone.training.repository.claims import Claim
from hone.training.sending import Sender
from hone.training.site import Site
from hone.training.ticking import tick
from hone.training.validating import Validator

log = logging.getLogger(__name__)

_TURN: Final = 1.0
_IDLE: Final = 2.0
_BEAT: Final = 5.0
_TICK: Final = 5.0
_PATIENCE: Final = 15.0
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)


@dataclass(slots=True)
class Runner:
    """The training of one worker."""

    place: Place
    database: Database
    owner: Database
    _machine: Machine | None = None
    _attempts: dict[UUID, tuple[Attempt, asyncio.Task[None]]] = field(
        default_factory=dict[UUID, tuple[Attempt, asyncio.Task[None]]]
    )
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _resting: bool = False
    _told: float = -1000.0
    _well: bool = True

    async def run(self) -> None:
        """Work until cancelled."""
        self._machine = await asyncio.to_thread(machine.look, self.place.settings)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._sweep())
            group.create_task(self._tick())
            group.create_task(Reporter(self.owner, self.place.settings).run())
            group.create_task(Sender(self.owner, self.place.settings).run())
            group.create_task(Validator(self.place, self.database, self.owner).run())
            while True:
                try:
                    await self._turn(group)
                    self._say_well()
                except _OUTAGES as error:
                    self._say(error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_TURN if self._attempts else _IDLE):
                        await self._news.wait()
                self._news.clear()

    async def rest(self, seconds: float) -> None:
        """Let runs leave checkpoints and end; whoever comes next goes on with them."""
        self._resting = True
        for attempt, _ in self._attempts.values():
            attempt.resting = True
        tasks = [task for _, task in self._attempts.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def _listen(self) -> None:
        """Hear of what is new at once; the interval saves a lost notice."""
        while True:
            with contextlib.suppress(*_OUTAGES):
                async with await connect(
                    self.owner.url, patience=_PATIENCE, autocommit=True
                ) as connection:
                    await connection.execute("LISTEN hone_training")
                    async for _ in connection.notifies():
                        self._news.set()
            await asyncio.sleep(1.0)

    async def _turn(self, group: asyncio.TaskGroup) -> None:
        await self._hold_on()
        if self._resting:
            return
        for claim, gpus in await self._admit():
            attempt = Attempt(self._site, claim, gpus)
            task = group.create_task(attempt.run())
            self._attempts[claim.run_id] = attempt, task

    @property
    def _site(self) -> Site:
        assert self._machine is not None
        return Site(self.place, self.database, executors.chosen(self.place.settings), self._machine)

    async def _hold_on(self) -> None:
        """Renew what this worker has, and hear what is wanted of it."""
        self._attempts = {k: each for k, each in self._attempts.items() if not each[1].done()}
        if not self._attempts:
            return
        held = [attempt.claim for attempt, _ in self._attempts.values()]
        async with self.owner.transaction() as session:
            wishes = await claims.renew(session, held)
        for run_id, (attempt, _) in self._attempts.items():
            if run_id in wishes:
                attempt.wish = wishes[run_id] or attempt.wish
            else:
                attempt.lost = True

    async def _admit(self) -> list[tuple[Claim, tuple[int, ...]]]:
        """Let those start that fit, and tell the others why they wait; one worker at a time."""
        assert self._machine is not None
        now = clock.now()
        async with self.owner.transaction() as session:
            await claims.alone(session)
            for row in await claims.lost(session):
                log.warning("training run %s lost its worker", row.id)
                ending.conclude(session, row, Ended("lost"))
            await session.flush()
            rows = {row.id: row for row in await claims.waiting(session)}
            for row in [each for each in rows.values() if claims.expired(each, now)]:
                ending.conclude(session, rows.pop(row.id), _WAITED_TOO_LONG)
            started = await self._start(session, rows) if rows else []
            await session.flush()
            if started or time.monotonic() - self._told >= _BEAT:
                await claims.beat(session, self._machine)
                self._told = time.monotonic()
        return started

    async def _start(
        self, session: Session, rows: dict[UUID, TrainingRun]
    ) -> list[tuple[Claim, tuple[int, ...]]]:
        assert self._machine is not None
        at_work = await claims.at_work(session)
        here = [each for each in at_work if each.node == self._machine.id]
        free = _free_gpus(self._machine, here)
        room = Room(
            self._machine.cpu - sum(each.cpu for each in here),
            self._machine.memory - sum(each.memory for each in here),
            len(free),
            (self._machine.cpu, self._machine.memory, self._machine.gpus),
        )
        held = [Held(each.organization_id, each.concurrency_key) for each in at_work]
        made = admission.plan([_waiting(each) for each in rows.values()], held, room, clock.now())
        started: list[tuple[Claim, tuple[int, ...]]] = []
        for start in made.starts:
            gpus, free = tuple(free[: start.gpus]), free[start.gpus :]
            started.append((_take(rows[start.id], self._machine, gpus), gpus))
        for stays in made.stay:
            row = rows[stays.id]
            if (row.place, row.why_waiting) != (stays.place, stays.why):
                row.place, row.why_waiting = stays.place, stays.why
        return started

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            try:
                await tick(self.owner, self.database, self.place)
            except _OUTAGES as error:
                log.warning("cannot look after training schedules: %s", error)

    async def _sweep(self) -> None:
        """Remove folders of runs that are over, or that nobody knows."""
        while True:
            with contextlib.suppress(*_OUTAGES):
                await asyncio.to_thread(folder.forget_cache, self.place.settings)
                found = await asyncio.to_thread(folder.there, self.place.settings)
                async with self.owner.transaction() as session:
                    states = await claims.states(session, [run for _, run in found])
                for organization_id, run_id in found:
                    if states.get(run_id, OVER[0]) in OVER:
                        lying = folder.of(self.place.settings, organization_id, run_id)
                        await asyncio.to_thread(lying.remove)
            await asyncio.sleep(600)

    def _say(self, error: Exception) -> None:
        if self._well:
            log.warning("cannot look after training: %s", error)
        self._well = False

    def _say_well(self) -> None:
        if not self._well:
            log.info("can look after training again")
        self._well = True


_WAITED_TOO_LONG: Final = Ended.failed(
    "WAITED_TOO_LONG", "The run waited longer than `limits.queueSeconds` for its turn."
)


def _waiting(row: TrainingRun) -> Waiting:
    return Waiting(
        id=row.id,
        organization_id=row.organization_id,
        priority=row.priority,
        since=row.queued_at,
        cpu=row.cpu,
        memory=row.memory,
        gpus=row.gpus,
        key=row.concurrency_key,
        not_before=row.not_before,
    )


def _free_gpus(here: Machine, at_work: list[TrainingRun]) -> list[int]:
    taken = {int(each) for row in at_work for each in row.resources.get("gpuIds", ())}
    return [each for each in range(here.gpus) if each not in taken]


def _take(row: TrainingRun, here: Machine, gpus: tuple[int, ...]) -> Claim:
    row.state, row.stage, row.place, row.why_waiting = "starting", "starting", None, None
    row.claim += 1
    row.node, row.leased_until = here.id, func.now() + claims.LEASE
    row.gpus_given, row.resources = len(gpus), {**row.resources, "gpuIds": list(gpus)}
    row.updated_at = clock.now()
    return Claim(row.organization_id, row.id, row.claim)

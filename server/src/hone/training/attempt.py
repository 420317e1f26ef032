"""One attempt at a run by one worker: prepare, start, watch, and say what came of it.

A worker or trainer may be killed at any point of it. What was read is counted in the transaction that
keeps it; the folder stays, and whoever takes the run next goes on from the newest checkpoint.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock
from hone.core.errors import AppError
from hone.training import ending, estimating, logs, milestones, preparing, telling, trail
from hone.training.ending import Ended
from hone.training.executors import Limits, Process, Seen
from hone.training.folder import Folder
from hone.training.models import TrainingRun
from hone.training.repository import claims
from hone.training.repository.claims import Claim
from hone.training.schemas.job import GIB, TrainingJob
from hone.training.site import Lost, Site

log = logging.getLogger(__name__)

LOOK: Final = 0.25
"""Seconds between two looks at a run."""
_REPORT: Final = 2.0
"""Seconds after which what a run takes is told, though nothing else happened."""
_GRACE: Final = 30.0
"""Seconds that a run gets to leave a checkpoint."""
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)


@dataclass(slots=True)
class Attempt:
    """A run in the hands of this worker."""

    site: Site
    claim: Claim
    gpus: tuple[int, ...] = ()
    wish: str | None = None
    resting: bool = False
    """The worker ends: leave a checkpoint, and let another go on."""
    lost: bool = False
    _job: TrainingJob = field(init=False)
    _process: Process | None = None
    _folder: Folder | None = None
    _offsets: dict[str, int] = field(default_factory=dict[str, int])
    _before: tuple[float, float] = (0.0, 0.0)
    """Seconds, and seconds of CPU, of the attempts before."""
    _peak: int = 0
    _began: float = field(default_factory=time.monotonic)
    _reported: float = 0.0
    _asked: float | None = None
    """When it was asked to leave a checkpoint and end."""
    _verdict: Ended | None = None

    async def run(self) -> None:
        """Do it, whatever comes."""
        try:
            await self._carry_out()
        except Lost:
            log.warning("training run %s was taken over", self.claim.run_id)
        except _OUTAGES as error:
            # Nothing is said: the lease runs out, and whoever can goes on.
            log.warning("training run %s is left: %s", self.claim.run_id, error)
        except Exception:
            # One run that goes wrong in a way nobody thought of is no reason to end the others.
            log.exception("training run %s is left", self.claim.run_id)
        finally:
            if self._process is not None:
                await self._process.stop(gently=False)

    async def _carry_out(self) -> None:
        try:
            ended = await self._work()
        except Lost:
            raise
        except AppError as error:
            ended = Ended.failed(error.code, error.message, dict(error.details or {}))
        if self._process is not None:
            await self._process.stop(gently=False)
            self._process = None
        await ending.settle(self.site, self.claim, self._folder, ended)

    async def _work(self) -> Ended:
        async with self.site.step(self.claim) as (_, row):
            row.stage = "preparing the data"
            self._before = row.seconds, row.cpu_seconds
            self._peak = int(row.resources.get("peakMemoryBytes", 0))
            self._job = TrainingJob.model_validate(row.spec)
        self._folder = await preparing.prepare(self.site, self.claim, row)
        async with self.site.step(self.claim) as (_, row):
            self._offsets = dict(row.read)
            self.wish = row.wish or self.wish
        if self.wish is not None or self.resting:
            return self._as_wished()
        await self._start(row)
        return await self._watch()

    async def _start(self, row: TrainingRun) -> None:
        assert self._folder is not None
        limits = Limits(row.cpu, self.gpus, round(self._job.resources.disk_gb * GIB))
        self._process = await self.site.executor.start(self._folder.path, limits)
        self._began = time.monotonic()
        async with self.site.step(self.claim) as (session, present):
            if present.state == "starting":
                present.state = "running"
            present.stage = "starting the trainer"
            if present.started_at is None:
                words = f"A worker took the training of {present.model}."
                await telling.tell(session, present, "started", words)
            present.started_at = present.started_at or clock.now()
            ending.note(session, present, "training_run.started")

    async def _watch(self) -> Ended:
        assert self._process is not None
        while True:
            seen = await self._process.seen(LOOK)
            if self.lost:
                raise Lost
            try:
                await self._take(seen)
            except Lost:
                raise
            except _OUTAGES as error:
                log.warning("training run %s: cannot tell how it is: %s", self.claim.run_id, error)
                if seen.code is not None:
                    raise
                await asyncio.sleep(1.0)
            if seen.code is not None:
                return self._verdict or self._judged(seen.code)
            await self._hold(seen)

    async def _take(self, seen: Seen) -> None:
        """Keep what is new; what was read counts in the transaction that keeps it."""
        assert self._folder is not None
        self._peak = max(self._peak, seen.memory)
        more = True
        while more:
            news = await asyncio.to_thread(trail.read, self._folder.path, self._offsets)
            due = time.monotonic() - self._reported >= _REPORT
            if news or due or seen.code is not None:
                await self._keep(news, seen)
                self._offsets, self._reported = news.offsets, time.monotonic()
            more = news.more

    async def _keep(self, news: trail.News, seen: Seen) -> None:
        organization_id, run_id = self.claim.organization_id, self.claim.run_id
        async with self.site.step(self.claim) as (session, row):
            await claims.add_metrics(session, organization_id, run_id, news.metrics)
            await claims.add_events(session, organization_id, run_id, news.events)
            await claims.add_trials(session, organization_id, run_id, news.trials)
            await milestones.mark(session, self.site.place, row, news)
            if news.log:
                ring = self.site.place.keyring
                row.log_size = await logs.add(
                    session, ring, organization_id, run_id, row.log_size, news.log
                )
            self._tell(row, news, seen)
            row.read = news.offsets

    def _tell(self, row: TrainingRun, news: trail.News, seen: Seen) -> None:
        if news.metrics or news.events:
            # It came further: whoever was lost with it before was lost with something else.
            row.losses = 0
        for metric in news.metrics:
            name = f"{metric.split}.{metric.name}" if metric.split else metric.name
            row.metrics = {**row.metrics, name: metric.value}
        for event in news.events:
            if event.kind == "stage" and row.state == "running":
                row.stage = event.words
            if event.done is not None and 0 <= event.done <= 1:
                row.progress = max(row.progress, event.done)
        row.seconds = self._seconds
        row.cpu_seconds = self._before[1] + seen.cpu_seconds
        row.resources = {**row.resources, "peakMemoryBytes": self._peak, "gpus": len(self.gpus)}
        row.cost = self._cost(row.cpu_seconds)
        row.updated_at = clock.now()

    @property
    def _seconds(self) -> float:
        return self._before[0] + time.monotonic() - self._began

    def _cost(self, cpu_seconds: float) -> int:
        cpu_hour, gpu_hour = self.site.place.rates
        cores = estimating.price(cpu_seconds, 1.0, 0, cpu_hour, 0.0)
        return cores + estimating.price(self._seconds, 0.0, len(self.gpus), 0.0, gpu_hour)

    async def _hold(self, seen: Seen) -> None:
        """Hold a run to its limits, and to what is wanted of it."""
        assert self._process is not None
        over = self._over(seen)
        if over is not None or self.wish == "cancel":
            self._verdict = over or Ended("cancelled")
            await self._process.stop(gently=False)
        elif self.wish == "pause" or self.resting:
            if self._asked is None:
                self._asked = time.monotonic()
                await self._process.stop(gently=True)
            elif time.monotonic() - self._asked > _GRACE:
                await self._process.stop(gently=False)

    def _over(self, seen: Seen) -> Ended | None:
        limits, spent = self._job.limits, self._cost(self._before[1] + seen.cpu_seconds) / 1e12
        memory = round(self._job.resources.memory_gb * GIB)
        if seen.memory > memory:
            return Ended.failed(
                "OUT_OF_MEMORY",
                f"The run used {seen.memory / GIB:.2f} GB of memory;"
                f" {memory / GIB:.2f} GB are allowed. Allow more, or train on less at a time.",
            )
        if self._seconds > limits.wall_seconds:
            return Ended.failed(
                "TOOK_TOO_LONG", f"The run was not done after {limits.wall_seconds:g} s."
            )
        if limits.cost_usd is not None and spent > limits.cost_usd:
            return Ended.failed(
                "BUDGET_SPENT",
                f"The run has cost ${spent:.4f}; ${limits.cost_usd:.4f} are allowed.",
            )
        return None

    def _judged(self, code: int) -> Ended:
        """Say what came of a run by how its process ended."""
        if code == 0:
            return Ended("succeeded")
        if self.wish is not None or (self.resting and self._asked is not None):
            return self._as_wished()
        return ending.of_code(code, self._folder, self._peak, self._seconds)

    def _as_wished(self) -> Ended:
        wished = {"cancel": "cancelled", "pause": "paused"}
        return Ended(wished.get(self.wish or "", "queued"))

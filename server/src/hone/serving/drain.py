"""From the spool to the database: exactly once, however often anything is killed.

Each pass reads what the lanes hold, writes it and the marks that say how far it read in one
transaction, and tells who listens. After a failure all state is dropped and read again: the marks
in the database and the segments on disk are the truth.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from hone import operations
from hone.core import collector
from hone.core.connection import connect
from hone.core.counters import Counters
from hone.core.settings import Settings
from hone.gateway import START, Damaged, Lane, Lanes, Pending, Position, Settled
from hone.serving.hold import only_reader, unless_held
from hone.serving.refresh import OPERATIONS

log = logging.getLogger(__name__)

SLOT = "drain"
"""The slot of the counters, and the names of two of them, for whoever asks how the drain is."""
PASSED = "hone_drain_pass_timestamp_seconds"
LAG = "hone_drain_lag_seconds"
FRAMES_PER_PASS = 4000
_PATIENCE = 30.0
"""Seconds that one answer of the database may take; then a new connection is tried."""
_RETRY_DELAYS = (0.1, 0.25, 0.5, 1.0)
_OTHER_READER = 0.5
"""Seconds between two looks whether the folder's drain has ended."""


@dataclass(slots=True)
class _Course:
    """Where the drain is in one lane; `taken` is what the present pass read and has not committed."""

    lane: Lane
    position: Position
    pending: Pending
    finished: bool = False
    moved: bool = False


class Drain:
    """The one reader of a spool directory."""

    def __init__(self, directory: Path, owner_url: str, counters: Counters) -> None:
        self._directory = directory
        self._lanes = Lanes(directory)
        self._owner_url = owner_url
        self._drained = counters.counter(
            "hone_drain_operations_total", "Operations moved from the spool to the database.", {}
        )
        self._seen = counters.gauge(
            PASSED,
            "When the drain last had everything that it read in the database (Unix time).",
            {},
        )
        self._lag = counters.gauge(LAG, "Age of the newest operation when it was drained.", {})
        self._size = counters.gauge(
            "hone_spool_bytes", "Disk space that the spool takes, with what is preallocated.", {}
        )
        self._courses: dict[str, _Course] = {}
        self._untidy = True
        self._failures = 0

    async def run(self, stop: asyncio.Event, poll_interval: float) -> None:
        """Drain until `stop`, and then until nothing is left; outlive every outage."""
        while True:
            try:
                async with await connect(
                    self._owner_url, patience=_PATIENCE, autocommit=True
                ) as connection:
                    await self._work(connection, stop, poll_interval)
                    return
            except (psycopg.Error, OSError) as error:
                self._courses.clear()
                self._untidy = True
                if self._failures == 0:
                    log.warning("cannot drain: %s", str(error) or "the database is silent")
                if stop.is_set():
                    return
                await asyncio.sleep(_RETRY_DELAYS[min(self._failures, len(_RETRY_DELAYS) - 1)])
                self._failures += 1

    async def _work(
        self, connection: psycopg.AsyncConnection, stop: asyncio.Event, poll_interval: float
    ) -> None:
        while True:
            stopping, began = stop.is_set(), time.monotonic()
            worked = await self.advance(connection)
            if self._failures:
                log.info("draining again")
                self._failures = 0
            self._seen.set(time.time())
            if not worked:
                if stopping:
                    return
                self._lag.set(0.0)
                self._size.set(self._lanes.size())
            # A pass costs the same for one call as for hundreds, so passes keep their distance.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(began + poll_interval - time.monotonic()):
                    await stop.wait()

    async def advance(self, connection: psycopg.AsyncConnection) -> bool:
        """Make one pass; return whether there was anything to do."""
        await self._find_lanes(connection)
        batch = operations.Batch()
        for course in self._courses.values():
            _take(course, batch)
        moved = [course for course in self._courses.values() if course.moved]
        if moved:
            await self._commit(connection, batch, moved)
            self._untidy = True
        for course in moved:
            course.moved = False
        if self._untidy:
            self._tidy()
        return bool(moved)

    def _tidy(self) -> None:
        """Delete what is committed and no longer needed, unless a backup still reads it."""
        with unless_held(self._directory) as free:
            if free:
                for course in list(self._courses.values()):
                    self._clear_away(course)
                self._untidy = False

    async def _find_lanes(self, connection: psycopg.AsyncConnection) -> None:
        """Take up lanes not seen before, at the place that the database says was reached."""
        for lane in self._lanes.list():
            if lane.path.name in self._courses:
                continue
            mark = await operations.spool_mark(connection, lane.path.name)
            course = _Course(lane, START, Pending())
            if mark is not None:
                course.position = Position(mark.segment, mark.position)
                course.finished = mark.finished
                for after, frame in lane.replay(course.position):
                    course.pending.follow(after, frame)
            self._courses[lane.path.name] = course

    async def _commit(
        self,
        connection: psycopg.AsyncConnection,
        batch: operations.Batch,
        moved: list[_Course],
    ) -> None:
        """Write what was taken and how far that was, in one transaction."""
        for each in batch.damaged:
            log.error("spool: %s at %s", each.reason, each.place)
        async with connection.transaction():
            landed = await operations.ingest(connection, batch)
            for course in moved:
                await operations.mark_spool(
                    connection, course.lane.path.name, course.position, finished=course.finished
                )
            await connection.execute(
                "SELECT pg_notify(%s, %s)", (OPERATIONS, _payload(landed.organizations))
            )
        self._drained.add(landed.operations)
        if batch.settled:
            self._lag.set(_age(batch.settled[-1][1]))

    def _clear_away(self, course: _Course) -> None:
        if course.finished:
            course.lane.remove()
            del self._courses[course.lane.path.name]
        else:
            course.lane.forget_before(course.pending.keep_from(course.position))


def _take(course: _Course, batch: operations.Batch) -> None:
    """Read on in one lane; at the end of a dead one, what is still open was interrupted."""
    if course.finished:
        return
    lane = course.lane.path.name
    entries, position = course.lane.read(course.position, FRAMES_PER_PASS)
    course.moved = position != course.position
    course.position = position
    for after, frame in entries:
        place = operations.Place(lane, after.segment, after.offset)
        if isinstance(frame, Damaged):
            batch.damaged.append(operations.Damaged(place, frame.reason, frame.raw))
            continue
        course.pending.follow(after, frame)
        if isinstance(frame, Settled):
            batch.settled.append((place, frame))
    if not entries and course.lane.finished(position):
        place = operations.Place(lane, position.segment, position.offset)
        batch.interrupted.extend((place, opened) for opened in course.pending.operations.values())
        course.finished = course.moved = True


def _age(frame: Settled) -> float:
    """Return how many seconds ago an operation ended."""
    started_ms = int.from_bytes(frame.id[:6], "big")
    return max(0.0, time.time() - (started_ms + frame.latency_ms) / 1000)


def _payload(landed: Set[UUID]) -> str:
    """Name the organizations; a NOTIFY holds 8,000 bytes, and pages poll for the rest."""
    return ",".join(each.hex for each in list(landed)[:200])


async def run(settings: Settings, beat: Callable[[], None]) -> None:
    """Run the drain of one data directory until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    collector.relax()
    directory = settings.data_dir / "spool"
    async with asyncio.TaskGroup() as group:
        beating = group.create_task(_beats(beat))
        # A worker beside a server shares its folder, and its drain.
        while only_reader(directory) is None and not stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_OTHER_READER):
                    await stop.wait()
        if not stop.is_set():
            counters = Counters(settings.data_dir / "metrics", SLOT)
            drain = Drain(directory, settings.owner_url, counters)
            await drain.run(stop, settings.spool.poll_interval)
        beating.cancel()


async def empty(settings: Settings) -> None:
    """Store what lies in the spool of a data directory in which nothing runs."""
    stop = asyncio.Event()
    stop.set()
    counters = Counters(settings.data_dir / "metrics", SLOT)
    await Drain(settings.data_dir / "spool", settings.owner_url, counters).run(stop, 0.0)


async def _beats(beat: Callable[[], None]) -> None:
    while True:
        beat()
        await asyncio.sleep(1.0)

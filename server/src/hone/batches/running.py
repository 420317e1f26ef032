"""One batch at work: its lines, so many at a time, until they are done or something ends it."""

import asyncio
import time
from collections.abc import AsyncIterator, Set
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Protocol
from uuid import UUID

from hone.batches import answers, lines, sealing
from hone.batches.recording import Book, Ledger
from hone.batches.repository import Answered
from hone.core import clock
from hone.core.keyring import Key
from hone.gateway import Answer, Caller, Errand, Replay

SLICE: Final = 60.0
"""Seconds that one batch works before the next one has its turn."""
GRACE: Final = 8.0
"""Seconds that calls which are under way get to end when the batch is ended."""
MOST_TRIES: Final = 3
"""How often a line is asked that fails for the provider's reasons."""
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_TICK: Final = 0.25


class Station(Protocol):
    """A gateway for calls that Hone makes itself."""

    async def ready(self) -> None:
        """Return when calls can be made."""
        ...

    def caller(
        self, organization_id: UUID, key_id: UUID | None, person_id: UUID | None
    ) -> Caller | None:
        """Find who made something; None where they may call no more."""
        ...

    async def call(self, caller: Caller, errand: Errand) -> Answer:
        """Make one call."""
        ...


class End(Enum):
    """Why a batch does not go on."""

    DONE = auto()
    CANCELLED = auto()
    EXPIRED = auto()
    KEY_LOST = auto()
    """Whoever made it may call no more."""
    TURN = auto()
    """It is another batch's turn; this one goes on later."""
    FENCED = auto()
    """Another worker goes on with it."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a batch asks, and in whose name."""

    organization_id: UUID
    batch_id: UUID
    key_id: UUID | None
    person_id: UUID | None
    endpoint: str
    key: Key
    """Seals its answers."""


@dataclass(slots=True)
class Work:
    """Asks the lines of one batch."""

    task: Task
    station: Station
    book: Book
    ledger: Ledger
    most: int
    """Lines that are asked at a time."""
    stopping: asyncio.Event
    """The worker ends."""
    _until: float = field(default_factory=lambda: time.monotonic() + SLICE)
    _key_lost: bool = False
    _under_way: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def run(self, given: AsyncIterator[tuple[int, bytes]], done: Set[int]) -> End:
        """Ask every line that has no answer yet, and tell why it ended."""
        await self.station.ready()
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self.ledger.run())
            await self._fill(group, given, done)
            await self._wait()
            keeping.cancel()
        return self._end() or End.DONE

    def _end(self) -> End | None:
        """Tell what ends the batch now, if anything does."""
        if self.ledger.fenced:
            return End.FENCED
        if self.ledger.status != "in_progress":
            return End.CANCELLED
        if clock.now() >= self.ledger.expires_at:
            return End.EXPIRED
        if self._key_lost:
            return End.KEY_LOST
        if self.stopping.is_set() or time.monotonic() >= self._until:
            return End.TURN
        return None

    async def _fill(
        self, group: asyncio.TaskGroup, given: AsyncIterator[tuple[int, bytes]], done: Set[int]
    ) -> None:
        async for number, raw in given:
            if number in done:
                continue
            while len(self._under_way) >= self.most and self._end() is None:
                await self._tick()
            if self._end() is not None:
                return
            task = group.create_task(self._line(number, raw))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        # All are under way: to give up the turn would gain nothing.
        self._until = float("inf")

    async def _tick(self) -> None:
        await asyncio.wait(self._under_way, timeout=_TICK, return_when=asyncio.FIRST_COMPLETED)

    async def _wait(self) -> None:
        """Wait for the lines that are under way; when the batch is ended, only for a while."""
        until: float | None = None
        while self._under_way:
            await self._tick()
            if self._end() is not None and not self._may_take_long():
                until = until or time.monotonic() + GRACE
            if until is not None and time.monotonic() > until:
                for task in self._under_way:
                    task.cancel()
                until = None

    def _may_take_long(self) -> bool:
        return self._end() is End.TURN and not self.stopping.is_set()

    async def _line(self, number: int, raw: bytes) -> None:
        """Ask one line until it has an answer that stays."""
        line = lines.parse(raw)
        waits = failures = 0
        while True:
            answer = await self._ask(number, line)
            if answer is None:
                return
            failures += answer.status >= 500
            pause = _pause(answer, failures, waits)
            if pause is None:
                await self._keep(number, line, answer)
                return
            if not await self._sleep(pause):
                return
            waits += 1

    async def _ask(self, number: int, line: lines.Line) -> Answer | None:
        """Make the call; None when its answer is kept, or nobody may ask any more."""
        task = self.task
        caller = self.station.caller(task.organization_id, task.key_id, task.person_id)
        if caller is None:
            self._key_lost = True
            return None
        kept = False

        async def keep(replay: Replay) -> None:
            nonlocal kept
            answer = Answer(replay.status, replay.headers, replay.body)
            if _pause(answer) is None:
                await self._keep(number, line, answer)
                kept = True

        key = f"{answers.line_id(task.batch_id, number)}".encode()
        with self.book.expecting(key, keep):
            errand = Errand(task.endpoint, bytes(line.body), task.batch_id, key)
            answer = await self.station.call(caller, errand)
        return None if kept else answer

    async def _keep(self, number: int, line: lines.Line, answer: Answer) -> None:
        task = self.task
        written = answers.answered(task.batch_id, number, line.custom_id, answer)
        sealed = sealing.seal_answer(task.key, task.batch_id, number, written)
        took = answers.took(answer)
        await self.ledger.keep(
            Answered(
                number,
                200 <= answer.status < 300,
                sealed,
                (
                    took.input_tokens,
                    took.cached_tokens,
                    took.output_tokens,
                    took.reasoning_tokens,
                    took.cost,
                ),
            )
        )

    async def _sleep(self, seconds: float) -> bool:
        """Wait before a line is asked again; tell whether it still is to be asked."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._end() is not None:
                return False
            await asyncio.sleep(min(left, _TICK))
        return self._end() is None


def _pause(answer: Answer, failures: int = 0, waits: int = 0) -> float | None:
    """Tell how long to wait before a line is asked again; None where its answer stays.

    A limit is waited for as long as it takes: the batch has time, and what does not fit into its
    window expires. What fails for the provider's reasons is tried a few times.
    """
    told = answer.header(b"retry-after") or b""
    backoff = _FIRST_PAUSE * 2 ** min(waits, 6)
    wait = min(float(told) if told.isdigit() else backoff, _LONGEST_PAUSE)
    if answer.status == 429:
        return wait
    if answer.status >= 500 and failures < MOST_TRIES:
        return wait
    return None

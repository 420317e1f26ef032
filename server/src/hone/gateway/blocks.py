"""Units of a limit as one process has them: a block for each window, and the calls that wait."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from hone.gateway.limits import Limit, Measure, Subject, bounds

KEPT: Final = 3
"""So many windows that are over are remembered."""


class Verdict(Enum):
    """What became of a call in a queue."""

    PROMISED = auto()
    REFUSED = auto()
    LOST = auto()
    """The store cannot be asked."""


@dataclass(slots=True)
class Waiter:
    """A call that waits for units."""

    need: int
    until: float
    """Until then it may hope for units that come back."""
    verdict: "asyncio.Future[Verdict]"
    asked: bool = False
    """The store was asked on behalf of it."""


class Block:
    """Units of one limit and one window, as far as this process has them."""

    __slots__ = (
        "account", "dry_need", "dry_until", "end", "free", "gone", "left", "limit", "low", "pace", "places",
        "promised", "spent", "start", "tight", "told", "used", "waiting",
    )  # fmt: skip

    def __init__(self, account: "Account", start: int, end: int) -> None:
        limit = account.limit
        self.account = account
        self.limit = limit
        self.start, self.end = start, end
        self.free = 0
        """Below zero: calls used more than they were promised, and the store is not told yet."""
        self.promised = 0
        self.spent = 0
        self.places = account.places
        self.left = limit.amount
        """What the store could still give, as of its last answer."""
        self.told: int | None = 0
        """What the store knows that this process owns; None where that is uncertain."""
        self.gone = False
        """The limit was deleted."""
        self.tight = True
        """So little is left that nothing is leased ahead."""
        self.low = 0
        """With fewer free units more are leased in the background."""
        self.pace = 0
        """Units promised between the last two beats."""
        self.used = 0
        """Units promised since the last beat."""
        self.dry_until = 0.0
        self.dry_need = 0
        self.waiting: list[Waiter] = []

    @property
    def owned(self) -> int:
        """All units that are this process's, whatever became of them."""
        return self.spent + self.promised + max(self.free, 0)

    @property
    def remaining(self) -> int:
        """How much of the limit is left, as far as this process knows."""
        return max(self.left + self.free, 0)

    def promise(self, need: int) -> None:
        """Promise units, even if there are none: then the store is told afterwards."""
        self.free -= need
        self.promised += need
        self.used += need


class Account:
    """One limit in this process: the block of its present window, and those not closed yet."""

    __slots__ = (
        "amount", "block", "costs", "counts", "done", "forgotten", "limit", "model", "past",
        "places", "tells",
    )  # fmt: skip

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.amount = b"%d" % limit.amount
        self.places = limit.measure is Measure.CONCURRENCY
        self.costs = limit.measure is Measure.COST
        self.counts = self.places or limit.measure is Measure.REQUESTS
        """Each call is one unit."""
        self.tells = not self.places and not self.costs
        """Answers tell how much is left."""
        self.tells = not self.places and not self.costs
        """Answers tell how much is left."""
        self.model = limit.subject_id.bytes if limit.subject is Subject.MODEL else None
        """Only attempts at this model count."""
        self.block = Block(self, 0, 0)
        self.past: list[Block] = []
        self.done: list[Block] = []
        """Of windows that are over and settled, the last few: a call may still come late."""
        self.forgotten = 0
        """Of windows that ended until then it is not known any more what was spent."""

    def at(self, at_ms: int) -> Block:
        """Return the block of a moment; a call that comes too late counts in the present window."""
        block = self.block
        if block.start <= at_ms < block.end:
            return block
        start, end = bounds(self.limit.window, at_ms)
        if start < block.start:
            return self._late(start, end)
        self.block = Block(self, start, end)
        if block.end:
            self.block.pace = max(block.pace, block.used)
            self.past.append(block)
        return self.block

    def close(self, closed: Sequence[Block]) -> None:
        """Put blocks away that are over and settled."""
        self.past = [each for each in self.past if each not in closed]
        self.done += closed
        while len(self.done) > KEPT:
            self.forgotten = max(self.forgotten, self.done.pop(0).end)

    def _late(self, start: int, end: int) -> Block:
        for each in (*self.past, *self.done):
            if each.start == start:
                if each in self.done:
                    self.done.remove(each)
                    self.past.append(each)
                return each
        if start < self.forgotten:
            return self.block
        late = Block(self, start, end)
        self.past.append(late)
        return late

    def blocks(self) -> Sequence[Block]:
        """List the present block, and those not closed yet."""
        return (self.block, *self.past) if self.past else (self.block,)

    def change(self, limit: Limit) -> None:
        """Go on under another version of the limit."""
        self.limit = limit
        self.amount = b"%d" % limit.amount
        for block in self.blocks():
            block.limit = limit
            block.tight, block.low, block.dry_until = True, 0, 0.0

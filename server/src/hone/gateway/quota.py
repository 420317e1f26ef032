"""Quota that this process has leased: what calls are promised, what they used, what goes back.

Nothing here waits for the database. A call is promised units of a `Block`, which was leased before;
where they do not suffice it joins the block's queue, and whoever speaks with the store asks for
more. Each time the store is told what this process owns in all, not what has changed: so an answer
that got lost is made good by the next one, and nothing is given back twice.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hone.gateway.blocks import Account, Block, Verdict, Waiter
from hone.gateway.limits import Limit, Measure

HOLDER_SECONDS: Final = 30.0
"""A process that was silent for so long has lost its places in a limit on concurrency."""
FENCE_SECONDS: Final = 24.0
"""So it stops giving them out itself before."""
RENEW_SECONDS: Final = 5.0
"""How often a process that has places says that it lives."""
BELIEVED_SECONDS: Final = 0.1
"""How long the store's "nothing left" is believed."""
PLACE_SECONDS: Final = 0.3
"""How long a call waits for a place that another process is about to give back."""
AHEAD: Final = 8
"""How many calls of the present kind are leased ahead before the pace is known."""
SMALL: Final = 64
"""Of a smaller limit nothing is leased ahead."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the store is told and asked for one block."""

    block: Block
    owned: int
    least: int
    """For the calls that wait."""
    most: int
    """With what is to be leased ahead."""
    unit: int
    """The smallest call that waits: a part of it would help nobody."""
    covering: int
    """How many of the owned units make good what was used beyond promises."""


@dataclass(frozen=True, slots=True)
class Granting:
    """The store's answer for one block."""

    given: int
    left: int | None
    """None: there is no such limit any more."""


class Quota:
    """All limits of one process."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = _nobody
        """Called when the store should be asked now."""
        self.lost = False
        """The store cannot be reached."""
        self.fence = 0.0
        """From then on places in limits on concurrency may be others'."""
        self._accounts: dict[UUID, Account] = {}
        self._active: dict[Account, None] = {}
        self._due: dict[Block, None] = {}

    @property
    def pressing(self) -> bool:
        """Tell whether the store should be asked again soon, though nobody called."""
        return bool(self._due)

    def account(self, limit: Limit) -> Account:
        """Return what this process has of a limit; there is one for each, for good."""
        held = self._accounts.get(limit.id)
        if held is None:
            held = self._accounts[limit.id] = Account(limit)
        elif held.limit != limit:
            held.change(limit)
        return held

    def take(self, block: Block, need: int, now: float) -> bool:
        """Promise units out of what is leased; False where a call has to wait."""
        if block.free < need or block.waiting or (block.places and now > self.fence):
            return False
        block.free -= need
        block.promised += need
        block.used += need
        if block.free < block.low:
            block.low = 0
            self._call(block)
        return True

    def queue(self, block: Block, need: int, now: float) -> Waiter:
        """Let a call wait for units; its verdict may be known at once."""
        until = now + PLACE_SECONDS if block.places else now
        waiter = Waiter(need, until, asyncio.get_running_loop().create_future())
        if block.gone:
            block.promise(need)
            waiter.verdict.set_result(Verdict.PROMISED)
        elif self.lost:
            waiter.verdict.set_result(Verdict.LOST)
        elif now < block.dry_until and need >= block.dry_need:
            waiter.verdict.set_result(Verdict.REFUSED)
        else:
            block.waiting.append(waiter)
            self._call(block)
        return waiter

    def settle(self, block: Block, promised: int, used: int) -> None:
        """Take a promise back, and note what was used of it or beyond it."""
        block.promised -= promised
        block.spent += used
        block.free += promised - used
        if block.waiting:
            # Nobody is refused by this: what came back is less than was hoped for.
            self._serve(block, 0.0)
        if block.free < 0 or (block.tight and block.free):
            # Where little is left, what one process does not need another waits for.
            self._call(block)

    def asking(self, at_ms: int, now: float, *, beat: bool) -> list[Asking]:
        """Gather what the store is to be told; on a beat of all blocks, else of those that wait."""
        blocks = list(self._due)
        if beat:
            blocks = [each for account in self._active for each in account.blocks()]
        self._due.clear()
        if now > self.fence:
            for block in blocks:
                if block.places:
                    block.free = min(block.free, 0)
        renew = beat and now > self.fence - FENCE_SECONDS + RENEW_SECONDS
        asked = [_ask(block, at_ms, beat=beat, renew=renew) for block in blocks if not block.gone]
        if beat:
            self._close(at_ms)
        return [each for each in asked if each is not None]

    def granted(
        self, pairs: Iterable[tuple[Asking, Granting | None]], began: float, now: float
    ) -> None:
        """Take the store's answers, and tell the calls that waited for them."""
        self.lost = False
        self.fence = began + FENCE_SECONDS
        for asking, granting in pairs:
            if granting is not None:
                self._take(asking, granting, now)

    def lose(self) -> None:
        """Nobody waits any more for a store that does not answer; what is leased is still promised."""
        self.lost = True
        for account in self._active:
            for block in account.blocks():
                block.told = None
                _tell(block, Verdict.LOST)

    def empty(self) -> list[Asking]:
        """Gather everything that can be given back, for the end of the process."""
        blocks = [each for account in self._active for each in account.blocks() if not each.gone]
        for block in blocks:
            block.free = min(block.free, 0)
        return [
            Asking(each, each.owned, 0, 0, 1, max(-each.free, 0))
            for each in blocks
            if each.told != each.owned
        ]

    def _call(self, block: Block) -> None:
        self._active[block.account] = None
        self._due[block] = None
        self.wake()

    def _take(self, asking: Asking, granting: Granting, now: float) -> None:
        block = asking.block
        if granting.left is None:
            block.gone = True
            for waiter in block.waiting:
                block.promise(waiter.need)
            _tell(block, Verdict.PROMISED)
            return
        block.free += asking.covering + granting.given
        block.told = asking.owned + granting.given
        block.left = granting.left
        block.tight = is_tight(block.limit, granting.left)
        block.low = 0 if block.tight else max(block.free, 0) // 2
        self._serve(block, now)

    def _serve(self, block: Block, now: float) -> None:
        """Promise what there is to those who wait, first come first served."""
        still: list[Waiter] = []
        for waiter in block.waiting:
            if waiter.verdict.done():
                continue
            if block.free >= waiter.need:
                block.promise(waiter.need)
                waiter.verdict.set_result(Verdict.PROMISED)
            elif not waiter.asked or now < waiter.until:
                still.append(waiter)
            else:
                waiter.verdict.set_result(Verdict.REFUSED)
                block.dry_need = waiter.need
                block.dry_until = now + BELIEVED_SECONDS
        block.waiting = still
        if still:
            self._due[block] = None
            if not all(waiter.asked for waiter in still):
                self.wake()

    def _close(self, at_ms: int) -> None:
        """Forget blocks that are over and settled, and let go of limits that nobody calls under."""
        for account in list(self._active):
            closed = [each for each in account.past if _closed(each, at_ms)]
            if closed:
                account.close(closed)
            block = account.block
            block.pace = max(block.used, block.pace // 2)
            block.used = 0
            if not account.past and not block.pace and _idle(block):
                del self._active[account]


def is_tight(limit: Limit, left: int) -> bool:
    """Tell whether so little is left that each call asks for itself."""
    counts = limit.measure in {Measure.REQUESTS, Measure.CONCURRENCY}
    return (counts and limit.amount < SMALL) or left < limit.amount // 8


def _nobody() -> None:
    """Nobody speaks with the store yet."""


def _idle(block: Block) -> bool:
    settled = block.promised == 0 and block.free == 0 and not block.waiting
    return settled and (block.gone or block.told == block.owned)


def _closed(block: Block, at_ms: int) -> bool:
    return _idle(block) and block.end <= at_ms


def _ask(block: Block, at_ms: int, *, beat: bool, renew: bool) -> Asking | None:
    waiting = [each for each in block.waiting if not each.verdict.done()]
    ahead = 0 if at_ms >= block.end else _ahead(block, max((e.need for e in waiting), default=0))
    if not waiting and block.free > ahead and (beat or block.tight):
        block.free = ahead
    free = max(block.free, 0)
    least = max(0, sum(each.need for each in waiting) - free)
    most = least + (max(ahead - free, 0) if waiting or not beat else 0)
    covering = max(-block.free, 0)
    for each in waiting:
        each.asked = True
    news = covering or block.owned != block.told
    if not (waiting or most or news or (beat and free) or (renew and block.places and block.owned)):
        return None
    # A part of the smallest call that waits would help nobody.
    unit = 1 if free or not waiting else max(1, min(each.need for each in waiting))
    return Asking(block, block.owned, least, most, unit, covering)


def _ahead(block: Block, need: int) -> int:
    """Tell how many units this process should have beyond those that are waited for."""
    pace = 2 * max(block.pace, block.used)
    if not block.tight:
        return pace
    # Before the first answer of a window nothing is known to be short.
    fresh = block.told == 0 and not is_tight(block.limit, block.left)
    return max(pace, AHEAD * need) if fresh else 0


def _tell(block: Block, verdict: Verdict) -> None:
    waiting, block.waiting = block.waiting, []
    for waiter in waiting:
        if not waiter.verdict.done():
            waiter.verdict.set_result(verdict)

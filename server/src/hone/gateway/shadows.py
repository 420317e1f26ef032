"""Copies of calls that wait to be made, for routes that are tried unseen.

A client's call only puts its copy down here, after it was answered; where too many wait, the copy is
dropped and counted. `hone.gateway.inside` makes them, a few at once.
"""

import asyncio
from typing import Final, NamedTuple

from hone.gateway.exchange import Copy, Exchange, Way
from hone.gateway.meters import Meters
from hone.gateway.record import Exposure
from hone.gateway.snapshot import Caller

ARM: Final = "shadow"
"""What copies are recorded as; no arm may have this name."""
MOST_AT_ONCE: Final = 8
MOST_WAITING: Final = 64


class Waiting(NamedTuple):
    """A copy that waits."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    caller: Caller
    copy: Copy


class Shadows:
    """What waits in one process."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue(MOST_WAITING)
        self.served = False
        """Somebody makes them; where nobody does, all are dropped."""

    def offer(self, exchange: Exchange, caller: Caller, body: bytes, way: Way) -> None:
        """Put down a copy of a call that was answered."""
        assert way.shadow is not None
        assert way.exposure is not None
        if not self.served or self._waiting.full():
            self._meters.shadowed("dropped")
            return
        seen = way.exposure
        exposure = Exposure(seen.split, ARM, 1.0, seen.unit)
        copy = Copy(exchange.public_id, Way(way.asked, way.shadow, exposure, unseen=True))
        headers = tuple(
            (name, exchange.headers[name]) for name in _KEPT if name in exchange.headers
        )
        path = str(exchange.scope["path"])
        self._waiting.put_nowait(Waiting(path, headers, body, caller, copy))
        self._meters.shadowed("made")

    async def take(self) -> Waiting:
        """Wait for the next one."""
        return await self._waiting.get()


_KEPT: Final = (
    b"x-hone-user",
    b"x-hone-conversation-id",
    b"x-hone-metadata",
    b"anthropic-version",
    b"anthropic-beta",
)

"""One HTTP request of a client and its answer, on plain ASGI."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from msgspec.structs import replace

from hone.core import ids
from hone.core.cycle import LEAVING
from hone.core.errors import AppError
from hone.gateway.admission import Load
from hone.gateway.errors import BodyTooLarge, ClientGone
from hone.gateway.record import Exposure
from hone.gateway.snapshot import Caller, Route
from hone.gateway.wording import ascii_name
from hone.llm.errors import ProviderError
from hone.llm.types import Target

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON = b"application/json"
_MESSAGES = "/v1/messages"
EVENTS = b"text/event-stream; charset=utf-8"


class Way(NamedTuple):
    """What a client asked for, and what is to answer it."""

    asked: Route
    taken: Route
    exposure: Exposure | None = None
    """The arm of a split that led there."""
    shadow: Route | None = None
    """What else is to answer, for nobody to see."""
    unseen: bool = False
    """This is such an answer."""

    def rescued(self) -> "Way":
        """Let what was asked for answer: nothing of the arm is available, and that is told."""
        assert self.exposure is not None
        return self._replace(taken=self.asked, exposure=replace(self.exposure, rescued=True))

    def headers(self) -> list[Header]:
        """Write which arm a call met."""
        return [] if self.exposure is None else [(b"x-hone-arm", ascii_name(self.exposure.arm))]

    def met(self, answered: Target | None) -> Exposure | None:
        """Return the arm that a call met; where its own targets failed and what was asked for stood in, so told."""
        seen, taken = self.exposure, self.taken
        if seen is None or seen.rescued or answered is None or taken is self.asked:
            return seen
        model = answered.model_id
        if any(each.target.model_id == model for each in taken.targets):
            return seen
        spare = any(each.target.model_id == model for each in self.asked.targets)
        return replace(seen, rescued=True) if spare else seen


class Copy(NamedTuple):
    """A call that is made once more, for nobody to see."""

    of: str
    """The operation that it is a copy of."""
    way: Way


class Interruptible(Protocol):
    """Something that waits and can be told to stop."""

    def interrupt(self, error: Exception) -> None:
        """Make it raise this error."""
        ...


class Exchange:
    """What came, what was sent, and whether the client is still there."""

    __slots__ = (
        "_leaving",
        "_receive",
        "_send",
        "batch",
        "begun",
        "caller",
        "copy",
        "gone",
        "headers",
        "held_bytes",
        "id_bytes",
        "public_id",
        "scope",
        "started",
        "upstream",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = time.perf_counter()
        self.id_bytes = ids.raw()
        self.public_id = f"op_{self.id_bytes.hex()}"
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._send = send
        self._leaving: Callable[[Callable[[], None] | None], None] = scope["extensions"][LEAVING]
        self.held_bytes = 0
        self.begun = False
        """The head of the answer was sent."""
        self.gone = False
        self.upstream: Interruptible | None = None
        self.caller: Caller | None = None
        """Who calls, where that is known without a key: Hone itself, for a line of a batch."""
        self.batch: UUID | None = None
        """The batch whose line this is."""
        self.copy: Copy | None = None
        """What this is a copy of; None for what somebody asked for."""

    @property
    def id(self) -> UUID:
        """The operation's id."""
        return UUID(bytes=self.id_bytes)

    async def body(self, load: Load) -> bytes:
        """Read the request's body, within the limits of the process."""
        announced = self.headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > load.limits.body_bytes:
            raise BodyTooLarge(f"The request body is larger than {load.limits.body_bytes} bytes.")
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            part: bytes = message.get("body", b"")
            load.hold(len(part), self.held_bytes)
            self.held_bytes += len(part)
            parts.append(part)
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    def names(self) -> list[Header]:
        """Name the operation where clients look for its name: Anthropic's look elsewhere."""
        name = self.public_id.encode()
        told = [(b"x-request-id", name)]
        return [*told, (b"request-id", name)] if self.scope["path"] == _MESSAGES else told

    def listen(self) -> None:
        """From now on notice that the client leaves."""
        self._leaving(self._leave)

    @property
    def batch_bytes(self) -> bytes | None:
        """Return the batch's id as frames have it."""
        return None if self.batch is None else self.batch.bytes

    def elapsed_ms(self) -> float:
        """Tell how long ago the request came."""
        return (time.perf_counter() - self.started) * 1000

    def still(self) -> None:
        """Raise `ClientGone` if the client has left."""
        if self.gone:
            raise ClientGone

    async def begin(self, status: int, headers: list[Header]) -> None:
        """Send the head of the answer."""
        self.begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def part(self, body: bytes) -> None:
        """Send a part of the answer."""
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end(self, body: bytes = b"") -> None:
        """Send the last part of the answer."""
        self._leaving(None)
        await self._send({"type": "http.response.body", "body": body})

    async def answer(self, status: int, headers: list[Header], body: bytes) -> None:
        """Send a whole answer."""
        self._leaving(None)
        headers.append((b"content-length", b"%d" % len(body)))
        self.begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    def stop(self) -> None:
        """Notice nothing any more."""
        self._leaving(None)

    def _leave(self) -> None:
        self.gone = True
        if self.upstream is not None:
            self.upstream.interrupt(ClientGone())


def retry_after(error: AppError | ProviderError) -> list[Header]:
    """Say when to try again, where that is known."""
    seconds = getattr(error, "wait", None) or error.retry_after
    return [] if seconds is None else [(b"retry-after", b"%d" % max(1, round(seconds)))]

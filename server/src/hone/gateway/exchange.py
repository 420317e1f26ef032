"""One HTTP request of a client and its answer, on plain ASGI."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from hone.core import ids
from hone.core.errors import AppError
from hone.gateway.admission import Load
from hone.gateway.errors import BodyTooLarge, ClientGone
from hone.gateway.watch import Watch
from hone.llm.errors import ProviderError

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON = b"application/json"
EVENTS = b"text/event-stream; charset=utf-8"


class Interruptible(Protocol):
    """Something that waits and can be told to stop."""

    def interrupt(self, error: Exception) -> None:
        """Make it raise this error."""
        ...


class Exchange:
    """What came, what was sent, and whether the client is still there."""

    __slots__ = (
        "_receive",
        "_send",
        "_watch",
        "begun",
        "gone",
        "headers",
        "held_bytes",
        "id",
        "public_id",
        "scope",
        "started",
        "upstream",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = time.perf_counter()
        self.id = ids.new()
        self.public_id = f"op_{self.id.hex}"
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._send = send
        self._watch = Watch(receive, self._leave)
        self.held_bytes = 0
        self.begun = False
        """The head of the answer was sent."""
        self.gone = False
        self.upstream: Interruptible | None = None

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

    def listen(self) -> None:
        """From now on notice that the client leaves."""
        self._watch.start()

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
        self._watch.stop()
        await self._send({"type": "http.response.body", "body": body})

    async def answer(self, status: int, headers: list[Header], body: bytes) -> None:
        """Send a whole answer."""
        self._watch.stop()
        headers.append((b"content-length", b"%d" % len(body)))
        await self.begin(status, headers)
        await self._send({"type": "http.response.body", "body": body})

    def stop(self) -> None:
        """Notice nothing any more."""
        self._watch.stop()

    def _leave(self) -> None:
        self.gone = True
        if self.upstream is not None:
            self.upstream.interrupt(ClientGone())


def retry_after(error: AppError | ProviderError) -> list[Header]:
    """Say when to try again, where that is known."""
    seconds = getattr(error, "wait", None) or error.retry_after
    return [] if seconds is None else [(b"retry-after", b"%d" % max(1, round(seconds)))]

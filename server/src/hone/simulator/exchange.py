"""One HTTP exchange over ASGI: read the request, wait, write, notice that the caller has gone.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hone.simulator.errors import Headers, too_large

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

CONNECTION = "hone.simulator.connection"
"""Key in the scope's `state` of the connection's transport; ASGI itself cannot close one."""

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for no time at all: the connection ends with a reset."""

JSON = (b"content-type", b"application/json")
TURNS_BETWEEN_LOOKS = 32
TURNS_TO_FLUSH = 4
"""Turns of the loop after which what was written is with the system."""


class ClientGone(Exception):
    """The caller closed the connection."""


class Exchange:
    """A request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._turns = 0
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.raw_path: bytes = scope.get("raw_path") or self.path.encode()
        self.query: bytes = scope.get("query_string", b"")
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.status = 0
        """The status that was sent; 0 before the head."""

    def now(self) -> float:
        """Return the loop's time in seconds."""
        return self._loop.time()

    def header(self, name: bytes) -> str | None:
        """Return a request header."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self, limit: int) -> bytes:
        """Read the request's body."""
        event = await self._receive()
        whole: bytes = event.get("body", b"")
        while event["type"] != "http.disconnect":
            if len(whole) > limit:
                raise too_large()
            if not event.get("more_body", False):
                return whole
            event = await self._receive()
            whole += event.get("body", b"")
        raise ClientGone

    async def until(self, due: float) -> None:
        """Wait for a moment; raise `ClientGone` as soon as the caller leaves."""
        remaining = due - self._loop.time()
        if remaining > 0:
            await self.look(remaining)
            return
        self._turns += 1
        if self._turns % TURNS_BETWEEN_LOOKS:
            await asyncio.sleep(0)
        else:
            await self.look()

    async def look(self, seconds: float = 0) -> None:
        """Watch the connection for a while; raise `ClientGone` when the caller leaves."""
        try:
            async with asyncio.timeout(seconds):
                await self._receive()
        except TimeoutError:
            return
        raise ClientGone

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head."""
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, body: bytes) -> None:
        """Send a part of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def finish(self, body: bytes = b"") -> None:
        """Send the last part of the body."""
        await self._send({"type": "http.response.body", "body": body})

    async def answer(self, status: int, body: bytes, headers: Headers = (JSON,)) -> None:
        """Send a whole answer; its headers name its type."""
        await self.start(status, [(b"content-length", b"%d" % len(body)), *headers])
        await self.finish(body)

    async def drop(self, reset: bool = False) -> None:
        """Close the connection as it is, what was written first, without ending the answer."""
        connection: asyncio.Transport | None = self._scope.get("state", {}).get(CONNECTION)
        if connection is None:
            return
        if reset:
            for _ in range(TURNS_TO_FLUSH):
                await asyncio.sleep(0)
            connection.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, RESET
            )
            connection.abort()
        else:
            connection.close()
        await self._receive()

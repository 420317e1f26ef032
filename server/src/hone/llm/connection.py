"""One connection to a provider: HTTP/1.1 (RFC 9112), one request at a time, any of them abortable.

Our own, because what it must do was not to be had: cancel a request before its head has come (an
answer that is not streamed has its head last, so that is when a client leaves), connect to an
address that was checked, and wait with deadlines that cost nothing while they are kept.
"""

import asyncio
from collections.abc import Callable
from math import inf
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from hone.llm.errors import Cut, Malformed, Unreachable

HEAD_LIMIT = 64 << 10
_PAUSE = 256 << 10

Fault = Callable[[], Exception]


class Connection(asyncio.Protocol):
    """Sends a request and gives its answer piece by piece."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = inf
        self._late: Fault = Unreachable
        self._error: Exception | None = None
        self._chunks: list[bytes] = []
        self._buffered = 0
        self._paused = False
        self._received = 0
        self._head = self._whole = self._lasting = False
        self._busy = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.idle_since = 0.0
        self.closed = False

    @property
    def untouched(self) -> bool:
        """Tell whether nothing of an answer has come."""
        return self._received == 0

    @property
    def reusable(self) -> bool:
        """Tell whether the answer came whole and another request may follow."""
        if not self._whole or self.closed or self._error is not None or self._chunks:
            return False
        return self._lasting

    def start(self, request: bytes) -> None:
        """Write a request; its answer is read with `head` and `chunk`."""
        self._head = self._whole = self._lasting = False
        self._received = self.status = 0
        self.headers = []
        self._error = None
        self._busy = True
        assert self._transport is not None
        self._transport.write(request)

    async def head(self) -> None:
        """Wait for the status and the headers."""
        while not self._head:
            if self._error is not None:
                raise self._error
            # Not by `_wait`: here every call waits, and each level that it waits in costs.
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    async def chunk(self) -> bytes | None:
        """Wait for the next part of the body; None after the last."""
        while not self._chunks:
            if self._error is not None:
                raise self._error
            if self._whole:
                return None
            await self._wait()
        chunks, self._chunks, self._buffered = self._chunks, [], 0
        if self._paused:
            self._paused = False
            assert self._transport is not None
            self._transport.resume_reading()
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def whole(self) -> bytes | None:
        """Take the body, if all of it is there."""
        if not self._whole or self._paused or self._error is not None:
            return None
        chunks, self._chunks, self._buffered = self._chunks, [], 0
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def expect(self, due: float, late: Fault) -> None:
        """Fail the request unless this is called again before `due` (the loop's time)."""
        self._due = due
        self._late = late
        timer = self._timer
        # One timer serves many deadlines: it looks at `_due` when it fires and goes on sleeping.
        if timer is None or timer.when() > due:
            if timer is not None:
                timer.cancel()
            self._timer = None if due == inf else self._loop.call_at(due, self._ring)

    def fail(self, error: Exception) -> None:
        """End the request: whoever waits gets this error, and the connection is dropped."""
        if self._error is None:
            self._error = error
        self.abort()
        self._wake()

    def rest(self) -> None:
        """Come to rest after an answer, to be used again."""
        self._busy = False
        self._due = inf
        self.idle_since = self._loop.time()

    def abort(self) -> None:
        """Drop the connection."""
        self.closed = True
        self._due = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take what the provider sends."""
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._spoil()
        if not self._busy or (not self._head and self._received > HEAD_LIMIT):
            self._spoil()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take the end of the connection; an answer without a length ends with it."""
        self.closed = True
        if self._busy and not self._whole and self._error is None:
            if self._head and exc is None and not self._delimited():
                self._whole = True
            else:
                self._error = Unreachable() if self.untouched else Cut()
        self._wake()

    def on_message_begin(self) -> None:
        """Take the begin of an answer; a second one was not asked for."""
        if self._whole:
            self._spoil()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Take the head; interim answers (1xx) are passed over."""
        self.status = self._parser.get_status_code()
        if self.status < 200:
            self.headers = []
            return
        self._head = True

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; stop reading while nobody fetches it."""
        self._chunks.append(body)
        self._buffered += len(body)
        if self._buffered > _PAUSE and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """Take the end of the answer."""
        if self._head:
            self._whole = True
            self._lasting = self._parser.should_keep_alive()

    def _delimited(self) -> bool:
        """Tell whether the head says how long the body is."""
        return self.status in {204, 304} or any(
            name in {b"content-length", b"transfer-encoding"} for name, _ in self.headers
        )

    def _spoil(self) -> None:
        """Use the connection no more: what came is not an answer to our request."""
        if self._busy and not self._whole:
            self.fail(Malformed())
        else:
            self.closed = True

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _ring(self) -> None:
        self._timer = None
        if self._due == inf:
            return
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._ring)
        else:
            self.fail(self._late())

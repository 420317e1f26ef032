"""HTTP/1.1 for one connection: uvicorn's protocol with deadlines, limits and our error envelope.

uvicorn waits for a request head as long as the client likes, takes heads and bodies of any size,
and answers what it cannot parse in plain text. Here a head has a deadline and a size (RFC 9112
leaves both to the server), a body has a size and may not stall, and each refusal is an answer in
the one envelope, in the order of the requests, followed by a close that does not destroy it.
"""

import asyncio
import enum
from collections.abc import Iterator
from typing import Any, cast

import httptools
import msgspec
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from hone.core import ids
from hone.core.cycle import LEAVING, Cycle, locate
from hone.core.errors import AppError, BadRequest, TooLarge
from hone.core.guard import Guard

_LINGER = 2.0


class RequestTimeout(AppError):
    """This request was not sent completely in the time allowed."""

    status = 408
    code = "request_timeout"


class HeadersTooLarge(AppError):
    """The request line and headers are larger than the server accepts."""

    status = 431
    code = "headers_too_large"


class BodyTooLarge(TooLarge):
    """The request body is larger than the server accepts."""

    code = "body_too_large"


class MalformedRequest(BadRequest):
    """This is not a valid HTTP/1.1 request."""

    code = "malformed_request"


class _Phase(enum.Enum):
    """What the connection waits for."""

    IDLE = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()
    UPGRADE = enum.auto()
    REFUSED = enum.auto()
    CLOSING = enum.auto()


# Attributes of an enumeration are slow to reach, and each request passes here.
_IDLE, _HEAD, _BODY, _UPGRADE, _REFUSED, _CLOSING = _Phase


class _Stopped(Exception):
    """Leave the parser: the request has been refused."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        guard: Guard,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._guard = guard
        self._max_head = guard.max_head
        self._max_body = guard.max_body
        self._phase = _HEAD
        self._since = 0.0
        """When what we wait for began, or moved last."""
        self._read = 0
        """Size of what is being parsed."""
        self._fed = 0
        """Bytes before that since the parser last had something to show."""
        self._body = 0
        self._refusal: AppError | None = None
        self._asgi = {"version": self.asgi_version, "spec_version": "2.3"}

    # What the transport calls.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin: the first head is due."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._guard.watch(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._guard.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        if self._phase is _IDLE:
            self._phase = _HEAD
        elif self._phase is _REFUSED or self._phase is _CLOSING:
            return
        self._feed(data)

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Begin a request; nothing of ours keeps a state in the lifespan's, which uvicorn would copy."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self.scope = {  # type: ignore[typeddict-item]
            "type": "http",
            "asgi": self._asgi,
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "root_path": self.root_path,
            "headers": self.headers,
        }

    def on_headers_complete(self) -> None:
        """Start the request, unless its head already says that it is refused."""
        if self._fed + self._read > self._max_head:
            self._check_head()
        for name, value in self.headers:
            # llhttp has refused everything but digits.
            if name == b"content-length" and int(value) > self._max_body:
                self._check_body(int(value))
        if self.parser.should_upgrade():
            self._phase = _UPGRADE
            if self._should_upgrade():
                super().on_headers_complete()
            return
        self._begin()
        # Trailers must not join the headers that the application reads (RFC 9110, 6.5.1).
        self.headers = []
        self._phase = _BODY
        self._fed = -self._read
        self._body = 0

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; without Content-Length its size shows only now."""
        self._fed = -self._read
        self._body += len(body)
        if self._body > self._max_body:
            self._check_body(self._body)
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        """End a request."""
        if self._phase is _UPGRADE:
            return
        self._phase = _IDLE
        self._fed = 0
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    # What the application's answer calls.

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal that had to wait for its turn."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._refusal is not None:
            self._answer(self._refusal)
        elif self._phase is _IDLE:
            # In place of uvicorn's timer for each answer, which alone costs more than the guard.
            self._since = self.loop.time()

    # What the guard calls.

    def excuse(self, seconds: float) -> None:
        """Give a client the time in which we did not look."""
        self._since += seconds

    def look(self, now: float) -> None:
        """End what takes too long."""
        waited = now - self._since
        if self.flow.read_paused:
            # It is us who do not read.
            self._since = now
        elif self._phase is _IDLE:
            if waited > self.timeout_keep_alive and self.cycle.response_complete:
                self.transport.close()
        elif self._phase is _HEAD and waited > self._guard.head_timeout:
            self._head_is_late()
        elif self._phase is _BODY and waited > self._guard.body_timeout:
            self._body_is_late(now)
        elif self._phase is _CLOSING and waited > _LINGER:
            self.transport.abort()

    # Our own.

    def _begin(self) -> None:
        """Start the request, or let it wait for those before it."""
        parser, scope = self.parser, cast("dict[str, Any]", self.scope)
        before = cast("Cycle | None", self.cycle)
        scope["method"] = parser.get_method().decode("ascii")
        version = parser.get_http_version()
        if version != "1.1":
            scope["http_version"] = version
        locate(scope, self.url)
        cycle = Cycle(
            scope,
            self.transport,
            self.flow,
            self._lines,
            self.on_response_complete,
            keep_alive=version != "1.0" and parser.should_keep_alive(),
            expects=self.expect_100_continue,
        )
        scope["extensions"] = {LEAVING: cycle.leaving}
        # uvicorn goes by the names of a cycle, not by its type.
        self.cycle, app = cast("Any", cycle), cast("Any", self).app
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, app))

    def _lines(self) -> bytes:
        return self._guard.lines_with(self.server_state.default_headers)

    def _feed(self, data: bytes) -> None:
        self._read = len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            if self._refusal is None:
                self._refuse(_malformed(error))
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        else:
            if self._phase is not _IDLE:
                self._note_unfinished()
            elif self.scope is not self.cycle.scope:
                # The next head has begun behind a complete request; how far it came is not known.
                self._phase = _HEAD
                self._fed = 1
                self._since = self.loop.time()

    def _note_unfinished(self) -> None:
        if self._phase is _BODY or (self._fed == 0 and cast("object", self.cycle) is not None):
            self._since = self.loop.time()
        self._fed += self._read
        if self._fed > self._max_head:
            # An endless head, or endless chunk extensions or trailers.
            self._refuse(HeadersTooLarge())

    def _check_head(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self._max_head:
            self._stop(HeadersTooLarge())

    def _check_body(self, size: int) -> None:
        if size > self._guard.most(self.url):
            self._stop(BodyTooLarge())

    def _upgrade(self, rest: bytes) -> None:
        if self._should_upgrade():
            self._guard.forget(self)
            self.handle_websocket_upgrade()
        elif self.parser.get_method() == b"CONNECT":
            self._refuse(MalformedRequest("This server is no proxy; it does not take CONNECT."))
        else:
            self._ignore_upgrade(rest)

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Parse the request again as if it did not offer another protocol (RFC 9110, 7.8).

        Java's client offers h2c with each request, and llhttp takes what follows such a head for
        the other protocol: the body would be lost, or be parsed as the next request.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % header for header in _without_upgrade(self.headers)]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._phase = _HEAD
        self._feed(b"\r\n".join([*lines, b"", rest]))

    def _head_is_late(self) -> None:
        if cast("object", self.scope) is None:
            # Nothing was asked.
            self.transport.close()
        else:
            self._refuse(RequestTimeout())

    def _body_is_late(self, now: float) -> None:
        cycle = self.cycle
        if cycle.waiting_for_100_continue:
            # The client waits for us.
            self._since = now
        elif not cycle.response_started or cycle.response_complete:
            self._refuse(RequestTimeout())

    def _stop(self, error: AppError) -> None:
        self._refuse(error)
        raise _Stopped

    def _refuse(self, error: AppError) -> None:
        """Read no further; answer as soon as all earlier requests are answered."""
        in_body = self._phase is _BODY
        self._phase = _REFUSED
        self._refusal = error
        cycle = cast("Cycle | None", self.cycle)
        if cycle is None or (cycle.response_complete and not in_body):
            self._answer(error)
        elif in_body:
            self._refuse_body(error, cycle)

    def _refuse_body(self, error: AppError, cycle: Cycle) -> None:
        cycle.disconnected = True
        cycle.message_event.set()
        if self.pipeline:
            # It is queued behind another request, and must not begin.
            self.pipeline.popleft()
        elif cycle.response_started:
            self._close()
        else:
            self._answer(error)

    def _answer(self, error: AppError) -> None:
        body = msgspec.json.encode(error.body())
        head = (
            b"content-type: application/json\r\ncontent-length: %d\r\nx-request-id: %b\r\n"
            b"connection: close\r\n" % (len(body), ids.public("req", ids.new()).encode())
        )
        parts = (STATUS_LINE[error.status], head, self._lines(), b"\r\n", body)
        self.transport.write(b"".join(parts))
        if self._guard.refused is not None:
            self._guard.refused(error.code)
        self._close()

    def _close(self) -> None:
        """Close our side and read on for a moment.

        A close while the client is sending makes the kernel reset the connection, and the client
        would never see the answer (RFC 9112, 9.6).
        """
        self._phase = _CLOSING
        self._since = self.loop.time()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        # Over TLS there is no half of a close: the client goes when it has read, or `look` ends it.


def _malformed(error: httptools.HttpParserError) -> MalformedRequest:
    """Say what is wrong in llhttp's words; they never quote the request."""
    if isinstance(error, httptools.HttpParserCallbackError):
        return MalformedRequest()
    return MalformedRequest(f"This is not a valid HTTP/1.1 request: {error}.")


def _without_upgrade(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        if name == b"connection":
            tokens = [token.strip() for token in value.lower().split(b",")]
            yield name, b", ".join(t for t in tokens if t not in {b"upgrade", b"http2-settings"})
        elif name not in {b"upgrade", b"http2-settings"}:
            yield name, value

"""One request on a connection and its answer: what uvicorn's own cycle does, at half its price.

uvicorn searches each header of an answer with two regular expressions and writes head and body with
a system call each, which costs about as much as all else that it does for a request. Here a head is
looked at once, as a whole, and leaves together with the first part of the body, as ASGI allows
("Response Start"); the head of a stream waits at most for the loop's next turn.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, Final, cast
from urllib.parse import unquote

import httptools
import msgspec
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from hone.core.errors import AppError

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Application = Callable[..., Any]

_FINE: Final = bytes(code for code in range(256) if code in {9, *range(32, 127), *range(128, 256)})
"""What may stand in a head (RFC 9110, 5.5), line ends aside."""
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NAMES_KEPT: Final = 1000
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
_BARE: Final = frozenset({204, 304})
_END: Final = b"0\r\n\r\n"
_NO_EXTENSIONS: Final[Mapping[str, object]] = MappingProxyType({})

_names: dict[bytes, tuple[bytes, bool]] = {}
"""How a header's line begins, for names that were seen to be names, and whether it tells of the body."""


LEAVING: Final = "hone.leaving"
"""Among a scope's extensions: `Cycle.leaving`, for an application that is to notice that a client left.

ASGI has `receive` for that, and somebody who waits for it all the time that a request is worked on.
"""


class Signal:
    """`asyncio.Event` for one that waits; it costs nothing until then."""

    __slots__ = ("_set", "_waiter", "heard")

    def __init__(self) -> None:
        self._set = False
        self._waiter: asyncio.Future[None] | None = None
        self.heard: Callable[[], None] | None = None
        """Called each time, while nobody waits."""

    def set(self) -> None:
        """Let the one that waits go on."""
        self._set = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        elif self.heard is not None:
            self.heard()

    async def take(self) -> None:
        """Wait until it was set since it was last taken."""
        while not self._set:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        self._set = False


def _nothing() -> None:
    """Do nothing."""


def _no_lines() -> bytes:
    return b""


class Cycle:
    """One request; the names that have no underscore are those by which uvicorn knows it."""

    __slots__ = (
        "_begun",
        "_chunked",
        "_closes",
        "_done",
        "_flow",
        "_framed",
        "_head",
        "_left",
        "_lines",
        "_transport",
        "body",
        "disconnected",
        "keep_alive",
        "message_event",
        "more_body",
        "response_complete",
        "scope",
        "waiting_for_100_continue",
    )

    def __init__(
        self,
        scope: Scope,
        transport: asyncio.Transport,
        flow: FlowControl,
        lines: Callable[[], bytes],
        done: Callable[[], None],
        *,
        keep_alive: bool,
        expects: bool,
    ) -> None:
        self.scope = scope
        self._transport = transport
        self._flow = flow
        self._lines = lines
        """Gives the headers that every answer has."""
        self._done = done
        self.keep_alive = keep_alive
        self.waiting_for_100_continue = expects
        self.message_event = Signal()
        self.body = bytearray()
        self.more_body = True
        self.disconnected = False
        self.response_complete = False
        self._begun = self._framed = self._chunked = self._closes = False
        self._head: bytes | None = None
        """The head, until the first part of the body is there."""
        self._left = 0
        """Bytes that the announced length leaves for the body."""

    @property
    def response_started(self) -> bool:
        """Tell whether the application has begun to answer."""
        return self._begun

    async def run_asgi(self, app: Application) -> None:
        """Have the application answer."""
        try:
            await app(self.scope, self.receive, self.send)
        except BaseException:
            log.exception("the application failed")
            await self._give_up()
        else:
            if not self.response_complete and not self.disconnected:
                log.error("the application did not finish its answer")
                await self._give_up()
        finally:
            # They hold the connection, which holds this; and the scope holds a method of ours.
            self._done, self._lines = _nothing, _no_lines
            self.scope["extensions"] = _NO_EXTENSIONS

    def leaving(self, callback: Callable[[], None] | None) -> None:
        """Call `callback` when the client leaves before it has all of the answer; None: no more.

        The body must have been read: `receive` and this do not go together.
        """
        if callback is None:
            self.message_event.heard = None
            return
        if self.disconnected:
            callback()
            return
        self._flow.resume_reading()
        self.message_event.heard = callback

    async def receive(self) -> Message:
        """Wait for what the client sends next."""
        if self.waiting_for_100_continue and not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.waiting_for_100_continue = False
        if not self.disconnected and not self.response_complete:
            self._flow.resume_reading()
            await self.message_event.take()
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        body, self.body = bytes(self.body), bytearray()
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    async def send(self, message: Message) -> None:
        """Send the next part of the answer."""
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.body" and self._begun and not self.response_complete:
            self._write(message.get("body", b""), more=message.get("more_body", False))
        elif kind == "http.response.start" and not self._begun:
            self._begin(message["status"], message.get("headers", ()))
        else:
            raise RuntimeError(f"the application sent {kind} out of turn")

    def _begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        parts: list[bytes] = []
        for given, value in headers:
            begins, frames = _names.get(given) or _learn(given)
            if frames:
                self._frame(given.lower(), value)
            parts += (begins, value, b"\r\n")
        told = b"".join(parts)
        if len(told.translate(None, _FINE)) != len(parts) // 3 * 2:
            # A line end within a value would begin a header of its own.
            raise RuntimeError("the application sent a header with control characters in it")
        if not self.keep_alive and not self._closes:
            told += b"connection: close\r\n"
        if not self._framed and self.scope["method"] != "HEAD" and status not in _BARE:
            self._chunked = True
            told += b"transfer-encoding: chunked\r\n"
        self._begun, self.waiting_for_100_continue = True, False
        self._head = b"%b%b%b\r\n" % (STATUS_LINE[status], told, self._lines())
        if self._chunked:
            asyncio.get_running_loop().call_soon(self._flush)

    def _frame(self, name: bytes, value: bytes) -> None:
        """Read from a header how the answer ends."""
        if name == b"content-length" and not self._chunked:
            self._left, self._framed = int(value), True
        elif name == b"transfer-encoding" and value.lower() == b"chunked":
            self._left, self._chunked, self._framed = 0, True, True
        elif name == b"connection" and b"close" in value.lower():
            self.keep_alive, self._closes = False, True

    def _write(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            body, self._left = b"", 0
        elif self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else _END)
        elif len(body) > self._left:
            raise RuntimeError("the application sent more than the length that it announced")
        else:
            self._left -= len(body)
        head, self._head = self._head, None
        self._transport.write(body if head is None else head + body)
        if more:
            return
        if self._left:
            raise RuntimeError("the application sent less than the length that it announced")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self._transport.close()
        self._done()

    def _flush(self) -> None:
        head, self._head = self._head, None
        if head is not None and not self._transport.is_closing():
            self._transport.write(head)

    async def _give_up(self) -> None:
        """End an answer that will not come: as an error, if nothing of it was sent."""
        if self._begun or self.disconnected:
            self._flush()
            self._transport.close()
            return
        body = msgspec.json.encode(AppError().body())
        told = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        self.keep_alive = False
        self._begin(500, told)
        self._write(body, more=False)


def _learn(given: bytes) -> tuple[bytes, bool]:
    """Check the name of a header, once."""
    if _NAME.fullmatch(given) is None:
        raise RuntimeError("the application sent a header whose name is none")
    name = given.lower()
    told = name + b": ", name in _FRAMING
    if len(_names) < _NAMES_KEPT:
        _names[given] = told
    return told


def locate(scope: Scope, url: bytes) -> None:
    """Write into a scope where a request goes."""
    if url.startswith(b"/") and b"#" not in url:
        raw, _, query = url.partition(b"?")
    else:
        parsed = httptools.parse_url(url)
        raw, query = parsed.path, cast("bytes | None", parsed.query) or b""
    path = raw.decode("ascii")
    scope["path"] = unquote(path) if "%" in path else path
    scope["raw_path"] = raw
    scope["query_string"] = query

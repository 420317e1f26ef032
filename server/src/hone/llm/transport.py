"""The way out: pooled connections to providers, every address checked before it is connected to."""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from hone.llm import addresses
from hone.llm.connection import Connection, Fault
from hone.llm.errors import AddressRefused, Malformed, Refused, Rejected, TimedOut, Unreachable
from hone.llm.types import Call, Deadlines

IDLE_SECONDS = 60.0
IDLE_LIMIT = 512
"""Unused connections kept for one origin."""
RESOLVED_SECONDS = 30.0
STALE_SECONDS = 1.0
"""A kept connection that ends so soon after a request was closed while it was idle."""

JSON = b"application/json"
_REQUEST = b"%bcontent-type: %b\r\ncontent-length: %d\r\nx-request-id: %b\r\n%b\r\n%b"
_CONTROL = frozenset(chr(code) for code in (*range(32), 127))


class _Address(NamedTuple):
    """Where a URL leads, and under which rule."""

    secure: bool
    host: str
    port: int
    networks: tuple[str, ...]


@dataclass(slots=True)
class _Origin:
    """The connections to one address."""

    address: _Address
    loop: asyncio.AbstractEventLoop
    idle: list[Connection] = field(default_factory=list[Connection])
    resolved: tuple[str, ...] = ()
    resolved_until: float = 0.0


class Transport:
    """The connections of one process; to be used within one running loop."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._origins: dict[_Address, _Origin] = {}
        self._open: set[Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    def request(self, call: Call, deadlines: Deadlines, request_id: str) -> "Upstream":
        """Prepare a request; it leaves with `Upstream.head`."""
        address, head = _prepare(call.url, call.headers, call.addresses, call.method)
        origin = self._origins.get(address)
        if origin is None:
            origin = _Origin(address, asyncio.get_running_loop())
            self._origins[address] = origin
        if call.seconds is not None and call.seconds < deadlines.total:
            deadlines = replace(deadlines, total=call.seconds)
        body = call.body
        # Outside of what is kept for every call to a target: these are never the same again.
        signed = _lines(call.signed) if call.signed else b""
        kind = JSON if call.content_type == "application/json" else _plain(call.content_type)
        request = _REQUEST % (head, kind, len(body), request_id.encode(), signed, body)
        return Upstream(self, origin, request, deadlines, call.lost)

    async def close(self) -> None:
        """Drop every connection; requests in progress fail."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in tuple(self._open):
            connection.fail(Unreachable())
        # Aborted transports say goodbye in the loop's next turn.
        await asyncio.sleep(0)

    def take(self, origin: _Origin) -> Connection | None:
        """Take the connection that was used last, if one is left."""
        while origin.idle:
            connection = origin.idle.pop()
            if not connection.closed:
                return connection
            self._open.discard(connection)
        return None

    def give(self, origin: _Origin, connection: Connection) -> None:
        """Keep a connection for the next request, or drop it."""
        if connection.reusable and not self._closed and len(origin.idle) < IDLE_LIMIT:
            connection.rest()
            origin.idle.append(connection)
            if self._sweeper is None:
                loop = asyncio.get_running_loop()
                self._sweeper = loop.call_later(IDLE_SECONDS / 2, self._sweep)
        else:
            self._open.discard(connection)
            connection.abort()

    async def connect(self, origin: _Origin, seconds: float) -> Connection:
        """Open a connection to the first address that answers."""
        found = await self._resolve(origin)
        address = origin.address
        tls = self._context() if address.secure else None
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        for left, candidate in zip(range(len(found), 0, -1), found, strict=True):
            try:
                async with asyncio.timeout((due - loop.time()) / left):
                    _, connection = await loop.create_connection(
                        Connection,
                        candidate,
                        address.port,
                        ssl=tls,
                        server_hostname=address.host if tls else None,
                    )
            except (OSError, TimeoutError):
                continue
            self._open.add(connection)
            return connection
        origin.resolved_until = 0.0
        raise Unreachable

    async def _resolve(self, origin: _Origin) -> tuple[str, ...]:
        """Look the host up, at most every thirty seconds, and keep what may be connected to."""
        loop = asyncio.get_running_loop()
        if loop.time() < origin.resolved_until:
            return origin.resolved
        address = origin.address
        try:
            infos = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable("The provider's name cannot be resolved.") from error
        found = tuple(dict.fromkeys(str(info[4][0]) for info in infos))
        allowed = tuple(each for each in found if addresses.permitted(each, address.networks))
        if not allowed:
            raise AddressRefused
        origin.resolved, origin.resolved_until = allowed, loop.time() + RESOLVED_SECONDS
        return allowed

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _sweep(self) -> None:
        """Drop what has been idle for too long."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - IDLE_SECONDS
        for origin in self._origins.values():
            kept = [each for each in origin.idle if not each.closed and each.idle_since > oldest]
            for connection in set(origin.idle) - set(kept):
                self._open.discard(connection)
                connection.abort()
            origin.idle = kept
        waits = any(origin.idle for origin in self._origins.values())
        self._sweeper = loop.call_later(IDLE_SECONDS / 2, self._sweep) if waits else None


class Upstream:
    """One request at a provider and its answer."""

    __slots__ = (
        "_connection",
        "_deadlines",
        "_due",
        "_interrupted",
        "_loop",
        "_lost",
        "_origin",
        "_parts",
        "_request",
        "_transport",
    )

    def __init__(
        self,
        transport: Transport,
        origin: _Origin,
        request: bytes,
        deadlines: Deadlines,
        lost: Fault | None = None,
    ) -> None:
        self._transport = transport
        self._origin = origin
        self._request = request
        self._deadlines = deadlines
        self._lost = lost
        self._connection: Connection | None = None
        self._interrupted: Exception | None = None
        self._parts: list[bytes] | None = None
        self._loop = origin.loop
        self._due = self._loop.time() + deadlines.total

    @property
    def sent(self) -> bool:
        """Tell whether the request has left."""
        return self._connection is not None

    @property
    def status(self) -> int:
        """The status of the answer; 0 before it came."""
        return 0 if self._connection is None else self._connection.status

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of the answer, names in lower case."""
        return [] if self._connection is None else self._connection.headers

    def header(self, name: bytes) -> bytes | None:
        """Return one header of the answer."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    async def head(self, seconds: float = inf) -> None:
        """Send the request and wait for the answer's head; it and a first token have `seconds`."""
        kept = self._transport.take(self._origin)
        begun = self._loop.time()
        try:
            connection = kept or await self._connect()
            self._send(connection, seconds)
            await connection.head()
        except Unreachable:
            # RFC 9112, section 9.3.1: a kept connection may have been closed while our request
            # was on its way; then it was not looked at, and goes once more on a new connection.
            late = self._loop.time() - begun > STALE_SECONDS
            stale = kept is not None and kept.untouched and not late
            if not stale and self._lost is None:
                raise
            await self._again(seconds)
        # It will not be sent again, and a stream may last.
        self._request = b""

    async def _again(self, seconds: float) -> None:
        """Make the call once more."""
        try:
            connection = await self._connect()
            self._send(connection, seconds)
            await connection.head()
        except Unreachable as error:
            if self._lost is None:
                raise
            raise self._lost() from error

    async def chunk(self) -> bytes | None:
        """Wait for the next part of the answer; None after the last."""
        assert self._connection is not None
        return await self._connection.chunk()

    async def body(self, limit: int) -> bytes:
        """Read the whole answer, at most `limit` bytes."""
        assert self._connection is not None
        content = self._connection.whole()
        if content is not None and len(content) <= limit:
            return content
        parts, size = [content or b""], len(content or b"")
        self._parts = parts
        while size <= limit:
            chunk = await self._connection.chunk()
            if chunk is None:
                return b"".join(parts)
            parts.append(chunk)
            size += len(chunk)
        raise Malformed("The provider's answer is too large.")

    def received(self) -> bytes:
        """Return what came of a body that has not come whole."""
        return b"".join(self._parts or ())

    def within(self, seconds: float, late: Fault) -> None:
        """Let the request fail unless this is called again in time; the total stays."""
        assert self._connection is not None
        due = self._loop.time() + seconds
        self._connection.expect(*((due, late) if due < self._due else (self._due, TimedOut)))

    def interrupt(self, error: Exception) -> None:
        """Drop the request; whoever waits for it gets this error."""
        self._interrupted = error
        if self._connection is not None:
            self._connection.fail(error)

    def close(self) -> None:
        """Give the connection back; an answer that was not read to its end is cancelled."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._transport.give(self._origin, connection)

    async def _connect(self) -> Connection:
        seconds = min(self._deadlines.connect, self._due - self._loop.time())
        return await self._transport.connect(self._origin, seconds)

    def _send(self, connection: Connection, seconds: float) -> None:
        if self._connection is not None:
            self.close()
        self._connection = connection
        if self._interrupted is not None:
            raise self._interrupted
        connection.start(self._request)
        self.within(seconds, TimedOut)

    async def __aenter__(self) -> Self:
        """Be closed at the end of a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        self.close()


@lru_cache(maxsize=4096)
def _prepare(
    url: str, headers: tuple[tuple[str, str], ...], networks: tuple[str, ...], method: str
) -> tuple[_Address, bytes]:
    """Write what is the same in the head of every call to a target."""
    parts = urlsplit(url)
    host, secure = parts.hostname, parts.scheme == "https"
    if host is None or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise AddressRefused("The provider's URL is not a plain http or https address.")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"{method} {path} HTTP/1.1",
        f"host: {parts.netloc}",
        *(f"{name}: {value}" for name, value in headers),
        "accept-encoding: identity",
        "",
    ]
    if not _CONTROL.isdisjoint("".join(lines)):
        raise Refused("The credential that is configured has control characters in it.")
    try:
        head = "\r\n".join(lines).encode("latin-1")
    except UnicodeEncodeError as error:
        raise Refused("The credential that is configured is not plain text.") from error
    return _Address(secure, host, parts.port or (443 if secure else 80), networks), head


def _lines(headers: tuple[tuple[str, str], ...]) -> bytes:
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("ascii")


def _plain(content_type: str) -> bytes:
    """Write what a body is, as far as it can stand in a head."""
    if not _CONTROL.isdisjoint(content_type):
        raise Rejected("The content type has control characters in it.", code="invalid_request")
    return content_type.encode("latin-1", "replace")

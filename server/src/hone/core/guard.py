"""The limits of a server, the watch over its connections, and the headers of every answer."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from hone.core import safe_headers
from hone.core.settings import Server

_LONGEST_TICK = 0.5
_UPLOADS = b"/v1/files"
_DATASETS, _IMPORT = b"/api/datasets/", b"/import"
_FORM = 64 << 10
"""What a form has beside its file."""


class Watched(Protocol):
    """A connection that is looked after."""

    loop: asyncio.AbstractEventLoop

    def excuse(self, seconds: float) -> None:
        """Give the client the time in which nobody looked."""
        ...

    def look(self, now: float) -> None:
        """End what takes too long."""
        ...


class Guard:
    """The limits of a server and the watch over its connections.

    One timer looks at all of them, and only while there are any: a timer for each request would
    cost more than everything else here.
    """

    def __init__(self, server: Server, refused: Callable[[str], None] | None = None) -> None:
        self.max_head = server.max_header_bytes
        self.max_body = server.max_body_bytes
        self.max_upload = server.max_upload_bytes + _FORM
        self.head_timeout = server.header_timeout
        self.body_timeout = server.body_timeout
        self.lines = safe_headers.lines(https=server.scheme == "https")
        self.refused = refused
        self._tick = min(_LONGEST_TICK, self.head_timeout / 4, self.body_timeout / 4)
        self._open: set[Watched] = set()
        self._due: float | None = None
        self._told: list[tuple[bytes, bytes]] = []
        self._told_lines = self.lines

    def lines_with(self, told: list[tuple[bytes, bytes]]) -> bytes:
        """Write the headers of every answer; uvicorn's, such as the date, change once a second."""
        if told is not self._told:
            written = b"".join(b"%b: %b\r\n" % header for header in told)
            self._told, self._told_lines = told, written + self.lines
        return self._told_lines

    def most(self, url: bytes) -> int:
        """Tell how large the body of a request may be: a file is larger than a call."""
        path = url.partition(b"?")[0]
        is_file = path == _UPLOADS or (path.startswith(_DATASETS) and path.endswith(_IMPORT))
        return self.max_upload if is_file else self.max_body

    def watch(self, connection: Watched) -> None:
        """Look after a connection from now on."""
        self._open.add(connection)
        if self._due is None:
            self._plan(connection.loop)

    def forget(self, connection: Watched) -> None:
        """Stop looking after a connection."""
        self._open.discard(connection)

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = loop.time() + self._tick
        loop.call_at(self._due, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        late = now - (self._due or now)
        for connection in list(self._open):
            # After a blocked loop what clients have sent meanwhile is still to be read.
            if late > self._tick:
                connection.excuse(late)
            connection.look(now)
        self._due = None
        if self._open:
            self._plan(loop)

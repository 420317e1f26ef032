"""A provider that streams: a first event at once, the others soon after or at a steady pace.

Run as a script with the port to listen on. A request whose body names the model `slow` gets an
event each half second, any other gets the rest after 5 ms. It speaks just enough HTTP/1.1 for that.
"""

import asyncio
import sys
from typing import cast

import uvloop

EVENTS = 20
PAUSE = 0.5
SOON = 0.005

_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_EVENT = (
    b'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,'
    b'"model":"bench","choices":[{"index":0,"delta":%b,"finish_reason":%b}]}\n\n'
)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


FIRST = _chunk(_EVENT % (b'{"role":"assistant","content":"The "}', b"null"))
NEXT = _chunk(_EVENT % (b'{"content":"garden room "}', b"null"))
LAST = _chunk(_EVENT % (b"{}", b'"stop"')) + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Provider(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer once the whole request is there."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        if b"transfer-encoding: chunked" in head.lower():
            if not body.endswith(b"0\r\n\r\n"):
                return
        elif len(body) < _length(head):
            return
        self._received = b""
        if b'"slow"' in body:
            self._write(_HEAD + FIRST)
            asyncio.get_running_loop().call_later(PAUSE, self._go_on, EVENTS - 2)
        else:
            self._write(_HEAD + FIRST)
            rest = NEXT * (EVENTS - 2) + LAST
            asyncio.get_running_loop().call_later(SOON, self._write, rest)

    def _go_on(self, left: int) -> None:
        if left:
            self._write(NEXT)
            asyncio.get_running_loop().call_later(PAUSE, self._go_on, left - 1)
        else:
            self._write(LAST)

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.write(data)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    return 0


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Provider, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))

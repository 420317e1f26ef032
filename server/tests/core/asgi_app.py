"""A small ASGI application and the process that serves it."""

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized

from starlette.types import Message, Receive, Scope, Send

from hone.core import edge
from hone.core.asgi_server import serve
from hone.core.listening import listen
from hone.core.settings import Server, Settings

SPAWN = multiprocessing.get_context("spawn")


Start = tuple[tuple[bytes, bytes], ...]

WRONG: dict[str, tuple[Start | None, tuple[bytes, ...]]] = {
    "/split": (((b"x-good", b"1\r\nx-evil: 1"),), (b"hello",)),
    "/name": (((b"x-evil: 1\r\nx-good", b"1"),), (b"hello",)),
    "/nothing": (None, ()),
    "/short": (((b"content-length", b"9"),), (b"hello",)),
    "/long": (((b"content-length", b"4"),), (b"hello",)),
    "/open": ((), (b"one", b"two")),
}
"""Headers and parts that are sent as they stand: most of them are wrong."""


class App:
    """Answers by path; `/release` lets go what `/hold` and `/stream` hold, and of what breaks."""

    def __init__(self) -> None:
        self._released = asyncio.Event()
        self.lifespan: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._echo_messages(receive, send)
        elif scope["path"] == "/stream":
            await self._stream(send)
        elif scope["path"] in WRONG:
            await _answer_as_told(send, *WRONG[scope["path"]])
        else:
            await _answer(send, await self._body(scope, receive))

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        match scope["path"]:
            case "/hold":
                await self._released.wait()
                return await _read(receive)
            case "/release":
                self._released.set()
                self._released = asyncio.Event()
                return b"released"
            case "/echo":
                return await _read(receive)
            case "/headers":
                await _read(receive)
                return b"\n".join(name + b": " + value for name, value in scope["headers"])
            case "/raise":
                raise ConnectionError("the application does not work")
            case path if path.startswith("/where"):
                return path.encode() + b"?" + scope["query_string"]
            case "/origin":
                return f"{scope['client'][0]} {scope['scheme']}".encode()
            case _:
                return b"hello"

    async def _stream(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await self._released.wait()
        await send({"type": "http.response.body", "body": b"last"})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if self.lifespan == ["refuse"]:
            await send({"type": "lifespan.startup.failed", "message": "no"})
            return
        await send({"type": "lifespan.startup.complete"})
        if self.lifespan == ["break"]:
            await self._released.wait()
            raise ConnectionError("the background work has ended")
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _echo_messages(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})


async def _read(receive: Receive) -> bytes:
    body = b""
    more = True
    while more:
        message: Message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer_as_told(send: Send, headers: Start | None, parts: tuple[bytes, ...]) -> None:
    if headers is None:
        return
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for part in parts:
        more = part is not parts[-1]
        await send({"type": "http.response.body", "body": part, "more_body": more})


@dataclass
class Served:
    """A running server."""

    address: tuple[str, int]
    process: BaseProcess
    news: Connection
    """Receives `ready`, and the code of each refusal."""
    beats: "Synchronized[int]"
    """Counts the signs of life."""

    def end(self) -> int | None:
        """Send SIGTERM and return the exit code."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGTERM)
        self.process.join(20)
        return self.process.exitcode


def run(
    sock: socket.socket,
    settings: Settings,
    news: Connection,
    beats: "Synchronized[int]",
    lifespan: list[str],
) -> None:
    """Serve in this process, and end it with the code of `serve`."""

    def beat() -> None:
        beats.value += 1

    def ready() -> None:
        news.send("ready")

    served = App()
    served.lifespan = lifespan
    # Most tests here name the host as they like.
    known = edge.known_hosts(served, settings.server) if settings.server.allowed_hosts else served
    app = edge.stand_before(known, settings.server)
    raise SystemExit(serve(app, sock, settings, on_ready=ready, beat=beat, refused=news.send))


def start(sock: socket.socket, server: Server, lifespan: list[str] | None = None) -> Served:
    """Serve on a socket in a new process, and wait until it is ready or dead."""
    here, there = SPAWN.Pipe()
    beats = SPAWN.Value("Q", 0)
    arguments = (sock, Settings(server=server), there, beats, lifespan or [])
    process = SPAWN.Process(target=run, args=arguments)
    process.start()
    there.close()
    try:
        assert here.recv() == "ready"
    except EOFError:
        process.join()
    return Served(sock.getsockname(), process, here, beats)


@contextmanager
def serving(server: Server) -> Generator[Served]:
    """Serve in a new process for a while."""
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, server)
    try:
        yield served
    finally:
        served.process.terminate()
        served.process.join(10)
        served.process.kill()
        served.process.join()

"""Serving one ASGI application in this process, on a socket that the parent opened."""

import asyncio
import contextlib
import functools
import math
import signal
import socket
from collections.abc import Callable, Generator
from typing import cast

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from hone.core.guard import Guard
from hone.core.protocol import GuardedProtocol
from hone.core.settings import Settings
from hone.core.tls import Certificate

_KEEP_ALIVE = 75
_BACKLOG = 2048
_LARGEST_MESSAGE = 1 << 20
_PULSE = 0.5
LOST = 4
"""The exit code of a process whose application failed while it was being served."""


class _Server(uvicorn.Server):
    """uvicorn's server, with a pulse, and with an end by SIGTERM that is no failure."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        beat: Callable[[], None] | None,
        certificate: Certificate | None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._beat = beat
        self._certificate = certificate

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._pulse()
        self._on_ready()

    def _pulse(self) -> None:
        """Beat as long as the loop turns, also while the last requests are being finished.

        An application whose lifespan failed has lost what it runs in the background, and must not
        go on as if it had not: the process ends, and whoever watches it starts a new one.
        """
        if self.lost:
            self.should_exit = True
        if self._beat is not None:
            self._beat()
        if self._certificate is not None:
            self._certificate.renew()
        asyncio.get_running_loop().call_later(_PULSE, self._pulse)

    @property
    def lost(self) -> bool:
        """Tell whether the application's lifespan failed after the start."""
        return self.lifespan.error_occurred

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on a signal; uvicorn would raise it again in the end and never return."""
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    app: ASGIApp,
    sock: socket.socket,
    settings: Settings,
    *,
    on_ready: Callable[[], None],
    beat: Callable[[], None] | None = None,
    refused: Callable[[str], None] | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT, finish what is open, and return the process's exit code.

    It runs in the main thread, for it takes these signals.

    `on_ready` is called once when requests are taken, `beat` from then on at least once a second
    while the event loop turns, `refused` with the code of each request that the protocol refuses.
    """
    guard = Guard(settings.server, refused)
    protocol = functools.partial(GuardedProtocol, guard=guard)
    config = uvicorn.Config(
        app,
        # It is only ever called, never subclassed.
        http=cast("type[asyncio.Protocol]", protocol),
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
        interface="asgi3",
        lifespan="on",
        workers=1,
        backlog=_BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=math.ceil(settings.server.shutdown_timeout),
    )
    certificate = Certificate.open(settings.server)
    if certificate is not None:
        config.load()
        config.ssl = certificate.context
    server = _Server(config, on_ready, beat, certificate)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(server.serve(sockets=[sock]))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else STARTUP_FAILURE
    return LOST if server.lost else 0

"""Serves a simulator with uvicorn on one socket, in one process."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hone.simulator.application import create_simulator
from hone.simulator.config import SimulatorConfig
from hone.simulator.exchange import CONNECTION

GRACE_SECONDS = 1.0
"""How long running answers may go on after the order to stop."""

KEEP_ALIVE_SECONDS = 120

Ready = Callable[[int], None]


async def serve(
    config: SimulatorConfig, host: str = "127.0.0.1", port: int = 0, ready: Ready | None = None
) -> None:
    """Serve until cancelled; `ready` gets the port once connections are accepted."""
    with _listen(host, port) as listener:
        server = _Server(config, ready)
        try:
            await server.serve([listener])
        except asyncio.CancelledError:
            if server.started:
                await server.shutdown()
            raise


def run(
    config: SimulatorConfig, host: str = "127.0.0.1", port: int = 0, ready: Ready | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then return."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signalled(config, host, port, ready))


async def _until_signalled(
    config: SimulatorConfig, host: str, port: int, ready: Ready | None
) -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serve(config, host, port, ready)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


class _Protocol(HttpToolsProtocol):
    """Lets the application close a connection in the middle of an answer."""

    def on_message_begin(self) -> None:
        """Put the connection into the scope's state."""
        super().on_message_begin()
        self.scope["state"][CONNECTION] = self.transport  # pyright: ignore[reportTypedDictNotRequiredAccess]


class _Server(uvicorn.Server):
    """Leaves signals to the process and hangs up on those who would keep it from ending."""

    def __init__(self, config: SimulatorConfig, ready: Ready | None) -> None:
        super().__init__(
            uvicorn.Config(
                create_simulator(config),
                http=_Protocol,
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take no signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the port."""
        await super().startup(sockets)
        if self._ready is not None and sockets:
            self._ready(sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give running answers a moment, then hang up."""
        loop = asyncio.get_running_loop()
        for connection in self.server_state.connections:
            loop.call_later(GRACE_SECONDS, connection.transport.abort)
        await super().shutdown(sockets)

"""`hone up`, `hone serve` and `hone work`: the processes and the order in which they start."""

import asyncio
import mmap
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, cast

import typer
import uvloop

from hone.app import serve_app
from hone.cli import demo, options, output, places
from hone.core import counters, telemetry
from hone.core.instance import InstanceLock
from hone.core.listening import listen
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings
from hone.core.supervisor import Program, Supervisor
from hone.core.tls import Certificate
from hone.serving import run_drain
from hone.worker import work as run_worker

Host = Annotated[str | None, typer.Option(help="Address to listen on (HONE_SERVER__HOST).")]
Port = Annotated[int | None, typer.Option(help="Port to listen on (HONE_SERVER__PORT).")]
Workers = Annotated[
    int | None, typer.Option(help="Server processes (HONE_SERVER__WORKERS).", min=1)
]


@output.guarded
def up(
    port: Port = None,
    host: Host = None,
    workers: Workers = None,
    data_dir: options.DataDir = None,
    config: Annotated[
        Path | None, typer.Option(help="Apply this file of providers, models and routes.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--demo", help="Fill in a demo organization with a simulated provider.")
    ] = False,
) -> None:
    """Run everything on this machine: database, server, drain and worker."""
    started = time.monotonic()
    settings = options.settings(data_dir, server={"host": host, "port": port, "workers": workers})
    telemetry.configure(settings.telemetry, "up")
    with InstanceLock(settings.data_dir) as lock:
        plan = _Plan(settings, started, lock.fd)
        if show:
            plan.demonstrate()
        raise typer.Exit(plan.everything(config))


@output.guarded
def serve(
    port: Port = None,
    host: Host = None,
    workers: Workers = None,
    data_dir: options.DataDir = None,
) -> None:
    """Run the server and its drain beside a database of your own; start as many as you need."""
    started = time.monotonic()
    settings = options.settings(data_dir, server={"host": host, "port": port, "workers": workers})
    _require_database(settings)
    telemetry.configure(settings.telemetry, "serve")
    with InstanceLock(settings.data_dir) as lock:
        raise typer.Exit(_Plan(settings, started, lock.fd).server_only())


@output.guarded
def work(data_dir: options.DataDir = None) -> None:
    """Run background jobs beside a database of your own; start as many as you need."""
    # It keeps nothing in the data directory, so it takes no lock: it may share that of a server.
    settings = options.settings(data_dir)
    _require_database(settings)
    telemetry.configure(settings.telemetry, "work")
    raise typer.Exit(_Plan(settings, time.monotonic(), None).worker_only())


class _Plan:
    """What the supervisor is to run."""

    def __init__(self, settings: Settings, started: float, lock: int | None) -> None:
        self._settings = settings
        self._started = started
        self._lock = lock
        self._postgres: EmbeddedPostgres | None = None
        self._demo: demo.Demo | None = None
        self._console = False
        """Whoever reads what is printed here has started it, and may be told of links."""
        self._announced = mmap.mmap(-1, 1)
        """Shared with the children: a server that is started again has nothing new to say."""

    def demonstrate(self) -> None:
        self._demo = demo.Demo.prepare(self._settings)
        self._settings = self._demo.settings

    def everything(self, config: Path | None) -> int:
        settings = self._settings
        self._console = True
        if settings.database.url is None:
            inherit = [] if self._lock is None else [self._lock]
            self._postgres = EmbeddedPostgres(
                settings.data_dir, user=settings.database.user, inherit=inherit
            )
        supervisor = Supervisor(self._postgres)
        supervisor.add_task("prepare", self._quietly("hone.cli.start:prepare"))
        if config is not None:
            supervisor.add_task("apply", self._quietly("hone.cli.declare:declare", config))
        address = self._add_server(supervisor)
        self._add_worker(supervisor)
        if self._demo is not None:
            self._demo.add_to(supervisor, self._quietly, address)
        return supervisor.run()

    def server_only(self) -> int:
        supervisor = Supervisor()
        supervisor.add_task("look", self._quietly("hone.cli.start:look"))
        self._add_server(supervisor)
        return supervisor.run()

    def worker_only(self) -> int:
        supervisor = Supervisor()
        supervisor.add_task("look", self._quietly("hone.cli.start:look"))
        self._add_worker(supervisor)
        return supervisor.run()

    def _add_server(self, supervisor: Supervisor) -> str:
        settings = self._settings
        # Whoever counted here has ended: the instance lock is ours.
        counters.clear(settings.data_dir / "metrics")
        # What cannot be used is told before anything starts.
        Certificate.open(settings.server)
        opened = listen(settings.server.host, settings.server.port)
        address = _address(opened, settings.server.scheme)
        if settings.server.public_url is None:
            server = settings.server.model_copy(update={"public_url": address})
            self._settings = settings.model_copy(update={"server": server})

        def drain_target(_: int) -> int:
            telemetry.configure(settings.telemetry, "drain")
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(run_drain(self._connected(), supervisor.beat))
            return 0

        def server_target(slot: int) -> int:
            telemetry.configure(settings.telemetry, f"server {slot}")
            return serve_app(
                self._connected(),
                opened,
                slot,
                supervisor.beat,
                lambda: self._announce(address),
                console=self._console,
            )

        grace = settings.server.shutdown_timeout + 5
        supervisor.add(Program("drain", drain_target, grace=30.0))
        supervisor.add(Program("server", server_target, count=settings.server.workers, grace=grace))
        return address

    def _add_worker(self, supervisor: Supervisor) -> None:
        def worker_target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "worker")
            asyncio.run(run_worker(self._connected(), supervisor.beat))
            return 0

        supervisor.add(Program("worker", worker_target, grace=15.0))

    def _connected(self) -> Settings:
        """Fill in the embedded database's addresses, known once it has started."""
        if self._postgres is None:
            return self._settings
        return self._settings.connected(self._postgres.app_url, self._postgres.owner_url)

    def _quietly(self, place: str, *arguments: object) -> Callable[[int], int]:
        """Run a task that says itself what went wrong.

        It is imported in its own process: those that stay have no use for what it needs.
        """

        def target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "start")
            task = cast("Callable[..., None]", places.find(place))
            return output.exit_code(lambda: task(self._connected(), *arguments))

        return target

    def _announce(self, address: str) -> None:
        """Say that the first server process takes requests."""
        if self._announced[0]:
            return
        self._announced[0] = 1
        took = time.monotonic() - self._started
        typer.echo(f"Hone is ready at {address} (pid {os.getppid()}, {took:.1f} s)")
        sys.stdout.flush()


def _require_database(settings: Settings) -> None:
    """Raise `SettingMissing` before anything starts."""
    _ = settings.app_url, settings.owner_url


def _address(opened: socket.socket, scheme: str) -> str:
    host, port = opened.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{'127.0.0.1' if shown in {'0.0.0.0', '[::]'} else shown}:{port}"

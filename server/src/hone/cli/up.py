"""`hone up`, `hone serve` and `hone work`: the processes and the order in which they start."""

import asyncio
import contextlib
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

from hone.app import prepare, serve_app
from hone.cli import demo, options, output, places
from hone.core import allocator, counters, interpreter, telemetry
from hone.core.db import relate_tables
from hone.core.errors import AppError
from hone.core.instance import InstanceLock
from hone.core.listening import listen
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings
from hone.core.supervisor import Program, Supervisor
from hone.core.tls import Certificate
from hone.serving import run_drain, run_predictor
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
def predict(
    port: Annotated[
        int | None, typer.Option(help="Port to listen on (HONE_PREDICTOR__PORT).")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (HONE_PREDICTOR__HOST).")
    ] = None,
    data_dir: options.DataDir = None,
) -> None:
    """Serve trained models beside a database of your own; start as many as you need."""
    settings = options.settings(data_dir, predictor={"host": host, "port": port})
    _require_database(settings)
    telemetry.configure(settings.telemetry, "predict")
    interpreter.find(settings)
    raise typer.Exit(_Plan(settings, time.monotonic(), None).predictor_only())


@output.guarded
def work(data_dir: options.DataDir = None) -> None:
    """Run background jobs beside a database of your own; start as many as you need."""
    # All that it keeps in the data directory is its own lane of the spool: it may share a server's.
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
        self._add_predictor_of_our_own(supervisor)
        address = self._add_server(supervisor)
        self._add_worker(supervisor)
        if self._demo is not None:
            self._demo.add_to(supervisor, self._quietly, address)
        return _run(supervisor)

    def server_only(self) -> int:
        supervisor = Supervisor()
        supervisor.add_task("look", self._quietly("hone.cli.start:look"))
        self._add_server(supervisor)
        return _run(supervisor)

    def worker_only(self) -> int:
        supervisor = Supervisor()
        supervisor.add_task("look", self._quietly("hone.cli.start:look"))
        # The calls of its batches lie in its spool; beside a server, that one's drain has them.
        self._add_drain(supervisor)
        self._add_worker(supervisor)
        return _run(supervisor)

    def predictor_only(self) -> int:
        supervisor = Supervisor()
        supervisor.add_task("look", self._quietly("hone.cli.start:look"))
        predictor = self._settings.predictor
        address = self._add_predictor(supervisor, predictor.host, predictor.port)
        typer.echo(f"Trained models are served at {address} (pid {os.getpid()})")
        return _run(supervisor)

    def _add_predictor_of_our_own(self, supervisor: Supervisor) -> None:
        """Serve trained models here, unless they are served elsewhere or nothing could serve them."""
        with contextlib.suppress(AppError):
            if self._settings.predictor.url is None and interpreter.find(self._settings):
                url = self._add_predictor(supervisor, "127.0.0.1", 0)
                predictor = self._settings.predictor.model_copy(update={"url": url})
                self._settings = self._settings.model_copy(update={"predictor": predictor})

    def _add_predictor(self, supervisor: Supervisor, host: str, port: int) -> str:
        opened = listen(host, port)

        def predictor_target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "predictor")
            asyncio.run(run_predictor(self._connected(), opened, supervisor.beat))
            return 0

        # Before the servers, so that it ends after them.
        supervisor.add(Program("predictor", predictor_target, grace=20.0))
        return _address(opened, "http")

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
        self._add_drain(supervisor)
        prepare()
        supervisor.add(Program("server", server_target, count=settings.server.workers, grace=grace))
        return address

    def _add_drain(self, supervisor: Supervisor) -> None:
        def drain_target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "drain")
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(run_drain(self._connected(), supervisor.beat))
            return 0

        supervisor.add(Program("drain", drain_target, grace=30.0))

    def _add_worker(self, supervisor: Supervisor) -> None:
        def worker_target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "worker")
            allocator.give_back_early()
            asyncio.run(run_worker(self._connected(), supervisor.beat))
            return 0

        supervisor.add(Program("worker", worker_target, grace=25.0))

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


def _run(supervisor: Supervisor) -> int:
    """Run what was planned; what every process needs is made once, before they are forked, and shared."""
    relate_tables()
    return supervisor.run()


def _require_database(settings: Settings) -> None:
    """Raise `SettingMissing` before anything starts."""
    _ = settings.app_url, settings.owner_url


def _address(opened: socket.socket, scheme: str) -> str:
    host, port = opened.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{'127.0.0.1' if shown in {'0.0.0.0', '[::]'} else shown}:{port}"

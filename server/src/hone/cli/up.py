"""`hone up`, `hone serve` and `hone work`: the processes and the order in which they start."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from hone.app import serve_app
from hone.cli import demo, output
from hone.cli.bootstrap import bootstrap, declare
from hone.core import keyring, migrations, telemetry
from hone.core.instance import InstanceLock
from hone.core.listening import listen
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings
from hone.core.supervisor import Program, Supervisor
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
    data_dir: output.DataDir = None,
    config: Annotated[
        Path | None, typer.Option(help="Apply this file of providers, models and routes.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--demo", help="Fill in a demo organization with a simulated provider.")
    ] = False,
) -> None:
    """Run everything on this machine: database, server, drain and worker."""
    started = time.monotonic()
    settings = output.settings(data_dir, server={"host": host, "port": port, "workers": workers})
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
    data_dir: output.DataDir = None,
) -> None:
    """Run the server and its drain beside a database of your own; start as many as you need."""
    started = time.monotonic()
    settings = output.settings(data_dir, server={"host": host, "port": port, "workers": workers})
    telemetry.configure(settings.telemetry, "serve")
    with InstanceLock(settings.data_dir) as lock:
        raise typer.Exit(_Plan(settings, started, lock.fd).server_only())


@output.guarded
def work(data_dir: output.DataDir = None) -> None:
    """Run background jobs beside a database of your own; start as many as you need."""
    settings = output.settings(data_dir)
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

    def demonstrate(self) -> None:
        self._demo = demo.Demo.prepare(self._settings)
        self._settings = self._demo.settings

    def everything(self, config: Path | None) -> int:
        settings = self._settings
        if settings.database.url is None:
            inherit = [] if self._lock is None else [self._lock]
            self._postgres = EmbeddedPostgres(
                settings.data_dir, user=settings.database.user, inherit=inherit
            )
        keyring.load(settings)
        supervisor = Supervisor(self._postgres)
        supervisor.add_task("migrate", self._quietly(_migrate))
        supervisor.add_task("bootstrap", self._quietly(bootstrap))
        if config is not None:
            supervisor.add_task("apply", self._quietly(lambda made: declare(made, config)))
        address = self._add_server(supervisor)
        self._add_worker(supervisor)
        if self._demo is not None:
            self._demo.add_to(supervisor, self._quietly, address)
        return supervisor.run()

    def server_only(self) -> int:
        supervisor = Supervisor()
        self._add_server(supervisor)
        return supervisor.run()

    def worker_only(self) -> int:
        supervisor = Supervisor()
        self._add_worker(supervisor)
        return supervisor.run()

    def _add_server(self, supervisor: Supervisor) -> str:
        settings = self._settings
        opened = listen(settings.server.host, settings.server.port)
        address = _address(opened)

        def drain_target(_: int) -> int:
            telemetry.configure(settings.telemetry, "drain")
            asyncio.run(run_drain(self._connected(), supervisor.beat))
            return 0

        def server_target(slot: int) -> int:
            telemetry.configure(settings.telemetry, f"server {slot}")
            ready = self._announce(address) if slot == 0 else _silently
            return serve_app(self._connected(), opened, slot, supervisor.beat, ready)

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

    def _quietly(self, task: Callable[[Settings], None]) -> Callable[[int], int]:
        """Run a task that says itself what went wrong."""

        def target(_: int) -> int:
            telemetry.configure(self._settings.telemetry, "start")
            return output.exit_code(lambda: task(self._connected()))

        return target

    def _announce(self, address: str) -> Callable[[], None]:
        def ready() -> None:
            took = time.monotonic() - self._started
            typer.echo(f"Hone is ready at {address} (pid {os.getppid()}, {took:.1f} s)")
            sys.stdout.flush()

        return ready


def _migrate(settings: Settings) -> None:
    for revision in migrations.upgrade(settings.owner_url):
        typer.echo(f"database: applied migration {revision}")


def _silently() -> None:
    pass


def _address(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'127.0.0.1' if shown in {'0.0.0.0', '[::]'} else shown}:{port}"

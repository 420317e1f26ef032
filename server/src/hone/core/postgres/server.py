"""The embedded PostgreSQL as a child process."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import psycopg

from hone.core import launcher
from hone.core.errors import AppError
from hone.core.postgres import credentials, predecessor, programs, roles
from hone.core.postgres.cluster import Cluster
from hone.core.postgres.credentials import APP, OWNER, SUPERUSER, CredentialsMissing

_LOG_LIMIT = 8 << 20
_LOG_TAIL = 4096
_PREDECESSOR_SECONDS = 30.0


class DatabaseNotStarted(AppError):
    """The embedded PostgreSQL did not start."""

    code = "database_not_started"


class EmbeddedPostgres:
    """A PostgreSQL server that lives in the data directory and ends with this process.

    Start it from the main thread: the kernel ties the child to the thread that started it.
    `inherit` are descriptors its processes keep open, such as the instance lock's.
    """

    def __init__(
        self, data_dir: Path, *, user: str | None = None, inherit: Sequence[int] = ()
    ) -> None:
        self._cluster = Cluster(data_dir, user)
        self._inherit = tuple(inherit)
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._ready = False

    @property
    def app_url(self) -> str:
        """Return the URL of the restricted role, which row-level security binds."""
        return self._url(APP)

    @property
    def owner_url(self) -> str:
        """Return the URL of the role that owns the schema."""
        return self._url(OWNER)

    @property
    def superuser_url(self) -> str:
        """Return the URL of the superuser, for backups and tests."""
        return self._url(SUPERUSER)

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the server's socket."""
        return self._cluster.socket_folder

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self._cluster.log

    @property
    def pid(self) -> int | None:
        """Return the pid of the server that this process started, dead or alive."""
        return self._process.pid if self._process else None

    def bin(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, such as pg_dump."""
        return programs.installation() / "bin" / name

    def start(self, within: float = 60.0) -> None:
        """Start the server, initialised when it is new, and wait until it is ready."""
        self.launch()
        deadline = time.monotonic() + within
        while not self.ready():
            if time.monotonic() >= deadline:
                self.stop()
                raise self._failure(f"was not ready within {within:g} s")
            time.sleep(0.01)

    def launch(self) -> None:
        """Start the server without waiting for it; `ready` says when it is."""
        if self._process and self.poll() is None:
            return
        self._ready = False
        self._cluster.prepare()
        try:
            predecessor.await_end(self._cluster.data, self.socket_folder, _PREDECESSOR_SECONDS)
        except predecessor.StillRunning as running:
            raise DatabaseNotStarted(
                f"PostgreSQL of an earlier start (pid {running.pid}) still uses "
                f"{self._cluster.data}. Wait for it to end, or stop it."
            ) from running
        arguments = ["-D", str(self._cluster.data), "-c", f"config_file={self._configuration}"]
        with self._open_log() as log:
            self._process = subprocess.Popen(
                launcher.command(
                    self._cluster.program("postgres"),
                    arguments,
                    death_signal=signal.SIGINT,
                    user=self._cluster.user,
                ),
                cwd="/",
                env=self._cluster.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self._inherit,
            )

    def ready(self) -> bool:
        """Say whether the server answers; the first time it does, set up roles and database."""
        if self._ready:
            return True
        code = self.poll()
        if code is not None:
            raise self._failure(f"ended with code {code}")
        try:
            self._provision()
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                return False
            self.halt()
            raise CredentialsMissing(
                f"{self._cluster.credentials} does not fit the database; put the one back that "
                "belongs to it."
            ) from error
        self._ready = True
        return True

    def poll(self) -> int | None:
        """Return the exit code of the server, or None while it runs."""
        return self._process.poll() if self._process else None

    def signal(self, number: int) -> None:
        """Send the server a signal: SIGINT ends it fast, SIGQUIT at once (manual, section 18.5)."""
        if self._process:
            self._process.send_signal(number)

    def stop(self) -> None:
        """Stop the server and tidy up."""
        self.halt()
        self._cluster.close()

    def halt(self, within: float = 20.0) -> None:
        """Stop the server: fast, at once after `within` seconds; its URLs stay valid."""
        if self._process and self.poll() is None:
            for number, patience in ((signal.SIGINT, within), (signal.SIGQUIT, 5.0)):
                self.signal(number)
                try:
                    self._process.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                self._process.kill()
                self._process.wait()

    def _provision(self) -> None:
        with self._connect("postgres") as connection:
            roles.ensure_roles(
                connection, lambda role: credentials.password(self._cluster.credentials, role)
            )
        with self._connect(credentials.DATABASE) as connection:
            roles.ensure_schema(connection)

    def _connect(self, database: str) -> psycopg.Connection:
        url = self._url(SUPERUSER, database)
        patience = "-c statement_timeout=10s"
        return psycopg.connect(url, autocommit=True, connect_timeout=5, options=patience)

    @property
    def _configuration(self) -> Path:
        return self._cluster.configuration

    def _url(self, role: str, database: str = credentials.DATABASE) -> str:
        return credentials.url(self._cluster.credentials, role, self.socket_folder, database)

    def _open_log(self) -> BinaryIO:
        log = self._cluster.log
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._log_start = os.fstat(opened).st_size
        return os.fdopen(opened, "ab")

    def _failure(self, what: str) -> DatabaseNotStarted:
        log = self._cluster.log
        with log.open("rb") as file:
            file.seek(max(self._log_start, log.stat().st_size - _LOG_TAIL))
            tail = file.read().decode(errors="replace").strip()
        return DatabaseNotStarted(f"PostgreSQL {what}. The end of {log}:\n{tail}")

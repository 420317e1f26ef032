"""Keep a predictor: fetch what is live, tell the trainer's server, start it again when it dies.

The predictor is a program of the trainer's environment. It has no database and no storage: this process
follows both, lays the files of live versions into a folder, each one verified, and tells it what to serve
over its standard input. The socket is ours, so calls wait in its backlog while a new one starts.
"""

import asyncio
import contextlib
import json
import logging
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from hone import versions
from hone.core import interpreter, launcher
from hone.core import keyring as keyrings
from hone.core.blobs import Blobs
from hone.core.connection import connect
from hone.core.db import Database
from hone.core.errors import AppError
from hone.core.settings import Settings, environment
from hone.core.supervisor import Backoff
from hone.serving.house import secrets
from hone.serving.predictor import address_file
from hone.serving.refresh import CHANGES

log = logging.getLogger(__name__)

_POLL: Final = 5.0
_BEAT: Final = 0.5
_PATIENCE: Final = 15.0
"""Seconds that one answer of the database may take."""
_LAST_CALLS: Final = 15.0
"""Seconds that calls under way get to end."""
_KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START")
_OUTAGES: Final = (psycopg.Error, SQLAlchemyError, OSError, AppError, BaseError)

Release = dict[str, Any]


async def run(settings: Settings, opened: socket.socket, beat: Callable[[], None]) -> None:
    """Keep a predictor on a socket until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(settings, opened)
    keeper.tell_address()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in (keeper.follow(), keeper.tend(), _beat(beat))]
        await stop.wait()
        for task in tasks[:2]:
            task.cancel()
        await keeper.end()
        tasks[2].cancel()
    await keeper.database.aclose()


async def _beat(beat: Callable[[], None]) -> None:
    while True:
        beat()
        await asyncio.sleep(_BEAT)


class Keeper:
    """What is to be served, and the process that serves it."""

    def __init__(self, settings: Settings, opened: socket.socket) -> None:
        self._settings = settings
        self._opened = opened
        self._ring = keyrings.load(settings)
        self._blobs = Blobs.open(settings)
        self.database = Database.connect(settings.app_url, pool_size=1, patience=_PATIENCE)
        self._folder = settings.data_dir / "predictor"
        self._process: asyncio.subprocess.Process | None = None
        self._releases: list[Release] = []
        self._lacking: list[Release] = []
        """What is live, and its files are not to be had: with `why`."""
        self._revision = 0
        self._doubted: set[str] = set()
        """Versions whose files were fetched anew because they could not be read; once is enough."""
        self._changed = asyncio.Event()
        self._backoff = Backoff()
        self._said = ""

    def tell_address(self) -> None:
        """Write down where it is: `hone doctor` asks it what it has loaded."""
        host, port = self._opened.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        shown = "127.0.0.1" if shown in {"0.0.0.0", "[::]"} else shown
        address_file(self._settings.data_dir).write_text(f"http://{shown}:{port}\n", "utf-8")

    async def follow(self) -> None:
        """Learn what is live whenever something changes; outlive every outage."""
        while True:
            try:
                async with await connect(
                    self.database.url, patience=_PATIENCE, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANGES}")
                    while True:
                        await self._look()
                        self._said = ""
                        async for _ in connection.notifies(timeout=_POLL, stop_after=1):
                            pass
            except _OUTAGES as error:
                if type(error).__name__ != self._said:
                    self._said = type(error).__name__
                    log.warning("cannot follow what is live: %s", str(error) or self._said)
                await asyncio.sleep(1.0)

    async def tend(self) -> None:
        """Run the predictor while anything is live; start it again when it ends."""
        while True:
            while not self._releases and not self._lacking:
                await self._changed.wait()
                self._changed.clear()
            started = asyncio.get_running_loop().time()
            try:
                await self._serve()
                lived = asyncio.get_running_loop().time() - started
                log.error("the predictor ended after %.1f s; it starts again", lived)
                await asyncio.sleep(self._backoff.after(lived))
            except AppError as error:
                log.error("%s", error.message)
                await asyncio.sleep(_POLL)

    async def end(self) -> None:
        """Let the predictor finish its calls, and end it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_LAST_CALLS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _look(self) -> None:
        """Fetch what is new of what is live, and have it told."""
        async with self.database.transaction() as session:
            rows = await versions.served(session)
        releases: list[Release] = []
        lacking: list[Release] = []
        anew = False
        for row in rows:
            folder = self._folder / row.digest
            named = {
                "organization": row.organization_id.hex,
                "name": versions.called(row.name, row.environment),
                "version": row.version,
                "id": row.version_id.hex,
            }
            try:
                anew |= await self._fetch(row, folder)
            except (AppError, BaseError, OSError) as error:
                why = str(error) or type(error).__name__
                log.error("%s %s cannot be fetched: %s", row.name, row.version, why)
                # What served the name before goes on doing so; it is tried again.
                releases += [each for each in self._releases if _names(each) == _names(named)]
                lacking.append({**named, "why": f"Its files cannot be fetched: {why}"})
                continue
            releases.append(
                {
                    **named,
                    "folder": str(folder.absolute()),
                    "size": sum(int(each["size"]) for each in row.files),
                }
            )
        if anew or (releases, lacking) != (self._releases, self._lacking):
            self._releases, self._lacking = releases, lacking
            self._revision += 1
            self._changed.set()

    async def _fetch(self, row: Any, folder: Path) -> bool:  # noqa: ANN401
        """Lay the files of a version into its folder, whole or not at all; tell if it was not there."""
        if await asyncio.to_thread(folder.is_dir):
            return False
        aside = folder.with_name(f"{folder.name}.tmp")
        await asyncio.to_thread(shutil.rmtree, aside, ignore_errors=True)
        await asyncio.to_thread(aside.mkdir, parents=True, mode=0o700)
        await versions.fetch_files(self._blobs, row.organization_id, row.files, aside)
        aside.rename(folder)
        return True

    async def _serve(self) -> None:
        """Start the predictor and tell it of every change, until it ends."""
        python = interpreter.find(self._settings)
        fd = self._opened.fileno()
        command = launcher.command(
            python, ["-m", "hone_trainer.serving", str(fd)], death_signal=signal.SIGKILL
        )
        known = environment()
        # A label is a small sum: threads of their own would only wait for each other.
        own = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        process = self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={name: known[name] for name in _KEPT_VARIABLES if name in known} | own,
            pass_fds=[fd],
        )
        log.info("the predictor started (pid %d)", process.pid)
        ended = asyncio.ensure_future(process.wait())
        try:
            while not ended.done():
                self._changed.clear()
                await self._tell(process, ended)
                changed = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait({ended, changed}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            ended.cancel()

    async def _tell(self, process: asyncio.subprocess.Process, ended: asyncio.Future[int]) -> None:
        """Tell the predictor what to serve, and wait until it does."""
        assert process.stdin is not None
        assert process.stdout is not None
        state = {
            "revision": self._revision,
            "secrets": [each.hex() for each in secrets(self._ring)],
            "memory": self._settings.predictor.memory_bytes,
            "queue": self._settings.predictor.queue,
            "models": self._releases,
            "lacking": self._lacking,
        }
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(json.dumps(state).encode() + b"\n")
            await process.stdin.drain()
        answer = asyncio.ensure_future(process.stdout.readline())
        await asyncio.wait({answer, ended}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done() and (line := answer.result()):
            self._tidy(json.loads(line)["failed"])
        else:
            answer.cancel()

    def _tidy(self, failed: dict[str, str]) -> None:
        """Remove the files of what is served no more, and once of what cannot be read: to fetch them anew."""
        doubted = failed.keys() - self._doubted
        self._doubted |= doubted
        kept = {each["folder"] for each in self._releases if each["id"] not in doubted}
        for folder in self._folder.iterdir():
            if str(folder.absolute()) not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _names(release: Release) -> tuple[str, str]:
    return release["organization"], release["name"]

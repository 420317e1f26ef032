"""Reach the database from a command: the configured one, the running one, or one started briefly."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.errors import UndefinedFunction, UndefinedTable
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hone.core import operating
from hone.core.db import Database
from hone.core.errors import NotFound, Unavailable
from hone.core.instance import AlreadyRunning, InstanceLock
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings

T = TypeVar("T")

_PATIENCE = 15.0
_LONGEST_MESSAGE = 400


class DatabaseFailed(Unavailable):
    """The database cannot be used."""

    code = "database_failed"


class SchemaMissing(DatabaseFailed):
    """The database lacks tables of this version; run `hone migrate`."""

    code = "schema_missing"


class NothingHere(NotFound):
    """There is no Hone in this data directory."""

    code = "nothing_here"


@contextmanager
def connected(settings: Settings, *, make: bool = False) -> Generator[Settings]:
    """Yield settings whose database answers, and leave everything as it was found.

    With `make`, an embedded database that does not exist yet is made.
    """
    with told():
        if settings.database.url is not None:
            yield settings
            return
        if not make and not exists(settings):
            raise NothingHere(
                f"There is no Hone in {settings.data_dir} yet. Run `hone up` first, or name"
                " another folder with --data-dir."
            )
        lock = InstanceLock(settings.data_dir)
        running = EmbeddedPostgres(settings.data_dir, user=settings.database.user)
        if _acquired(lock, lambda: exists(settings) and _answers(running)):
            try:
                with _started(settings, lock) as started:
                    yield settings.connected(started.app_url, started.owner_url)
            finally:
                lock.release()
        else:
            yield settings.connected(running.app_url, running.owner_url)


@contextmanager
def told() -> Generator[None]:
    """Turn what a database refuses or cannot do into one sentence."""
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, UndefinedTable | UndefinedFunction):
            raise SchemaMissing from error
        said = " ".join(str(cause).split())
        raise DatabaseFailed(f"The database: {said[:_LONGEST_MESSAGE]}") from error


def with_database(url: str, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Run something asynchronous against a database, in the role that the URL names."""

    async def run() -> T:
        database = Database.connect(url, pool_size=2)
        operating.USER.set(operating.name())
        try:
            return await work(database)
        finally:
            await database.aclose()

    return asyncio.run(run())


def exists(settings: Settings) -> bool:
    """Tell whether the data directory holds a database."""
    return (settings.data_dir / "postgres" / "data").exists()


@contextmanager
def _started(settings: Settings, lock: InstanceLock) -> Generator[EmbeddedPostgres]:
    postgres = EmbeddedPostgres(settings.data_dir, user=settings.database.user, inherit=[lock.fd])
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


def _acquired(lock: InstanceLock, answers: Callable[[], bool]) -> bool:
    """Take the lock, unless the instance that has it answers; one that starts or ends has time."""
    deadline = time.monotonic() + _PATIENCE
    while not answers():
        try:
            lock.acquire(within=0.2)
        except AlreadyRunning:
            if time.monotonic() >= deadline:
                raise
        else:
            return True
    return False


def _answers(postgres: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(postgres.app_url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False

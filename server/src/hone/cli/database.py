"""Reach the database from a command: the configured one, the running one, or one started briefly."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg

from hone.core.instance import InstanceLock
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings


@contextmanager
def connected(settings: Settings) -> Generator[Settings]:
    """Yield settings whose database answers, and leave everything as it was found."""
    if settings.database.url is not None:
        yield settings
        return
    postgres = EmbeddedPostgres(settings.data_dir, user=settings.database.user)
    if _exists(settings) and _answers(postgres):
        yield settings.connected(postgres.app_url, postgres.owner_url)
        return
    lock = InstanceLock(settings.data_dir)
    with lock:
        started = EmbeddedPostgres(
            settings.data_dir, user=settings.database.user, inherit=[lock.fd]
        )
        started.start()
        try:
            yield settings.connected(started.app_url, started.owner_url)
        finally:
            started.stop()


def _answers(postgres: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(postgres.app_url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _exists(settings: Settings) -> bool:
    return (settings.data_dir / "postgres" / "data").exists()

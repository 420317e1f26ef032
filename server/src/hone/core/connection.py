"""Connections to PostgreSQL that notice when nobody is at the other end.

A server that is frozen, or behind a network that went away, refuses nothing: what is sent to it is
just never answered. TCP itself gives up after a quarter of an hour at best, and a Unix socket never.
"""

from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

T = TypeVar("T")

CONNECT_SECONDS: Final = 3
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES
OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class Connection(psycopg.AsyncConnection[Any]):
    """A connection that is given up when one answer takes longer than `patience` seconds."""

    patience: float | None = None

    async def wait(
        self,
        gen: PQGen[T],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - psycopg's own
    ) -> T:
        """Wait for one answer."""
        try:
            return await super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            # The answer may still come, and would be taken for the next one's.
            if (
                error.sqlstate is None
                and self.pgconn.transaction_status == TransactionStatus.ACTIVE
            ):
                self.pgconn.finish()
            raise


async def connect(url: str = "", *, patience: float | None = None, **options: object) -> Connection:
    """Open a connection; raise `psycopg.OperationalError` where that takes too long."""
    given: dict[str, Any] = {**OPTIONS, **options}
    made = await Connection.connect(url, **given)
    made.patience = patience
    return made

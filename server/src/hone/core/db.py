"""The database: two roles, one declarative base, one transaction per request.

`hone_app` serves requests and is held to one organization by row-level security; `hone_owner` runs
migrations, the drain, the sealer and retention. Every transaction of `hone_app` names its
organization with `set_config(…, true)`, which ends with the transaction and so cannot leak through
the pool.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, MetaData, Text, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, configure_mappers
from sqlalchemy.types import TypeEngine

from hone.core import connection
from hone.core.errors import AppError

Session = AsyncSession

__all__ = ["Base", "Database", "Session", "UnsafeRole", "driver_url"]


class UnsafeRole(AppError):
    """The database role of the server could see other organizations' rows."""

    code = "unsafe_role"


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData()
    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger(),
        str: Text(),
        bytes: LargeBinary(),
        list[str]: ARRAY(Text()),
    }


def relate_tables() -> None:
    """Make of all tables what queries need, now: what is forked later shares the memory of it."""
    configure_mappers()


def driver_url(url: str) -> URL:
    """Turn any PostgreSQL URL into one for psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg")


def libpq_url(url: str) -> str:
    """Turn any PostgreSQL URL into one that libpq reads."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass(slots=True)
class Database:
    """One role's pool of connections."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    url: str

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 8, patience: float | None = None) -> "Database":
        """Prepare a pool; the first query opens the first connection.

        `patience` is how many seconds one answer of the server may take.
        """
        engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={
                "async_creator_fn": partial(connection.connect, patience=patience),
                "prepare_threshold": None,
            },
        )
        return cls(engine, async_sessionmaker(engine, expire_on_commit=False), libpq_url(url))

    @asynccontextmanager
    async def transaction(self, organization_id: UUID | None = None) -> AsyncGenerator[Session]:
        """Open a transaction in one organization: commit at the end, roll back on an exception."""
        async with self.sessions.begin() as session:
            if organization_id is not None:
                await enter(session, organization_id)
            yield session

    async def aclose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def enter(session: Session, organization_id: UUID) -> None:
    """Hold the rest of this transaction to one organization."""
    await session.execute(
        text("SELECT set_config('hone.organization_id', :id, true)"), {"id": str(organization_id)}
    )


async def refuse_unsafe_role(database: Database) -> None:
    """Raise `UnsafeRole` if this role could look past row-level security."""
    async with database.transaction() as session:
        found = await session.execute(
            text(
                "SELECT rolsuper OR rolbypassrls OR EXISTS ("
                " SELECT FROM pg_class WHERE relname = 'operations' AND relowner = r.oid)"
                " FROM pg_roles r WHERE rolname = current_user"
            )
        )
        if found.scalar_one():
            raise UnsafeRole(
                "HONE_DATABASE__URL names a role that is superuser, owner or BYPASSRLS;"
                " use a role such as hone_app that row-level security holds."
            )

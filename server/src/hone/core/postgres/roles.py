"""The two roles and the database of the product."""

from collections.abc import Callable
from typing import LiteralString

import psycopg
from psycopg import sql

from hone.core.postgres.credentials import APP, DATABASE, OWNER

_ATTRIBUTES = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")

_DATABASE_STATEMENTS = (
    f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
    f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
    "CREATE EXTENSION IF NOT EXISTS vector",
    f"ALTER SCHEMA public OWNER TO {OWNER}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA public TO {APP}",
)


def ensure_roles(connection: psycopg.Connection, password: Callable[[str], str]) -> None:
    """Make both roles and the database, or set them right; needs autocommit."""
    for role in (OWNER, APP):
        name = sql.Identifier(role)
        if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        verifier = connection.pgconn.encrypt_password(
            password(role).encode(), role.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("ALTER ROLE {} {} PASSWORD {}").format(
                name, _ATTRIBUTES, sql.Literal(verifier.decode())
            )
        )
    if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def ensure_schema(connection: psycopg.Connection) -> None:
    """Give the schema to its owner and connections to the application; needs autocommit."""
    connection.execute("SET client_min_messages = warning")
    for statement in _DATABASE_STATEMENTS:
        connection.execute(statement)


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None

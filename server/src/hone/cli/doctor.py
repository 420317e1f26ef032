"""`hone doctor`: look at everything a start needs, and say what to do about what is wrong."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer
from sqlalchemy import create_engine

from hone.cli import output
from hone.cli.bootstrap import with_database
from hone.cli.database import connected
from hone.core import keyring, migrations
from hone.core.db import driver_url, refuse_unsafe_role
from hone.core.errors import AppError
from hone.core.settings import Settings

_LEAST_BYTES = 1 << 30


@dataclass(frozen=True)
class _Finding:
    name: str
    status: str
    detail: str


@output.guarded
def doctor(data_dir: output.DataDir = None, as_json: output.AsJson = False) -> None:
    """Check Python, folder, disk, keys, database, roles, schema and port."""
    settings = output.settings(data_dir)
    findings = [
        _look("python", lambda: sys.version.split()[0]),
        _look("data folder", lambda: _folder(settings)),
        _look("disk", lambda: _disk(settings)),
        _look("port", lambda: _port(settings)),
        _look("master key", lambda: _master_key(settings)),
        *_database(settings),
    ]
    rows = [[_mark(each.status), each.name, each.detail] for each in findings]
    document = [{"check": f.name, "status": f.status, "detail": f.detail} for f in findings]
    output.emit({"checks": document}, as_json=as_json, text=output.table(rows))
    if any(each.status == "wrong" for each in findings):
        raise typer.Exit(1)


def _mark(status: str) -> str:
    return {"fine": "ok", "wrong": "WRONG"}[status]


def _look(name: str, check: Callable[[], str]) -> _Finding:
    try:
        return _Finding(name, "fine", check())
    except AppError as error:
        return _Finding(name, "wrong", error.message)
    except OSError as error:
        return _Finding(name, "wrong", str(error))


def _database(settings: Settings) -> list[_Finding]:
    initialised = (settings.data_dir / "postgres" / "data").exists()
    if settings.database.url is None and not initialised:
        return [_Finding("database", "fine", "none yet; `hone up` makes it")]
    try:
        with connected(settings) as ready:
            return [
                _Finding("database", "fine", "answers"),
                _look("role", lambda: _role(ready)),
                _look("schema", lambda: _schema(ready)),
            ]
    except AppError as error:
        return [_Finding("database", "wrong", error.message)]


class _Wrong(AppError):
    """Something is wrong."""


def _folder(settings: Settings) -> str:
    folder = settings.data_dir
    if not folder.exists():
        return f"{folder} will be made"
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _Wrong(f"{folder} cannot be written by this user; choose another with --data-dir.")
    return str(folder)


def _disk(settings: Settings) -> str:
    place = next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.exists())
    free = shutil.disk_usage(place).free
    if free < _LEAST_BYTES:
        raise _Wrong(f"{free / 1e9:.1f} GB free; calls are refused when the disk is full.")
    return f"{free / 1e9:.1f} GB free"


def _port(settings: Settings) -> str:
    address = (settings.server.host, settings.server.port)
    with socket.socket() as probe:
        taken = probe.connect_ex(address) == 0
    where = f"{address[0]}:{address[1]}"
    return f"something answers at {where} (Hone, if it runs)" if taken else f"{where} is free"


def _master_key(settings: Settings) -> str:
    made = settings.security.master_key is not None or keyring.key_file(settings.data_dir).exists()
    return keyring.load(settings).active.id if made else "none yet; `hone up` makes it"


def _role(settings: Settings) -> str:
    with_database(settings, refuse_unsafe_role)
    return "row-level security holds the server's role"


def _schema(settings: Settings) -> str:
    engine = create_engine(driver_url(settings.owner_url))
    try:
        with engine.connect() as connection:
            missing = migrations.pending(connection)
    finally:
        engine.dispose()
    if missing:
        raise _Wrong(f"{len(missing)} migrations are missing; run `hone migrate`.")
    return "up to date"

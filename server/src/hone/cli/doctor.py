"""`hone doctor`: look at everything a start needs, and say what to do about what is wrong."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import typer

from hone.cli import options, output, standing, start
from hone.cli.database import connected, exists, told
from hone.core import interpreter, keyring
from hone.core.errors import AppError
from hone.core.listening import PortTaken, listen
from hone.core.settings import Settings

_LEAST_BYTES = 1 << 30


@dataclass(frozen=True)
class _Finding:
    name: str
    status: str
    detail: str


@output.guarded
def doctor(data_dir: options.DataDir = None, as_json: options.AsJson = False) -> None:
    """Check Python, folder, disk, keys, database, roles, schema, port, trainer and predictor."""
    settings = options.settings(data_dir)
    findings = [
        _look("python", lambda: sys.version.split()[0]),
        _look("data folder", lambda: _folder(settings)),
        _look("disk", lambda: _disk(settings)),
        _look("port", lambda: _port(settings)),
        _look("master key", lambda: _master_key(settings)),
        *_database(settings),
        _look("trainer", lambda: _trainer(settings)),
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
        with told():
            return _Finding(name, "fine", check())
    except AppError as error:
        return _Finding(name, "wrong", error.message)
    except OSError as error:
        return _Finding(name, "wrong", str(error))


def _database(settings: Settings) -> list[_Finding]:
    if settings.database.url is None and not exists(settings):
        return [_Finding("database", "fine", "none yet; `hone up` makes it")]
    try:
        with connected(settings) as ready:
            schema = _look("schema", lambda: _schema(ready))
            if schema.status == "wrong":
                return [schema]
            return [
                schema,
                _look("role", lambda: _role(ready)),
                _look("sealed under", lambda: _sealed(ready)),
                *_predictor(ready),
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
    host, port = settings.server.host, settings.server.port
    try:
        with closing(listen(host, port)):
            return f"{host}:{port} is free"
    except PortTaken:
        return f"something answers at {host}:{port} (Hone, if it runs)"


def _master_key(settings: Settings) -> str:
    if not keyring.is_given(settings):
        return "none yet; `hone up` makes it"
    return keyring.load(settings).active.id


def _schema(settings: Settings) -> str:
    missing = start.pending(settings)
    if missing:
        raise _Wrong(f"{len(missing)} migrations are missing; run `hone migrate`.")
    return "the database answers, its schema is up to date"


def _role(settings: Settings) -> str:
    start.check_role(settings)
    return "row-level security holds the server's role"


def _sealed(settings: Settings) -> str:
    start.check_master_key(settings)
    return "this master key"


def _trainer(settings: Settings) -> str:
    try:
        return str(interpreter.find(settings))
    except interpreter.TrainerMissing:
        return "not installed; `scripts/setup trainer` installs what trains models and serves them"


def _predictor(settings: Settings) -> list[_Finding]:
    try:
        with told():
            found = standing.look(settings)
    except AppError as error:
        return [_Finding("predictor", "wrong", error.message)]
    return [_Finding(each.name, "wrong" if each.wrong else "fine", each.words) for each in found]

"""`hone backup` and `hone restore`: everything Hone keeps, in one file, without the master key.

A backup is a tar archive, compressed with zstd: `manifest.json`, `database.dump` (pg_dump's custom
format), `blobs/…` and `spool/…`. It is taken while Hone runs: the drain deletes nothing until it is
done, so the marks in the dump always have their segments in the archive.
"""

import asyncio
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import zstandard
from sqlalchemy.engine import make_url

import hone
from hone.cli import output
from hone.cli.database import connected
from hone.core import clock, keyring
from hone.core.blobs import Blobs
from hone.core.errors import Conflict, Invalid
from hone.core.instance import InstanceLock
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings
from hone.serving import hold_spool

_FORMAT = 1


class NotABackup(Invalid):
    """This file is not a backup that this version can read."""

    code = "not_a_backup"


class DirectoryInUse(Conflict):
    """The data directory already holds a database; restore into an empty one."""

    code = "directory_in_use"


class ProgramFailed(Invalid):
    """A program of PostgreSQL failed."""

    code = "program_failed"


@output.guarded
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; default: dated name.")
    ] = None,
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """Write database, blobs, spool and wrapped keys to one file; Hone may go on running."""
    configured = output.settings(data_dir)
    path = file or Path(f"hone-{clock.now():%Y-%m-%dT%H%MZ}.tar.zst")
    with connected(configured) as settings:
        manifest = _write(settings, path)
    text = (
        f"wrote {path} ({manifest['bytes'] / 1e6:.1f} MB)\n"
        f"It does not hold the master key {manifest['masterKey']}. Keep that apart, and safe:\n"
        f"{_where(configured)}\n"
        "Without it nothing that is sealed in this backup can be read."
    )
    output.emit({"file": str(path), **manifest}, as_json=as_json, text=text)


@output.guarded
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `hone backup` wrote.")],
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """Fill an empty data directory from a backup; put the master key there first."""
    settings = output.settings(data_dir)
    if settings.database.url is None and (settings.data_dir / "postgres" / "data").exists():
        raise DirectoryInUse
    with tempfile.TemporaryDirectory(prefix="hone-restore-") as scratch:
        manifest = _unpack(file, Path(scratch))
        _require_master_key(settings, str(manifest["masterKey"]))
        _fill(settings, Path(scratch))
    text = f"restored the backup of {manifest['createdAt']} into {settings.data_dir}"
    output.emit({"dataDir": str(settings.data_dir), **manifest}, as_json=as_json, text=text)


def _write(settings: Settings, path: Path) -> dict[str, Any]:
    spool = settings.data_dir / "spool"
    draft = path.with_name(path.name + ".draft")
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "version": hone.__version__,
        "createdAt": clock.now().isoformat(),
        "masterKey": keyring.load(settings).active.id,
    }
    with tempfile.TemporaryDirectory(prefix="hone-backup-") as scratch, hold_spool(spool):
        dump = Path(scratch) / "database.dump"
        _run(settings, settings.owner_url, "pg_dump", "--format=custom", f"--file={dump}")
        with _archive(draft) as archive:
            _add_bytes(archive, "manifest.json", json.dumps(manifest).encode())
            archive.add(dump, "database.dump")
            asyncio.run(_add_blobs(archive, Blobs.open(settings)))
            for segment in sorted(spool.glob("*/*")):
                archive.add(segment, f"spool/{segment.relative_to(spool)}")
    draft.replace(path)
    return {**manifest, "bytes": path.stat().st_size}


@contextmanager
def _archive(path: Path) -> Generator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with (
            zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))


async def _add_blobs(archive: tarfile.TarFile, blobs: Blobs) -> None:
    async for path in blobs.paths():
        _add_bytes(archive, f"blobs/{path}", await blobs.read(path))


def _unpack(file: Path, scratch: Path) -> dict[str, Any]:
    try:
        with (
            file.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as plain,
            tarfile.open(fileobj=plain, mode="r|") as archive,
        ):
            archive.extractall(scratch, filter="data")
        manifest = json.loads((scratch / "manifest.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotABackup(f"There is no file {error.filename}.") from error
    except (OSError, tarfile.TarError, zstandard.ZstdError, ValueError) as error:
        raise NotABackup(f"{file} is not a backup, or it is damaged: {error}") from error
    if manifest.get("format") != _FORMAT:
        raise NotABackup(
            f"{file} has format {manifest.get('format')}; this version reads {_FORMAT}."
        )
    return manifest


def _require_master_key(settings: Settings, wanted: str) -> None:
    given = settings.security.master_key is not None
    if not given and not keyring.key_file(settings.data_dir).exists():
        raise NotABackup(
            f"This backup is sealed under the master key {wanted}. Put it at"
            f" {keyring.key_file(settings.data_dir)} or into HONE_SECURITY__MASTER_KEY first."
        )
    ring = keyring.load(settings)
    if wanted not in {key.id for key in (ring.active, *ring.previous)}:
        raise NotABackup(f"This backup is sealed under another master key: {wanted}.")


def _fill(settings: Settings, scratch: Path) -> None:
    with InstanceLock(settings.data_dir) as lock:
        dump = str(scratch / "database.dump")
        if settings.database.url is None:
            postgres = EmbeddedPostgres(
                settings.data_dir, user=settings.database.user, inherit=[lock.fd]
            )
            postgres.start()
            try:
                _restore(settings, postgres.superuser_url, dump)
            finally:
                postgres.stop()
        else:
            _restore(settings, settings.owner_url, dump)
        for segment in sorted((scratch / "spool").glob("*/*")):
            target = settings.data_dir / "spool" / segment.relative_to(scratch / "spool")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(segment.read_bytes())
        folder = scratch / "blobs"
        files = sorted(each for each in folder.rglob("*") if each.is_file())
        asyncio.run(_put_blobs(Blobs.open(settings), folder, files))


def _restore(settings: Settings, url: str, dump: str) -> None:
    options = ["--exit-on-error", "--single-transaction", "--clean", "--if-exists"]
    _run(settings, url, "pg_restore", *options, dump)


async def _put_blobs(blobs: Blobs, folder: Path, files: list[Path]) -> None:
    for path in files:
        await blobs.write(str(path.relative_to(folder)), path.read_bytes())


def _run(settings: Settings, url: str, program: str, *arguments: str) -> None:
    """Run a program of the PostgreSQL that Hone brings; the password stays out of `ps`."""
    path = EmbeddedPostgres(settings.data_dir).bin(program)
    target = make_url(url)
    named = target._replace(password=None, drivername="postgresql").render_as_string()
    done = subprocess.run(
        [path, f"--dbname={named}", *arguments],
        env={"PGPASSWORD": str(target.password or ""), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ProgramFailed(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _where(settings: Settings) -> str:
    if settings.security.master_key is not None:
        return "  HONE_SECURITY__MASTER_KEY"
    return f"  {keyring.key_file(settings.data_dir)}"

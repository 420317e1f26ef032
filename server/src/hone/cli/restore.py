"""`hone restore`: an empty data directory, or an empty database, filled from a backup."""

import asyncio
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from hone import privacy
from hone.cli import archive, dump, options, output
from hone.cli.database import exists, told, with_database
from hone.core import keyring, migrations
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.errors import Conflict
from hone.core.instance import InstanceLock
from hone.core.keyring import MasterKeyMissing
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings
from hone.serving import empty_spool


class DirectoryInUse(Conflict):
    """The data directory is in use; restore into an empty one."""

    code = "directory_in_use"


class DatabaseInUse(Conflict):
    """The database already holds tables; restore into an empty one."""

    code = "database_in_use"


@output.guarded
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `hone backup` wrote.")],
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Fill an empty data directory from a backup; put the master key there first.

    With erasures.jsonl of the old data directory beside it, what was erased since is erased again.
    """
    settings = options.settings(data_dir)
    with InstanceLock(settings.data_dir) as lock, told():
        _refuse_used(settings)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data_dir) as scratch:
            manifest = archive.unpack(file, Path(scratch))
            _require_master_keys(settings, manifest["masterKeys"])
            erased = _fill(settings, Path(scratch), lock)
    text = f"restored the backup of {manifest['createdAt']} into {settings.data_dir}"
    if erased:
        text += f"\n{erased} of the erasures in erasures.jsonl were done again"
    document = {"dataDir": str(settings.data_dir), **manifest, "erasedAgain": erased}
    output.emit(document, as_json=as_json, text=text)


def _refuse_used(settings: Settings) -> None:
    if settings.database.url is None:
        if exists(settings):
            raise DirectoryInUse(
                f"{settings.data_dir} already holds a database; restore into an empty folder."
            )
    else:
        with psycopg.connect(settings.owner_url, connect_timeout=5) as connection:
            query = "SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
            if connection.execute(query).fetchone() is not None:
                raise DatabaseInUse
    if any((settings.data_dir / "spool").glob("*/*")):
        raise DirectoryInUse(f"{settings.data_dir / 'spool'} holds calls that are not drained yet.")


def _require_master_keys(settings: Settings, wanted: list[str]) -> None:
    named = " and ".join(wanted)
    if wanted and not keyring.is_given(settings):
        raise MasterKeyMissing(
            f"This backup is sealed under the master key {named}. Put it at"
            f" {keyring.key_file(settings.data_dir)} or into HONE_SECURITY__MASTER_KEY first."
        )
    if wanted and not set(wanted) <= {master.id for master in keyring.load(settings).masters}:
        raise MasterKeyMissing(f"This backup is sealed under another master key: {named}.")


def _fill(settings: Settings, scratch: Path, lock: InstanceLock) -> int:
    """Put everything in its place, the database last; a failure leaves nothing behind.

    Returns how many erasures were done again.
    """
    with ExitStack() as undo:
        spool = settings.data_dir / "spool"
        undo.callback(shutil.rmtree, spool, ignore_errors=True)
        _put_spool(scratch / "spool", spool)
        blobs = scratch / "blobs"
        asyncio.run(_put_blobs(Blobs.open(settings), blobs, _files(blobs)))
        if settings.database.url is None:
            undo.callback(shutil.rmtree, settings.data_dir / "postgres", ignore_errors=True)
        with _database(settings, lock) as (url, reached):
            dump.load(settings, url, scratch / "database.dump")
            erased = _erase_again(reached)
        undo.pop_all()
    return erased


def _erase_again(settings: Settings) -> int:
    """Do the erasures of `erasures.jsonl` in the data directory that the backup does not know."""
    if not privacy.is_listed(settings.data_dir):
        return 0
    migrations.upgrade(settings.owner_url)

    async def again(owner: Database) -> int:
        await empty_spool(settings)
        ring, blobs = keyring.load(settings), Blobs.open(settings)
        place = privacy.Place(owner, ring, settings.data_dir, blobs)
        return await privacy.erase_again(place)

    return with_database(settings.owner_url, again)


@contextmanager
def _database(settings: Settings, lock: InstanceLock) -> Generator[tuple[str, Settings]]:
    """Give the URL to fill the empty database by, made now if it is the embedded one."""
    if settings.database.url is not None:
        yield settings.owner_url, settings
        return
    postgres = EmbeddedPostgres(settings.data_dir, user=settings.database.user, inherit=[lock.fd])
    postgres.start()
    try:
        yield postgres.superuser_url, settings.connected(postgres.app_url, postgres.owner_url)
    finally:
        postgres.stop()


def _put_spool(source: Path, target: Path) -> None:
    for file in sorted(source.glob("*/*")):
        placed = target / file.relative_to(source)
        placed.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(file, placed)


async def _put_blobs(blobs: Blobs, folder: Path, files: list[Path]) -> None:
    for path in files:
        await blobs.write(str(path.relative_to(folder)), path.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())

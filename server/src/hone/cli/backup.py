"""`hone backup`: everything Hone keeps, in one file, without the master key.

The file holds `database.dump` (pg_dump's custom format), `blobs/…` and `spool/…`. It is taken while
Hone runs: the drain deletes nothing until it is done, so the marks in the dump always have their
segments in the file.
"""

import asyncio
import contextlib
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import hone
from hone import identity
from hone.cli import archive, dump, options, output
from hone.cli.archive import Archive
from hone.cli.database import connected, with_database
from hone.core import clock, keyring
from hone.core.blobs import BlobMissing, Blobs
from hone.core.db import Database
from hone.core.events import publish
from hone.core.settings import Settings
from hone.serving import hold_spool

_SLACK = 64
"""A frame may end in zeros, which look like space that is not written yet; it is longer than this."""


@output.guarded
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; default: dated name.")
    ] = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Write database, blobs, spool and wrapped keys to one file; Hone may go on running."""
    configured = options.settings(data_dir)
    path = file or Path(f"hone-{clock.now():%Y-%m-%dT%H%MZ}.tar.zst")
    with connected(configured) as settings:
        manifest = _write(settings, path)
        with_database(settings.owner_url, partial(_tell, path.name))
    text = (
        f"wrote {path} ({manifest['bytes'] / 1e6:.1f} MB)\n"
        f"It does not hold the master key {' and '.join(manifest['masterKeys'])}."
        f" Keep that apart, and safe:\n  {_where(configured)}\n"
        "Without it nothing that is sealed in this backup can be read."
    )
    output.emit({"file": str(path), **manifest}, as_json=as_json, text=text)


def _write(settings: Settings, path: Path) -> dict[str, Any]:
    spool = settings.data_dir / "spool"
    manifest: dict[str, Any] = {
        "version": hone.__version__,
        "createdAt": clock.now().isoformat(),
    }
    with (
        tempfile.TemporaryDirectory(prefix=".hone-backup-", dir=path.parent) as scratch,
        hold_spool(spool),
    ):
        dumped, draft = Path(scratch) / "database.dump", Path(scratch) / "draft"
        before = _master_keys(settings)
        dump.save(settings, settings.owner_url, dumped)
        # A rotation in between leaves it open which of them the dump needs.
        manifest["masterKeys"] = sorted(before | _master_keys(settings))
        with archive.write(draft, manifest) as opened:
            opened.add_file(dumped.name, dumped)
            asyncio.run(_add_blobs(opened, Blobs.open(settings)))
            _add_spool(opened, spool)
        draft.replace(path)
    return {**manifest, "bytes": path.stat().st_size}


async def _tell(name: str, owner: Database) -> None:
    """Note in every organization's trail that there is a backup."""
    async with owner.transaction() as session:
        for each in await identity.organization_ids(session):
            publish(session, each, "system", "backup.written", name, {"file": name})


def _master_keys(settings: Settings) -> set[str]:
    async def ask(owner: Database) -> set[str]:
        async with owner.transaction() as session:
            return await keyring.masters_in_use(session)

    return with_database(settings.owner_url, ask)


async def _add_blobs(opened: Archive, blobs: Blobs) -> None:
    async for path in blobs.paths():
        # What was deleted since it was listed is also gone from the database, or goes from there.
        with contextlib.suppress(BlobMissing):
            opened.add(f"blobs/{path}", await blobs.read(path))


def _add_spool(opened: Archive, spool: Path) -> None:
    """Add each lane as it was at one moment, though it is being written.

    The newest segment comes first: what is missing is then always the end of the lane.
    """
    for lane in sorted(each for each in spool.iterdir() if each.is_dir()):
        for lock in lane.glob("*.lock"):
            opened.add(f"spool/{lane.name}/{lock.name}", b"")
        for segment in sorted(lane.glob("*.seg"), reverse=True):
            opened.add(f"spool/{lane.name}/{segment.name}", _written(segment))


def _written(segment: Path) -> bytes:
    """Read what is written of a segment, which is appended to and has zeros behind.

    One look can miss a frame and see the next. What the first look saw, the second sees whole.
    """
    seen = len(segment.read_bytes().rstrip(b"\0"))
    return segment.read_bytes()[: seen + _SLACK]


def _where(settings: Settings) -> str:
    if settings.security.master_key is not None:
        return "HONE_SECURITY__MASTER_KEY"
    return str(keyring.key_file(settings.data_dir))

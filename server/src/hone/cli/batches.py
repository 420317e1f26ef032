"""`hone batches`: many calls in one file, handed over, watched and ended."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
import typer

from hone import batches, identity
from hone.batches import BatchCreate, BatchRead, Place
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.cli.inside import document, emit, inside
from hone.core import ids, keyring
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.errors import Invalid
from hone.core.paging import PageQuery
from hone.identity import Actor, Permission

T = TypeVar("T")

app = typer.Typer(
    help="Batches: many calls in one file, made in the background.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
BatchId = Annotated[str, typer.Argument(help="The batch's id.")]
_CHUNK: Final = 1 << 20


class KeyNotClear(Invalid):
    """Say with --key in whose name the calls are made: the id or name of an API key."""

    code = "key_not_clear"


class FileUnreadable(Invalid):
    """This file cannot be read."""

    code = "file_unreadable"


class _Line(msgspec.Struct):
    url: str


@app.command("list")
@output.guarded
def list_batches(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 batches."""

    async def work(session: Session, actor: Actor) -> list[BatchRead]:
        return list((await batches.page(session, actor, PageQuery(limit=500))).items)

    found = inside(data_dir, organization, work)
    rows = [["ID", "STATUS", "DONE", "FAILED", "COST USD", "CREATED"]]
    rows += [
        [
            each.id,
            each.status,
            f"{each.completed}/{each.total}",
            str(each.failed),
            f"{each.cost_usd:.6f}",
            f"{each.created_at:%Y-%m-%d %H:%M UTC}",
        ]
        for each in found
    ]
    output.emit({"items": [document(e) for e in found]}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    batch: BatchId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a batch: how far it is, what it cost, what is wrong with it."""
    found = inside(data_dir, organization, lambda s, actor: batches.whole(s, actor, batch))
    _emit(found, as_json=as_json)


@app.command()
@output.guarded
def cancel(
    batch: BatchId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """End a batch where it is; what is done stays, and can be read."""
    found = inside(data_dir, organization, lambda s, actor: batches.cancel(s, actor, batch))
    _emit(found, as_json=as_json)


@app.command()
@output.guarded
def submit(
    file: Annotated[Path, typer.Argument(help="JSON lines, one request each.")],
    key: Annotated[
        str | None,
        typer.Option(help="API key in whose name the calls are made: its id or name."),
    ] = None,
    window: Annotated[str, typer.Option(help="When it is to be done: 1h to 168h.")] = "24h",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Hand a file over to be run; the worker begins at once."""
    settings = options.settings(data_dir)
    endpoint = _endpoint(file)

    async def work(database: Database) -> BatchRead:
        found = await identity.find_organization(database, organization)
        system = identity.system(found)
        async with database.transaction(found) as session:
            maker = await _maker(session, system, key)
        place = Place(
            database, keyring.load(settings), Blobs.open(settings), settings.server.max_upload_bytes
        )
        kept = await batches.keep(maker, place, "batch", file.name, _content(file))
        wanted = options.checked(
            BatchCreate, input_file_id=kept.id, endpoint=endpoint, completion_window=window
        )
        async with database.transaction(found) as session:
            made = await batches.create(session, maker, wanted)
            return await batches.whole(session, system, made.id)

    with connected(settings) as ready:
        made = with_database(ready.app_url, work)
    _emit(made, as_json=as_json)


def _endpoint(file: Path) -> str:
    """Read from the first line what is asked."""
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.readline(), type=_Line).url
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise FileUnreadable(f"Line 1 of {file} is not a request: {error}.") from error


async def _content(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while data := opened.read(_CHUNK):
            yield data


async def _maker(session: Session, system: Actor, wanted: str | None) -> Actor:
    """Find the key in whose name calls are made; the only one there is, if none is named."""
    page = await identity.keys(session, system, PageQuery(limit=500))
    able = [
        each
        for each in page.items
        if each.revoked_at is None and Permission.AI_QUERY in each.permissions
    ]
    named = [
        each for each in able if wanted is None or wanted in {each.name, ids.public("key", each.id)}
    ]
    if len(named) != 1:
        raise KeyNotClear
    (found,) = named
    return Actor(
        ids.public("key", found.id),
        system.organization_id,
        frozenset(found.permissions),
        found.name,
    )


def _emit(batch: BatchRead, *, as_json: bool) -> None:
    told = [
        f"{batch.id}  {batch.status}",
        f"{batch.completed} of {batch.total} lines done, {batch.failed} failed,"
        f" {batch.cost_usd:.6f} USD, {batch.endpoint}",
    ]
    files = {"input": batch.input_file_id, "output": batch.output_file_id}
    files["errors"] = batch.error_file_id
    told += [f"{name}: {file_id}" for name, file_id in files.items() if file_id]
    told += [
        f"{f'line {each.line}: ' if each.line else ''}{each.code}: {each.message}"
        for each in batch.errors
    ]
    emit(batch, as_json=as_json, text="\n".join(told))

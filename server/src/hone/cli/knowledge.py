"""`hone datasets knowledge`: pages, FAQs and documents that answers are searched in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from hone import datasets, identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import keyring
from hone.core.db import Database, Session
from hone.core.paging import PageQuery
from hone.core.settings import Settings
from hone.datasets import KnowledgeCreate, KnowledgeRead
from hone.identity import Actor

T = TypeVar("T")
_CHUNK = 256 << 10

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Pages, FAQs and documents that answers are searched in.",
)
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="Its id or name.")]
Source = Annotated[str, typer.Argument(metavar="SOURCE", help="Its id.")]


@app.command("list")
@output.guarded
def list_(
    dataset: Dataset,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List what a dataset of answers knows, and how current that is."""

    async def work(session: Session, actor: Actor) -> list[KnowledgeRead]:
        found = await datasets.knowledge_page(session, actor, dataset, PageQuery(limit=500))
        return list(found.items)

    found = _inside(data_dir, organization, work)
    rows = [["ID", "STATE", "PAGES", "CHANGED", "NAME", "PROBLEM"]]
    rows += [
        [
            each.id,
            each.state,
            str(each.pages),
            "" if each.changed_at is None else f"{each.changed_at:%Y-%m-%d %H:%M}",
            each.name,
            each.problem or "",
        ]
        for each in found
    ]
    shown = {"items": [each.model_dump(mode="json", by_alias=True) for each in found]}
    output.emit(shown, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def add(
    dataset: Dataset,
    what: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="An address, or a PDF, HTML, text or FAQ.")
    ],
    every: Annotated[
        int, typer.Option(help="Hours between looks at an address; 0: only when somebody asks.")
    ] = 24,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Add a page by its address, or upload a document; the same file name again replaces it."""
    file = None if what.startswith(("http://", "https://")) else Path(what)
    if file is not None and not file.is_file():
        raise output.Unreadable(f"{file} cannot be read.")

    async def work(database: Database, actor: Actor, settings: Settings) -> KnowledgeRead:
        if file is not None:
            ring = keyring.load(settings)
            return await datasets.upload_knowledge(
                *(database, ring, actor, settings, dataset, file.name), _content(file)
            )
        asked = options.checked(KnowledgeCreate, url=what, every_hours=every or None)
        async with database.transaction(actor.organization_id) as session:
            return await datasets.add_knowledge(session, actor, settings, dataset, asked)

    _tell(_beside(data_dir, organization, work), as_json=as_json)


@app.command()
@output.guarded
def sync(
    dataset: Dataset,
    source: Source,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Have a worker read a page again now."""

    async def work(session: Session, actor: Actor) -> KnowledgeRead:
        return await datasets.sync_knowledge(session, actor, dataset, source)

    _tell(_inside(data_dir, organization, work), as_json=as_json)


@app.command()
@output.guarded
def remove(
    dataset: Dataset,
    source: Source,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
) -> None:
    """Remove a source with what it says; versions that have it keep it."""

    async def work(session: Session, actor: Actor) -> None:
        await datasets.remove_knowledge(session, actor, dataset, source)

    _inside(data_dir, organization, work)
    typer.echo(f"{source} is removed.")


async def _content(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while data := await asyncio.to_thread(opened.read, _CHUNK):
            yield data


def _tell(found: KnowledgeRead, *, as_json: bool) -> None:
    shown = found.model_dump(mode="json", by_alias=True)
    text = f"{found.id}  {found.state}  {found.pages} pages  {found.name}"
    output.emit(shown, as_json=as_json, text=text)


def _inside(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    """Run something in one organization, as the system, in one transaction."""

    async def run(database: Database, actor: Actor, _: Settings) -> T:
        async with database.transaction(actor.organization_id) as session:
            return await work(session, actor)

    return _beside(data_dir, organization, run)


def _beside(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Database, Actor, Settings], Awaitable[T]],
) -> T:
    """Run something in one organization, as the system, in transactions of its own."""
    settings = options.settings(data_dir)

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        return await work(database, identity.system(found), settings)

    with connected(settings) as ready:
        return with_database(ready.app_url, run)

"""`hone datasets`: what models learn from, on the command line."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hone import datasets, identity
from hone.cli import knowledge, options, output
from hone.cli.database import connected, with_database
from hone.core import keyring
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.errors import Invalid
from hone.core.paging import PageQuery
from hone.core.schemas import Schema
from hone.core.settings import Settings
from hone.datasets import DatasetRead, Format, Freeze, Imported, Kind, Source, Splits, Status
from hone.identity import Actor

T = TypeVar("T")
_OF_LINES: frozenset[Format] = frozenset({"jsonl", "openai", "hf"})
_CHUNK = 256 << 10
_WORDS: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(knowledge.app, name="knowledge")
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="Its id or name.")]


class FormatUnknown(Invalid):
    """The format cannot be told from the name of this file: say it with --format."""

    code = "format_unknown"


class NotResumable(Invalid):
    """Only a version by its number, written as lines to a file, can be gone on with: --version 3, .jsonl."""

    code = "not_resumable"


@app.command("list")
@output.guarded
def list_(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List datasets with what is in them."""

    async def work(session: Session, actor: Actor, _: Settings) -> list[DatasetRead]:
        return list((await datasets.page(session, actor, PageQuery(limit=500))).items)

    found = _inside(data_dir, organization, work)
    rows = [["NAME", "KIND", "EXAMPLES", "PENDING", "QUALITY", "FINDINGS", "VERSION"]]
    rows += [
        [
            each.name,
            each.kind,
            str(each.examples),
            str(each.pending),
            "" if each.average_quality is None else f"{each.average_quality:.2f}",
            str(each.findings),
            "" if each.version is None else str(each.version),
        ]
        for each in found
    ]
    output.emit({"items": [_json(e) for e in found]}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    dataset: Dataset,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a dataset: how much there is of each label, how good it is, what awaits a decision."""

    async def work(session: Session, actor: Actor, _: Settings) -> dict[str, Any]:
        found = _json(await datasets.get(session, actor, dataset))
        return found | {"statistics": _json(await datasets.statistics(session, actor, dataset))}

    found = _inside(data_dir, organization, work)
    counts = found["statistics"]
    told = [
        f"{found['name']}  {found['kind']}  {found['id']}",
        f"{counts['total']} examples: {counts['byStatus']['validated']} validated,"
        f" {counts['needsReview']} to review, {counts['byStatus']['rejected']} rejected",
        *(f"  {number:>7}  {label}" for label, number in list(counts["byLabel"].items())[:20]),
        *(f"{number} open: {kind}" for kind, number in counts["findings"].items() if number),
    ]
    output.emit(found, as_json=as_json, text="\n".join(told))


@app.command("import")
@output.guarded
def import_(
    dataset: Dataset,
    file: Annotated[Path, typer.Argument(help="JSON, JSON lines, CSV or Parquet.")],
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="How it is written; default: by its name.")
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="Begin the dataset, of this kind, where there is none.")
    ] = None,
    source: Annotated[Source, typer.Option(help="Where no line says otherwise.")] = "expert",
    status: Annotated[Status, typer.Option(help="Where no line says otherwise.")] = "validated",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Import a file; what is wrong with a line is told, and the others are kept."""
    shape = format or _WORDS.get(file.suffix.lower())
    if shape is None:
        raise FormatUnknown
    if not file.is_file():
        raise output.Unreadable(f"{file} cannot be read.")

    async def work(database: Database, actor: Actor, settings: Settings) -> Imported:
        asked = datasets.asked(settings, shape, source, status, file.name)
        ring = keyring.load(settings)
        if kind is not None:
            async with database.transaction(actor.organization_id) as session:
                await datasets.ensure(session, actor, ring, dataset, kind)
        return await datasets.take(database, ring, actor, dataset, asked, _content(file), settings)

    told = _beside(data_dir, organization, work)
    lines = [
        f"{told.added} added, {told.duplicates} there already,"
        f" {told.contradictions} contradicted, {told.refused} refused",
        *(f"line {each.line}: {each.reason}" for each in told.problems[:20]),
    ]
    output.emit(_json(told), as_json=as_json, text="\n".join(lines))


async def _content(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while data := await asyncio.to_thread(opened.read, _CHUNK):
            yield data


@app.command()
@output.guarded
def export(
    dataset: Dataset,
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; absent: standard output.")
    ] = None,
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="How to write it; default: by the name, else JSON lines.")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="A version's number, or latest; absent: what is there now.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an export that broke off.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
) -> None:
    """Write examples to a file, or a version of them. One that breaks off can be resumed."""
    shape = format or (_WORDS.get(file.suffix.lower()) if file else None) or "jsonl"
    fixed = version is not None and version.isdigit() and shape in _OF_LINES
    if resume and (file is None or not fixed):
        raise NotResumable

    async def work(database: Database, actor: Actor, settings: Settings) -> None:
        blobs, ring = Blobs.open(settings), keyring.load(settings)
        draft = file and file.with_name(f".{file.name}.{version if fixed else 'now'}.draft")
        if draft and not resume:
            draft.unlink(missing_ok=True)
        skip = _lines_of(draft) if draft else 0
        query = datasets.ExportQuery(format=shape, version=version, skip=skip)
        _, written = await datasets.written(database, blobs, ring, actor, settings, dataset, query)
        if file is None or draft is None:
            await _print(written)
            return
        try:
            await _append(draft, written)
            draft.replace(file)
        except BaseException:
            if fixed:
                typer.echo(f"{draft} has what was written; go on with it by --resume.", err=True)
            else:
                draft.unlink(missing_ok=True)
            raise

    _beside(data_dir, organization, work)


def _lines_of(draft: Path) -> int:
    """Cut off what stands half in a file that broke off, and count its lines."""
    if not draft.exists():
        return 0
    with draft.open("r+b") as opened:
        whole = number = place = 0
        while data := opened.read(_CHUNK):
            number += data.count(b"\n")
            whole = place + data.rfind(b"\n") + 1 if b"\n" in data else whole
            place += len(data)
        opened.truncate(whole)
    return number


async def _print(content: AsyncIterator[bytes]) -> None:
    async for data in content:
        sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


async def _append(draft: Path, content: AsyncIterator[bytes]) -> None:
    with draft.open("ab") as opened:
        async for data in content:
            await asyncio.to_thread(opened.write, data)


@app.command()
@output.guarded
def freeze(
    dataset: Dataset,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    min_quality: Annotated[float, typer.Option(help="Least quality, 0 to 1.")] = 0.0,
    seed: Annotated[int, typer.Option(help="By which groups are drawn into splits.")] = 7,
    splits: Annotated[
        str, typer.Option(help="Shares of train, validation and test.")
    ] = "0.8,0.1,0.1",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Make a version of what is validated now."""
    shares = dict(zip(("train", "validation", "test"), splits.split(","), strict=False))
    wanted = options.checked(
        Freeze,
        note=note,
        min_quality=min_quality,
        seed=seed,
        splits=options.checked(Splits, **shares),
    )

    async def work(session: Session, actor: Actor, settings: Settings) -> Schema:
        blobs, ring = Blobs.open(settings), keyring.load(settings)
        return await datasets.make(session, blobs, ring, actor, dataset, wanted)

    found = _json(_inside(data_dir, organization, work))
    counts = ", ".join(f"{n} {name}" for name, n in found["manifest"]["splits"].items())
    text = f"version {found['number']} of {found['datasetName']}: {counts}\n{found['digest']}"
    output.emit(found, as_json=as_json, text=text)


@app.command()
@output.guarded
def check(
    dataset: Dataset,
    minutes: Annotated[int, typer.Option(help="Then it ends, whatever it found by then.")] = 60,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel the one that runs.")] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Have a worker look for duplicates, wrong labels, leakage, personal data and outliers."""
    wanted = options.checked(datasets.CheckBegin, minutes=minutes)

    async def work(session: Session, actor: Actor, _: Settings) -> Schema:
        if cancel:
            return await datasets.cancel_running_check(session, actor, dataset)
        return await datasets.begin_check(session, actor, dataset, wanted)

    found = _json(_inside(data_dir, organization, work))
    text = f"{found['id']}  {found['state']}\n`hone datasets show {dataset}` tells what was found."
    output.emit(found, as_json=as_json, text=text)


def _inside(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Session, Actor, Settings], Awaitable[T]],
) -> T:
    """Run something in one organization, as the system, in one transaction."""

    async def run(database: Database, actor: Actor, settings: Settings) -> T:
        async with database.transaction(actor.organization_id) as session:
            return await work(session, actor, settings)

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


def _json(shown: Schema) -> dict[str, Any]:
    return shown.model_dump(mode="json", by_alias=True)

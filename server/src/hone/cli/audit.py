"""`hone audit`: what was changed, by whom, and is the trail of it whole?"""

import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from hone import audit, identity
from hone.audit import EventExport, EventQuery, EventRead
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import events, keyring
from hone.core.db import Database
from hone.core.paging import Page

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Names = Annotated[
    list[str] | None,
    typer.Option("--name", help="What happened, as route.updated, or all of a kind: route."),
]
Actors = Annotated[list[str] | None, typer.Option("--actor", help="Who did it.")]
Subjects = Annotated[list[str] | None, typer.Option("--subject", help="What it happened to.")]
From = Annotated[datetime | None, typer.Option("--from", help="The first moment (UTC).")]
To = Annotated[datetime | None, typer.Option("--to", help="The moment after the last (UTC).")]
Text = Annotated[str | None, typer.Option("--text", help="Text in the event.")]


@app.callback()
def trail() -> None:
    """The trail of what was changed, by whom."""


@app.command("list")
@output.guarded
def list_events(
    name: Names = None,
    actor: Actors = None,
    subject: Subjects = None,
    since: From = None,
    until: To = None,
    text: Text = None,
    limit: Annotated[int, typer.Option(help="How many, from 1 to 500.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="`next` of the page before.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List events, newest first."""
    wanted = _wanted(name, actor, subject, since, until, text)
    query = options.checked(EventQuery, **wanted, limit=limit, cursor=cursor)

    async def ask(database: Database) -> Page[EventRead]:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await audit.search(session, identity.system(found), query, ring)

    with connected(options.settings(data_dir)) as settings:
        ring = keyring.load(settings)
        page = with_database(settings.app_url, ask)
    rows = [["at", "event", "subject", "by"], *(_row(each) for each in page.items)]
    document = page.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=output.table(rows) if page.items else "no events")


@app.command()
@output.guarded
def export(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; default: standard output.")
    ] = None,
    kind: Annotated[
        Literal["csv", "jsonl"], typer.Option("--format", help="How the file is written.")
    ] = "csv",
    name: Names = None,
    actor: Actors = None,
    subject: Subjects = None,
    since: From = None,
    until: To = None,
    text: Text = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Write the events that match to a file; --json tells what was written."""
    wanted = _wanted(name, actor, subject, since, until, text)
    query = options.checked(EventExport, **wanted, format=kind)
    if as_json and file is None:
        raise options.OptionWrong("--json needs a FILE: standard output holds the events.")

    async def write(database: Database) -> int:
        found = await identity.find_organization(database, organization)
        return await _write(file, audit.export(database, identity.system(found), query, ring))

    with connected(options.settings(data_dir)) as settings:
        ring = keyring.load(settings)
        size = with_database(settings.app_url, write)
    if file is not None:
        output.emit(
            {"file": str(file), "bytes": size}, as_json=as_json, text=f"wrote {file} ({size} bytes)"
        )


@app.command()
@output.guarded
def verify(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Walk the hash chain from its start and tell the first place that does not hold."""

    async def check(database: Database) -> tuple[int, events.Broken | None]:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await events.verify(session, found)

    with connected(options.settings(data_dir)) as settings:
        checked, broken = with_database(settings.app_url, check)
    text = f"{checked} events, the chain is whole"
    if broken is not None:
        text = f"{checked} events hold; broken at {broken.position}: {broken.reason}"
    document = {
        "checked": checked,
        "broken": broken and {"position": broken.position, "reason": broken.reason},
    }
    output.emit(document, as_json=as_json, text=text)
    if broken is not None:
        raise typer.Exit(1)


def _wanted(
    name: list[str] | None,
    actor: list[str] | None,
    subject: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    text: str | None,
) -> dict[str, Any]:
    wanted = {"name": name, "actor": actor, "subject": subject}
    wanted |= {"from": since, "to": until, "q": text}
    return {key: value for key, value in wanted.items() if value is not None}


def _row(event: EventRead) -> list[str]:
    by = event.actor.name or event.actor.id
    return [f"{event.at:%Y-%m-%d %H:%M:%S}Z", event.name, event.subject, by]


async def _write(file: Path | None, parts: AsyncIterator[bytes]) -> int:
    size = 0
    opened = sys.stdout.buffer if file is None else file.open("wb")
    try:
        async for part in parts:
            size += opened.write(part)
    finally:
        opened.flush()
        if file is not None:
            opened.close()
    return size

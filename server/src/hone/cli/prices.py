"""`hone prices`: a price that was wrong is put right, and so is what calls cost by it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from hone import identity, operations, registry
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.cli.reconcile import reconcile
from hone.core import clock
from hone.core.db import Database
from hone.core.instance import is_ours
from hone.core.settings import Settings
from hone.operations import CostSums, Rerating, Walk
from hone.registry import PriceRead, PriceWrite
from hone.serving import empty_spool

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

app.command()(reconcile)
_PROGRESS_SECONDS = 2.0
_USD = "USD per million tokens"


@app.callback()
def prices() -> None:
    """Prices that were wrong, and what calls cost by them."""


@app.command()
@output.guarded
def correct(
    model: Annotated[str, typer.Argument(help="The model's name in the organization.")],
    since: Annotated[datetime, typer.Option("--from", help="From when on it held (UTC).")],
    input_: Annotated[str, typer.Option("--input", help=f"Of input, in {_USD}.")],
    output_: Annotated[str, typer.Option("--output", help=f"Of output, in {_USD}.")],
    cached_input: Annotated[
        str | None, typer.Option(help="Of input read from the cache; absent: as any.")
    ] = None,
    cache_write: Annotated[
        str | None, typer.Option(help="Of input put into the cache; absent: as any.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="Part that a line of a batch paid, such as 0.5.")
    ] = None,
    cache_write_hour: Annotated[
        str | None,
        typer.Option(help="Of that to stay there for an hour; absent: as any put there."),
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Say what a price was from a moment in the past until the next one.

    The price that was there stays on record. What calls cost changes with `hone prices rerate`.
    """
    wanted = options.checked(
        PriceWrite,
        input=input_,
        output=output_,
        cached_input=cached_input,
        cache_write=cache_write,
        batch=batch,
        cache_write_hour=cache_write_hour,
        effective_from=_utc(since),
    )

    async def write(database: Database) -> PriceRead:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await registry.correct(session, identity.system(found), model, wanted)

    with connected(options.settings(data_dir)) as settings:
        made = with_database(settings.app_url, write)
    told = f"From {made.effective_from:%Y-%m-%d %H:%M:%S} UTC on: {made.input} for input,"
    told += f" {made.output} for output, in {_USD}.\nNow run `hone prices rerate`."
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=told)


@app.command()
@output.guarded
def rerate(
    since: Annotated[datetime, typer.Option("--from", help="The first moment (UTC).")],
    until: Annotated[
        datetime | None, typer.Option("--to", help="The moment after the last (UTC); absent: now.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Only calls of this model, by its name.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell the difference and write nothing.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Reckon anew what calls cost, at the prices that held when each was made.

    It may be interrupted and run again: what is right already stays as it is.
    """
    began = time.monotonic()

    async def work(settings: Settings, owner: Database) -> Rerating:
        found = await identity.find_organization(owner, organization)
        if not dry_run and is_ours(settings.data_dir):
            await empty_spool(settings)
        model_id = None if model is None else await _model_id(owner, found, model)
        end = clock.now() if until is None else _utc(until)
        walk = Walk(_utc(since), end, model_id, write=not dry_run)
        return await operations.rerate(owner, identity.system(found), walk, _progress(began))

    with connected(options.settings(data_dir)) as settings:
        done = with_database(settings.owner_url, partial(work, settings))
    output.emit(
        _document(done, dry_run=dry_run), as_json=as_json, text=_told(done, dry_run=dry_run)
    )


async def _model_id(owner: Database, organization_id: UUID, name: str) -> UUID:
    async with owner.transaction(organization_id) as session:
        return await registry.model_id(session, organization_id, name)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _progress(began: float) -> Callable[[Rerating], None]:
    """Say how far it is, where it takes long."""
    due = began + _PROGRESS_SECONDS

    def tell(found: Rerating) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + _PROGRESS_SECONDS
            typer.echo(
                f"{found.looked_at:,} calls looked at, {found.operations.changed:,} cost something"
                f" else, {now - began:.0f} s",
                err=True,
            )

    return tell


def _document(done: Rerating, *, dry_run: bool) -> dict[str, Any]:
    return {
        "written": not dry_run,
        "lookedAt": done.looked_at,
        "operations": _sums(done.operations),
        "estimated": done.estimated,
        "models": [{"model": name, **_sums(done.by_model[name])} for name in sorted(done.by_model)],
        "limitSums": done.limit_sums,
    }


def _sums(sums: CostSums) -> dict[str, Any]:
    return {
        "changed": sums.changed,
        "beforeUsd": output.usd(sums.before),
        "afterUsd": output.usd(sums.after),
        "differenceUsd": output.usd(sums.after - sums.before),
    }


def _told(done: Rerating, *, dry_run: bool) -> str:
    if not done.operations.changed:
        return f"{done.looked_at:,} calls looked at; every one costs what it should."
    rows = [["MODEL", "ATTEMPTS", "BEFORE", "AFTER", "DIFFERENCE"]]
    rows += [_line(name, done.by_model[name]) for name in sorted(done.by_model)]
    rows.append(_line("all, by operation", done.operations))
    text = output.table(rows)
    if done.estimated:
        text += f"\nOf {done.estimated:,} the usage is an estimate, and stays marked as one."
    if dry_run:
        return f"{text}\nNothing was written. Without --dry-run it is."
    return f"{text}\nWritten. Windows of limits that are over keep what was counted then."


def _line(name: str, sums: CostSums) -> list[str]:
    figures = (sums.before, sums.after, sums.after - sums.before)
    return [name, f"{sums.changed:,}", *(f"${output.usd(each)}" for each in figures)]

"""`hone limits`: how limits stand, and their counters made anew."""

import typer

from hone import identity, limits
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database
from hone.core.paging import Page, PageQuery
from hone.limits import LimitRead

app = typer.Typer(
    help="Limits on use and spending, and how they stand.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
@output.guarded
def list_limits(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 limits with their present use."""

    async def run(database: Database) -> Page[LimitRead]:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await limits.page(session, identity.system(found), PageQuery(limit=500))

    with connected(options.settings(data_dir)) as ready:
        page = with_database(ready.app_url, run)
    items = [each.model_dump(mode="json", by_alias=True) for each in page.items]
    rows = [["ID", "ON", "LIMIT", "USED", "REMAINING", "RESETS"]]
    for limit, document in zip(page.items, items, strict=True):
        on, use = limit.subject, limit.use
        window = f" a {limit.window.value}" if limit.window else ""
        resets = f"{use.resets_at:%Y-%m-%d %H:%M UTC}" if use.resets_at else ""
        rows.append(
            [
                str(document["id"]),
                f"{on.kind.value} {on.name or on.id}",
                f"{limit.amount} {limit.measure.value}{window}",
                use.used,
                use.remaining,
                resets,
            ]
        )
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def rebuild(data_dir: options.DataDir = None, as_json: options.AsJson = False) -> None:
    """Sum up anew, from the operations, what was used in the windows that are open."""
    with connected(options.settings(data_dir)) as ready:
        count = with_database(ready.owner_url, limits.rebuild)
    output.emit({"sums": count}, as_json=as_json, text=f"{count} sums were made anew.")

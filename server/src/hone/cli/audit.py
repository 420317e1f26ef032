"""`hone audit`: is the trail of events whole?"""

import typer

from hone import identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import events
from hone.core.db import Database

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def trail() -> None:
    """The trail of what was changed, by whom."""


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

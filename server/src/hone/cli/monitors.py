"""`hone monitors`: what is watched, how it stands, and a measurement at once."""

from typing import Annotated, Any

import typer

from hone import identity, monitoring
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import keyring
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.paging import PageQuery
from hone.monitoring import MonitorRead

app = typer.Typer(
    help="What is watched: objectives, metrics, drift, errors.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
MonitorId = Annotated[str, typer.Argument(help="Its id, such as mon_….")]


@app.command("list")
@output.guarded
def list_monitors(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List monitors, each with how it stands."""

    async def run(database: Database) -> list[MonitorRead]:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            actor = identity.system(found)
            return list((await monitoring.monitors(session, actor, PageQuery(limit=500))).items)

    with connected(options.settings(data_dir)) as ready:
        items = with_database(ready.app_url, run)
    rows = [["ID", "NAME", "KIND", "STATE", "WHAT WAS MEASURED"]]
    rows += [[each.id, each.name, each.kind, _state(each), each.words] for each in items]
    output.emit({"items": _documents(items)}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def check(
    monitor: MonitorId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Measure now, and tell how it stands."""
    with connected(options.settings(data_dir)) as ready:
        place = monitoring.Place(ready, keyring.load(ready), Blobs.open(ready))

        async def run(database: Database) -> MonitorRead:
            found = await identity.find_organization(database, organization)
            async with database.transaction(found) as session:
                return await monitoring.check(session, identity.system(found), place, monitor)

        seen = with_database(ready.app_url, run)
    text = f"{seen.name}: {_state(seen)}. {seen.words}"
    output.emit(_documents([seen])[0], as_json=as_json, text=text)


def _state(each: MonitorRead) -> str:
    return each.state if each.enabled else "off"


def _documents(items: list[MonitorRead]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json", by_alias=True) for each in items]

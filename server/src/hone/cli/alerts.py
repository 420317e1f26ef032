"""`hone alerts`: what somebody should know, acknowledged, silenced and resolved."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hone import identity, monitoring
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import clock
from hone.core.db import Database, Session
from hone.identity import Actor
from hone.monitoring import AlertRead, AlertResolve, AlertSilenceWrite, AlertsQuery

app = typer.Typer(
    help="Alerts: what is wrong, what to do, and that somebody did.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
AlertId = Annotated[str, typer.Argument(help="Its id, such as alert_….")]
T = TypeVar("T")


@app.command("list")
@output.guarded
def list_alerts(
    state: Annotated[
        str | None, typer.Option(help="open, acknowledged, silenced or resolved.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Only of this model.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 alerts."""
    query = options.checked(AlertsQuery, state=state, model=model, limit=500)

    async def page(session: Session, actor: Actor) -> list[AlertRead]:
        return list((await monitoring.alerts(session, actor, query)).items)

    items = _run(data_dir, organization, page)
    rows = [["ID", "SINCE", "SEVERITY", "STATE", "TITLE"]]
    rows += [
        [each.id, f"{each.opened_at:%Y-%m-%d %H:%M UTC}", each.severity, each.state, each.title]
        for each in items
    ]
    output.emit(
        {"items": [_document(each) for each in items]}, as_json=as_json, text=output.table(rows)
    )


@app.command()
@output.guarded
def show(
    alert: AlertId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show an alert: what shows it, and what can be done."""

    async def get(session: Session, actor: Actor) -> AlertRead:
        return await monitoring.alert(session, actor, alert)

    _say(_run(data_dir, organization, get), as_json=as_json)


@app.command()
@output.guarded
def acknowledge(
    alert: AlertId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Say that somebody is at it."""

    async def at_it(session: Session, actor: Actor) -> AlertRead:
        return await monitoring.acknowledge(session, actor, alert)

    _say(_run(data_dir, organization, at_it), as_json=as_json)


@app.command()
@output.guarded
def silence(
    alert: AlertId,
    reason: Annotated[str, typer.Option(help="Why nobody is to be rung.")],
    hours: Annotated[float, typer.Option(min=0.1, max=720, help="For how long.")] = 4.0,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let an alert ring nobody for some hours."""
    until = clock.now() + timedelta(hours=hours)
    wanted = options.checked(AlertSilenceWrite, until=until, reason=reason)

    async def quiet(session: Session, actor: Actor) -> AlertRead:
        return await monitoring.silence(session, actor, alert, wanted)

    _say(_run(data_dir, organization, quiet), as_json=as_json)


@app.command()
@output.guarded
def resolve(
    alert: AlertId,
    note: Annotated[str | None, typer.Option(help="What was the matter.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Say that an alert is over."""

    async def over(session: Session, actor: Actor) -> AlertRead:
        return await monitoring.resolve(session, actor, alert, AlertResolve(note=note))

    _say(_run(data_dir, organization, over), as_json=as_json)


def _run(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    with connected(options.settings(data_dir)) as ready:
        return with_database(ready.app_url, run)


def _say(alert: AlertRead, *, as_json: bool) -> None:
    parts = [f"{alert.title} ({alert.severity}, {alert.state})", alert.words, alert.recommendation]
    output.emit(_document(alert), as_json=as_json, text="\n".join(each for each in parts if each))


def _document(alert: AlertRead) -> dict[str, Any]:
    return alert.model_dump(mode="json", by_alias=True)

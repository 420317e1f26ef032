"""`hone costs`: what calls cost and earned, by any of what is known of them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from hone import identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import clock
from hone.core.db import Database
from hone.core.errors import Invalid
from hone.operations import CostExport, CostQuery, CostReport, costs_file, costs_report

_AGO = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_FILTERS = ("model", "route", "kind", "status", "user", "conversation")


class MomentWrong(Invalid):
    """A moment is written like 2026-01-31, 2026-01-31T12:00 or 7d, which is seven days ago."""

    code = "moment_wrong"


@output.guarded
def costs(
    by: Annotated[
        str | None,
        typer.Option(
            help="model, provider, route, key, person, team, user, conversation, kind, status,"
            " stream, or metadata. and a key of yours."
        ),
    ] = None,
    since: Annotated[
        str, typer.Option(help="From when on: 7d, 12h, 4w, or a moment (UTC).")
    ] = "30d",
    until: Annotated[str | None, typer.Option(help="Until when; absent: now.")] = None,
    step: Annotated[
        str | None, typer.Option(help="hour, day or month; with --csv a line for each.")
    ] = None,
    zone: Annotated[str, typer.Option(help="Whose days and months.")] = "UTC",
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME=VALUE",
            help="Only calls of this model, route, kind, status, user or conversation; may be given"
            " again.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="Values that are told one by one.")] = 20,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every value as CSV instead.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Add up what calls cost and earned, the dearest first."""
    given = {
        "by": by,
        "from_": _moment(since),
        "to": None if until is None else _moment(until),
        "step": step,
        "zone": zone,
        **_chosen(filters or []),
    }
    if as_csv:
        wanted = options.checked(CostExport, **given)
        with connected(options.settings(data_dir)) as ready:
            with_database(ready.app_url, lambda database: _print(database, organization, wanted))
        return
    query = options.checked(CostQuery, **given, limit=limit)

    async def run(database: Database) -> CostReport:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await costs_report(session, identity.system(found), query)

    with connected(options.settings(data_dir)) as ready:
        told = with_database(ready.app_url, run)
    output.emit(told.model_dump(mode="json", by_alias=True), as_json=as_json, text=_text(told))


async def _print(database: Database, organization: str | None, query: CostExport) -> None:
    found = await identity.find_organization(database, organization)
    async for piece in await costs_file(database, identity.system(found), query):
        typer.echo(piece, nl=False)


def _moment(text: str) -> datetime:
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return clock.now() - timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise MomentWrong from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _chosen(filters: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in filters:
        name, _, value = each.partition("=")
        if name not in _FILTERS or not value:
            raise options.OptionWrong(
                f"--only: {each!r} is not one of {', '.join(_FILTERS)}=VALUE."
            )
        found[name] = (*found.get(name, ()), value)
    return found


def _text(told: CostReport) -> str:
    head = f"{told.from_:%Y-%m-%d %H:%M} to {told.to:%Y-%m-%d %H:%M} UTC"
    rows = [[(told.by or "").upper() or "ALL", "CALLS", "COST", "SHARE", "BEFORE", "REVENUE"]]
    for item in told.items:
        name = item.label or item.value or "(none)"
        before = "" if item.before is None else _usd(item.before.cost_usd)
        rows.append(_row(name, item.calls, item.cost_usd, item.share, before, item.revenue_usd))
    if told.rest is not None:
        rest = told.rest
        name = f"({rest.values} more)"
        rows.append(_row(name, rest.calls, rest.cost_usd, rest.share, "", rest.revenue_usd))
    total = told.total
    before = "" if total.before is None else _usd(total.before.cost_usd)
    share = 1.0 if total.cost_usd else 0.0
    rows.append(_row("total", total.calls, total.cost_usd, share, before, total.revenue_usd))
    return f"{head}\n{output.table(rows)}"


def _row(
    name: str, calls: int, cost: float, share: float, before: str, revenue: float | None
) -> list[str]:
    earned = "" if revenue is None else _usd(revenue)
    return [name, f"{calls:,}", _usd(cost), f"{share:.1%}", before, earned]


def _usd(dollars: float) -> str:
    return f"${dollars:,.6f}".rstrip("0").rstrip(".")

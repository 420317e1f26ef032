"""`hone prices reconcile`: a provider's usage export beside our own books."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hone import identity, operations
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database
from hone.operations import Compared, Reconciliation, Used

_LARGEST = 64 << 20


@output.guarded
def reconcile(
    file: Annotated[Path, typer.Argument(help="The provider's export, as CSV.")],
    provider: Annotated[str, typer.Option(help="The provider's name in the organization.")],
    columns: Annotated[
        str | None,
        typer.Option(help="Its columns, as date=day,model=sku,input=a+b,output=c,cost=usd."),
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Compare a provider's usage export with the calls that went through Hone, by day and model.

    Exports of Anthropic (usage, cost) and of OpenAI (usage by model) are known by their columns, and
    so is date, model, input_tokens, output_tokens, cost. Days are UTC.
    """
    named = None if columns is None else operations.invoice_columns(columns)
    invoice = operations.read_invoice(output.read(file, _LARGEST), named)

    async def compare(database: Database) -> Reconciliation:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await operations.reconcile(session, identity.system(found), provider, invoice)

    with connected(options.settings(data_dir)) as settings:
        done = with_database(settings.app_url, compare)
    output.emit(_document(done), as_json=as_json, text=_told(done))


def _document(done: Reconciliation) -> dict[str, Any]:
    return {
        "captured": {each: _rate(done, each) for each in ("tokens", "cost")},
        "theirs": _used(done.theirs, done.measures),
        "ours": _used(done.ours, done.measures),
        "lines": [
            {
                "day": each.day.isoformat(),
                "model": each.model,
                "theirs": _used(each.theirs, done.measures),
                "ours": _used(each.ours, done.measures),
            }
            for each in done.lines
        ],
    }


def _used(used: Used | None, measures: frozenset[str]) -> dict[str, Any] | None:
    if used is None:
        return None
    told = {
        "inputTokens": used.input,
        "outputTokens": used.output,
        "costUsd": output.usd(used.cost),
    }
    names = {"input": "inputTokens", "output": "outputTokens", "cost": "costUsd"}
    return {name: told[name] for measure, name in names.items() if measure in measures}


def _rate(done: Reconciliation, measure: str) -> float | None:
    """Return ours over theirs; None where the export does not tell."""
    known = "cost" in done.measures if measure == "cost" else {"input", "output"} <= done.measures
    theirs, ours = getattr(done.theirs, measure), getattr(done.ours, measure)
    return round(ours / theirs, 6) if known and theirs else None


def _told(done: Reconciliation) -> str:
    rows = [["DAY", "MODEL", "THEIRS", "OURS", ""], *(_line(each, done) for each in done.lines)]
    captured = [
        f"{_rate(done, each) or 0:.2%} of {each}"
        for each in ("tokens", "cost")
        if _rate(done, each) is not None
    ]
    return f"{output.table(rows)}\nCaptured: {', '.join(captured) or 'cannot be told'}."


def _line(each: Compared, done: Reconciliation) -> list[str]:
    theirs, ours = (_figures(side, done.measures) for side in (each.theirs, each.ours))
    word = "not in ours" if each.ours is None else "not in theirs" if each.theirs is None else ""
    return [each.day.isoformat(), each.model, theirs, ours, word]


def _figures(used: Used | None, measures: frozenset[str]) -> str:
    if used is None:
        return "-"
    told = {
        "input": f"{used.input:,} in",
        "output": f"{used.output:,} out",
        "cost": f"${output.usd(used.cost)}",
    }
    return ", ".join(told[each] for each in told if each in measures)

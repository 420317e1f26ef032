"""`hone providers`: how providers are, told by every server process and by the log."""

from typing import Annotated

import typer

from hone import health, identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database
from hone.health import AttemptFigures, CircuitRead, HealthRead, HealthWindow

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def providers() -> None:
    """Whoever serves models, and how they are."""


@app.command("health")
@output.guarded
def show_health(
    window: Annotated[
        HealthWindow, typer.Option(help="Attempts of the last 15m, 1h, 6h or 24h.")
    ] = "1h",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show circuits in all server processes, errors and times of providers and their models."""

    async def run(database: Database) -> HealthRead:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await health.read(session, identity.system(found), window)

    with connected(options.settings(data_dir)) as ready:
        read = with_database(ready.app_url, run)
    document = read.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=_told(read))


def _told(read: HealthRead) -> str:
    rows = [["PROVIDER", "MODEL", "STATE", "ATTEMPTS", "FAILED", "P50", "P95", "FIRST TOKEN"]]
    for provider in read.items:
        rows.append([provider.name, "", provider.status, *_figures(provider)])
        rows.extend(
            ["", model.name, _circuit(model.circuit), *_figures(model)] for model in provider.models
        )
    return output.table(rows)


def _figures(of: AttemptFigures) -> list[str]:
    failed = f"{of.error_rate:.1%}" if of.attempts else "-"
    return [str(of.attempts), failed, *map(_ms, (of.p50_ms, of.p95_ms, of.ttft_p50_ms))]


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f} ms"


def _circuit(circuit: CircuitRead) -> str:
    state = circuit.state.value.replace("_", " ")
    if circuit.until is None or not circuit.open_in:
        return state
    return f"{state} in {circuit.open_in} of {circuit.processes} until {circuit.until:%H:%M:%S} UTC"

"""`hone simulate`: a provider that answers, streams, stalls, fails and bills on command."""

from pathlib import Path
from typing import Annotated

import typer

from hone.cli import output
from hone.core.errors import Invalid
from hone.simulator import Price, SimulatorConfig, run


class PriceWrong(Invalid):
    """Write a price as MODEL=INPUT/OUTPUT, such as venue=2.5/10."""

    code = "price_wrong"


def _price(text: str) -> tuple[str, Price]:
    model, _, figures = text.rpartition("=")
    parts = figures.split("/")
    if not model or len(parts) not in {2, 3}:
        raise PriceWrong
    try:
        return model, Price(*parts)
    except ValueError as error:
        raise PriceWrong(str(error)) from error


@output.guarded
def simulate(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 9001,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[int, typer.Option(help="Answers depend on it.")] = 0,
    ledger: Annotated[
        Path | None, typer.Option(help="Keep the ledger in this file (JSON Lines) too.")
    ] = None,
    api_key: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Accept this key only; may be given again."),
    ] = None,
    silence: Annotated[
        float, typer.Option(help="Seconds that a stall or a silence lasts at most.")
    ] = 600.0,
    price: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL=INPUT/OUTPUT", help="USD per million tokens; may be given again."
        ),
    ] = None,
) -> None:
    """Serve a simulated provider in OpenAI's wire format."""
    config = SimulatorConfig(
        seed=seed,
        ledger_path=ledger,
        api_keys=frozenset(api_key or ()),
        silence_seconds=silence,
        prices=dict(_price(each) for each in price or ()),
    )

    def ready(actual: int) -> None:
        typer.echo(f"simulated provider at http://{host}:{actual}/v1 (control: /simulator/…)")

    run(config, host, port, ready)

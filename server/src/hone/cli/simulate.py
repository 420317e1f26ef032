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


class SigningKeyWrong(Invalid):
    """Write a signing key as ACCESSKEY=SECRET."""

    code = "signing_key_wrong"


def _price(text: str) -> tuple[str, Price]:
    model, _, figures = text.rpartition("=")
    parts = figures.split("/")
    if not model or len(parts) not in {2, 3, 4, 5}:
        raise PriceWrong
    try:
        return model, Price(*parts)
    except ValueError as error:
        raise PriceWrong(str(error)) from error


def _signing_key(text: str) -> tuple[str, str]:
    name, _, secret = text.partition("=")
    if not name or not secret:
        raise SigningKeyWrong
    return name, secret


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
    signing_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACCESSKEY=SECRET",
            help="Accept requests to Bedrock signed with this key only; may be given again.",
        ),
    ] = None,
    silence: Annotated[
        float, typer.Option(help="Seconds that a stall or a silence lasts at most.")
    ] = 600.0,
    price: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL=INPUT/OUTPUT[/CACHED[/WRITTEN[/HOUR]]]",
            help="USD per million tokens; may be given again.",
        ),
    ] = None,
) -> None:
    """Serve a simulated provider in the formats of OpenAI, Anthropic, Google, Amazon and Ollama."""
    config = SimulatorConfig(
        seed=seed,
        ledger_path=ledger,
        api_keys=frozenset(api_key or ()),
        signing_keys=dict(_signing_key(each) for each in signing_key or ()),
        silence_seconds=silence,
        prices=dict(_price(each) for each in price or ()),
    )

    def ready(actual: int) -> None:
        typer.echo(f"simulated provider at http://{host}:{actual}/v1 (control: /simulator/…)")

    run(config, host, port, ready)

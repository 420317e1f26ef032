"""The command line: `hone up` and what an operator does beside it."""

from typing import Annotated

import typer

import hone
from hone.cli import audit, backup, bootstrap, doctor, keys, simulate, up

app = typer.Typer(
    name="hone",
    help="A self-hosted platform on which AI models, and the people who run them, get better.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up.up)
app.command()(up.serve)
app.command()(up.work)
app.command()(simulate.simulate)
app.command()(bootstrap.apply)
app.command()(bootstrap.migrate)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hone {hone.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Run a command; `hone COMMAND --help` explains it."""


def main() -> None:
    """Run the command line."""
    app()

"""The command line: `hone up` and what an operator does beside it.

A command's module is imported when the command is run, so that each pays for what it needs only.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, cast

import typer
import typer.core
import typer.main

import hone
from hone.cli import places

COMMANDS: Final = {
    "up": ("hone.cli.up:up", "Run everything on this machine, its database included."),
    "serve": ("hone.cli.up:serve", "Run a server beside a database of your own."),
    "work": ("hone.cli.up:work", "Run background jobs beside a database of your own."),
    "predict": ("hone.cli.up:predict", "Serve trained models beside a database of your own."),
    "models": ("hone.cli.models:app", "Trained models: versions, what is live, and what was."),
    "release": ("hone.cli.releases:app", "Releases: step by step to the traffic, and back."),
    "migrate": ("hone.cli.start:migrate", "Bring the database schema up to date."),
    "apply": ("hone.cli.declare:apply", "Bring providers, models, routes and limits to a file."),
    "import": ("hone.cli.importing:app", "Move from another gateway: its file as one of ours."),
    "keys": ("hone.cli.keys:app", "API keys, and the master key above all keys."),
    "batches": ("hone.cli.batches:app", "Many calls in one file, made in the background."),
    "datasets": ("hone.cli.datasets:app", "What models learn from: files, versions, checks."),
    "experiments": ("hone.cli.experiments:app", "Two models on the same traffic."),
    "feedback": ("hone.cli.feedback:app", "What people said of answers."),
    "limits": ("hone.cli.limits:app", "Limits on use and spending, and how they stand."),
    "providers": ("hone.cli.providers:app", "How providers and their models are."),
    "routing": ("hone.cli.routing:app", "Learned routing: which model is worth its price."),
    "training": ("hone.cli.training:app", "Training: runs begun, watched, read and ended."),
    "improve": ("hone.cli.improve:app", "Improvement: when models learn anew by themselves."),
    "monitors": ("hone.cli.monitors:app", "What is watched: objectives, metrics, drift, errors."),
    "alerts": ("hone.cli.alerts:app", "Alerts: what is wrong, what to do, and that somebody did."),
    "prices": ("hone.cli.prices:app", "Prices that were wrong, and what calls cost by them."),
    "costs": ("hone.cli.costs:costs", "What calls cost and earned, by model, key, team and more."),
    "people": ("hone.cli.people:app", "People: invitations, roles, links to a new password."),
    "audit": ("hone.cli.audit:app", "The trail of what was changed, by whom."),
    "erase": ("hone.cli.erase:erase", "Erase a person or an end user, for good."),
    "backup": ("hone.cli.backup:backup", "Write everything to one file, while Hone runs."),
    "restore": ("hone.cli.restore:restore", "Fill an empty data directory from a backup."),
    "doctor": ("hone.cli.doctor:doctor", "Look at all that a start needs."),
    "simulate": ("hone.cli.simulate:simulate", "Serve a simulated provider."),
}
"""Where each command lies, and its line in `hone --help`."""


class _Later(typer.core.TyperCommand):
    """A command that is known by name; its module is imported when it is run or explained."""

    def __init__(self, name: str, place: str, about: str) -> None:
        super().__init__(name, help=about, rich_markup_mode=None)
        self._place = place

    def make_context(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401
        """Hand the arguments to the real command."""
        found = places.find(self._place)
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found).make_context(*args, **extra)
        alone = _typer(add_completion=False)
        alone.command(self.name)(cast("Callable[..., object]", found))
        return typer.main.get_command(alone).make_context(*args, **extra)


class _Commands(typer.core.TyperGroup):
    """The commands of `hone`."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401
        super().__init__(**attributes)
        for name, (place, about) in COMMANDS.items():
            self.add_command(_Later(name, place, about))


def _typer(**options: Any) -> typer.Typer:  # noqa: ANN401
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **options,
    )


app = _typer(
    name="hone",
    cls=_Commands,
    help="A self-hosted platform on which AI models, and the people who run them, get better.",
    no_args_is_help=True,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hone {hone.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Run a command; `hone COMMAND --help` explains it."""


def main() -> None:
    """Run the command line."""
    app(prog_name="hone")

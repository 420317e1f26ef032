"""The command line: every command, its arguments and its options."""

from collections.abc import Iterator

import click
import typer
import typer.main

from hone.cli import COMMANDS, places
from tools.reference.markdown import code, page, said, table

_OF_ALL = {"help", "version"}


def cli_page() -> str:
    """Write the page."""
    parts = [_command(path, command) for path, command in every()]
    return page(
        "Command line",
        "`hone COMMAND --help` says the same. `--json` prints one JSON document where a command has "
        "something to tell. A command that fails says why on standard error and exits with a "
        "status other than 0. [Settings](settings.md) come from the environment; an option wins.",
        *parts,
    )


def every() -> Iterator[tuple[str, click.Command]]:
    """List each command that can be run, by its full name."""
    for name, (place, _) in COMMANDS.items():
        found = places.find(place)
        if isinstance(found, typer.Typer):
            group = typer.main.get_group(found)
            for inner in group.commands.values():
                yield f"hone {name} {inner.name}", inner
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(name)(found)  # pyright: ignore[reportArgumentType]
            yield f"hone {name}", typer.main.get_command(alone)


def _command(path: str, command: click.Command) -> str:
    shown = [each for each in command.params if each.name not in _OF_ALL]
    arguments = [each for each in shown if isinstance(each, click.Argument)]
    usage = " ".join([path, *(_usage(each) for each in arguments)])
    rows = [[code(_spelled(each)), _meaning(path, each)] for each in shown]
    parts = [f"## {path}\n", said(command.help, path), "", f"```\n{usage} [OPTIONS]\n```\n"]
    return "\n".join([*parts, table(["argument or option", "meaning"], rows)] if rows else parts)


def _usage(argument: click.Argument) -> str:
    return argument.make_metavar(click.Context(click.Command("hone")))


def _spelled(param: click.Parameter) -> str:
    if isinstance(param, click.Argument):
        return _usage(param)
    return ", ".join([*param.opts, *param.secondary_opts])


def _meaning(path: str, param: click.Parameter) -> str:
    text = said(getattr(param, "help", None), f"{path} {_spelled(param)}")
    default = param.default
    if default in (None, False, (), "") or callable(default):
        return text
    return f"{text} Default: {code(str(default))}."

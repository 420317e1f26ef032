"""How every command speaks: text for people, JSON for programs, errors on the error channel."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from hone.core.errors import AppError, Invalid
from hone.core.settings import Settings


class Unreadable(Invalid):
    """This file cannot be read."""

    code = "file_unreadable"


class OptionWrong(Invalid):
    """An option of this command is not acceptable."""

    code = "option_wrong"


P = ParamSpec("P")
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of everything Hone keeps (HONE_DATA_DIR)."),
]
OrganizationName = Annotated[
    str | None,
    typer.Option("--organization", help="Its slug; needed only where there are several."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def settings(data_dir: Path | None = None, **groups: dict[str, Any]) -> Settings:
    """Read the settings; what the command line says wins over the environment."""
    made = Settings()
    update: dict[str, Any] = {"data_dir": (data_dir or made.data_dir).expanduser().absolute()}
    for name, values in groups.items():
        given = {key: value for key, value in values.items() if value is not None}
        update[name] = getattr(made, name).model_copy(update=given)
    return made.model_copy(update=update)


def emit(value: object, *, as_json: bool, text: str) -> None:
    """Print a result."""
    typer.echo(json.dumps(value, indent=2, default=str) if as_json else text)


def table(rows: list[list[str]]) -> str:
    """Lay out rows in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def fail(error: AppError) -> typer.Exit:
    """Say what went wrong and return the exit."""
    typer.secho(f"hone: {error.message}", err=True, fg=typer.colors.RED)
    return typer.Exit(1)


def guarded(command: Callable[P, T]) -> Callable[P, T]:
    """Turn expected errors into a message and exit code 1, without a stack trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except AppError as error:
            raise fail(error) from error

    return run


def exit_code(work: Callable[[], None]) -> int:
    """Run something in a child process: 0 when it worked, 1 with a message when it did not."""
    try:
        work()
    except AppError as error:
        typer.secho(f"hone: {error.message}", err=True, fg=typer.colors.RED)
        return 1
    return 0


def read(file: Path, limit: int = 1 << 20) -> str:
    """Read a file that a person names."""
    try:
        if file.stat().st_size > limit:
            raise Unreadable(f"{file} is larger than {limit >> 20} MB.")
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file} cannot be read: {error}") from error


def checked(model: type[M], **values: object) -> M:
    """Build a request from options; what is wrong with it is said in the API's own words."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise OptionWrong(f"{where}: {first['msg']}") from error


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run something asynchronous to its end."""
    return asyncio.run(work)

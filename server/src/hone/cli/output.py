"""How every command speaks: text for people, JSON for programs, errors on the error channel."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

from hone.core.errors import AppError, Invalid


class Unreadable(Invalid):
    """This file cannot be read."""

    code = "file_unreadable"


P = ParamSpec("P")
T = TypeVar("T")


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


def usd(pico: int) -> str:
    """Write pico-dollars as dollars, exactly."""
    exact = f"{Decimal(pico).scaleb(-12):f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def complain(error: AppError | OSError) -> None:
    """Say what went wrong, without a stack trace."""
    message = error.message if isinstance(error, AppError) else str(error)
    typer.secho(f"hone: {message}", err=True, fg=typer.colors.RED)


def guarded(command: Callable[P, T]) -> Callable[P, T]:
    """Turn expected errors into a message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except (AppError, OSError) as error:
            complain(error)
            raise typer.Exit(1) from error

    return run


def exit_code(work: Callable[[], None]) -> int:
    """Run something in a child process: 0 when it worked, 1 with a message when it did not."""
    try:
        work()
    except (AppError, OSError) as error:
        complain(error)
        return 1
    return 0


def read(file: Path, limit: int = 1 << 20) -> str:
    """Read a file that a person names."""
    try:
        if file.stat().st_size > limit:
            raise Unreadable(f"{file} is larger than {limit >> 20} MB.")
        return file.read_text("utf-8")
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file} cannot be read: it is not UTF-8.") from error

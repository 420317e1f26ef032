"""Errors: every code that the API and the command line answer with."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

import hone
from hone.core.errors import AppError
from tools.reference.markdown import Undocumented, code, page, said, table

_SKIPPED: Final = {"hone.cli.__main__"}
_TYPES: Final = {True: "`server_error`", False: "`invalid_request_error`"}


def errors_page() -> str:
    """Write the page."""
    rows = sorted(
        (each.status, code(each.code), said(each.__doc__, each.__name__))
        for each in every()
        if each is not AppError
    )
    unique = {(status, name): (str(status), name, text) for status, name, text in rows}
    return page(
        "Errors",
        "Every failure has one shape, OpenAI's, so that every client of theirs reads it: "
        '`{"error": {"message", "type", "code", "param", "details"?}}`, with the header '
        "`x-request-id`. `code` is for programs and does not change; `message` is for people and "
        "may. `type` is `server_error` for a status from 500 on, else `invalid_request_error`. "
        "`param` names the part of the request that is meant. Where waiting helps, there is a "
        "`Retry-After`.\n\nThe command line uses the same codes; its exit status is not 0.",
        table(["status", "code", "meaning"], unique.values()),
    )


def every() -> list[type[AppError]]:
    """Import all of Hone and list its errors; each must say its own code and meaning."""
    for module in pkgutil.walk_packages(hone.__path__, "hone."):
        if module.name not in _SKIPPED:
            importlib.import_module(module.name)
    found = list(_below(AppError))
    silent = [each.__name__ for each in found if "__doc__" not in vars(each) or not each.__doc__]
    if silent:
        raise Undocumented(f"errors without a docstring: {sorted(silent)}")
    return found


def _below(parent: type[AppError]) -> Iterator[type[AppError]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("hone."):
            yield child
            yield from _below(child)

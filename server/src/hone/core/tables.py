"""Lists as files: CSV that no spreadsheet takes for formulas, and JSON lines."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import msgspec

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_line(cells: Sequence[object]) -> bytes:
    """Write a row; what is not a text or a number is written as JSON."""
    written = io.StringIO()
    csv.writer(written).writerow([_cell(each) for each in cells])
    return written.getvalue().encode()


def json_line(row: object) -> bytes:
    """Write a row as one line of JSON."""
    return msgspec.json.encode(row) + b"\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    told = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    # The apostrophe tells a spreadsheet that this is text; it is not shown there.
    # One that is its own before such a thing gets another, so that who reads it takes off ours.
    return f"'{told}" if told.lstrip("'").startswith(FORMULA) else told

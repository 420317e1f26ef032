"""A provider's usage export, read: what it says was used and owed, by day and model.

The vendors do not document their files; the columns here are those that their exports have had.
Any other file is read by naming its columns.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from hone.core.errors import Invalid

Columns = Mapping[str, Sequence[str]]
"""For each of `FIELDS`, the columns that are added up to it."""
FIELDS: Final = ("date", "model", "input", "output", "cost")
KNOWN: Final[Sequence[Columns]] = (
    # Anthropic's usage, which has no cost.
    {
        "date": ["usage_date_utc"],
        "model": ["model_version"],
        "input": [
            "usage_input_tokens_no_cache",
            "usage_input_tokens_cache_write_5m",
            "usage_input_tokens_cache_write_1h",
            "usage_input_tokens_cache_read",
        ],
        "output": ["usage_output_tokens"],
    },
    # Anthropic's cost, which has no tokens.
    {"date": ["usage_date_utc"], "model": ["model"], "cost": ["cost_usd"]},
    # OpenAI's usage of completions, grouped by model.
    {
        "date": ["start_time_iso"],
        "model": ["model"],
        "input": ["input_tokens"],
        "output": ["output_tokens"],
    },
    {
        "date": ["date"],
        "model": ["model"],
        "input": ["input_tokens"],
        "output": ["output_tokens"],
        "cost": ["cost"],
    },
)
_MEASURES: Final = ("input", "output", "cost")
_DATED: Final = re.compile(r"[-@](\d{8}|\d{4}-\d{2}-\d{2})$")
_PICO: Final = 10**12
_LONGEST: Final = 40


class InvoiceUnreadable(Invalid):
    """This usage export cannot be read."""

    code = "invoice_unreadable"


@dataclass(slots=True)
class Used:
    """What was used of a model on a day; cost in pico-dollars."""

    input: int = 0
    output: int = 0
    cost: int = 0

    @property
    def tokens(self) -> int:
        """Return the tokens of both directions."""
        return self.input + self.output

    def add(self, other: "Used") -> None:
        """Add what somebody else counted."""
        self.input += other.input
        self.output += other.output
        self.cost += other.cost


Books = dict[tuple[date, str], Used]
"""By day and by model, called as `plain` calls it."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an export says."""

    lines: Books
    measures: frozenset[str]
    """What it tells: `input`, `output`, `cost`."""


def plain(model: str) -> str:
    """Name a model without its date, as vendors' files and calls name it alike."""
    return _DATED.sub("", model.strip().lower().replace(" ", "-").replace(".", "-"))


def columns(text: str) -> Columns:
    """Read `date=day,model=sku,input=fresh+cached,output=out,cost=usd`."""
    pairs = [each.partition("=") for each in text.split(",")]
    named = {name.strip(): found.strip().split("+") for name, _, found in pairs}
    wrong = [name for name in named if name not in FIELDS]
    if wrong or not {"date", "model"} <= named.keys() or not named.keys() & set(_MEASURES):
        raise InvoiceUnreadable(
            "Columns are named like date=day,model=sku,input=fresh+cached,output=out,cost=usd;"
            " date, model and one of the others are needed."
        )
    return named


def read_invoice(text: str, named: Columns | None = None) -> Invoice:
    """Read a CSV file; raise `InvoiceUnreadable` that says what is wrong with it."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    present = list(rows.fieldnames or [])
    chosen = _chosen(present) if named is None else named
    missing = [each for found in chosen.values() for each in found if each not in present]
    if missing:
        raise InvoiceUnreadable(
            f"It has no column {missing[0]!r}; it has: {', '.join(present)}.", param="columns"
        )
    lines: Books = {}
    for row in rows:
        used = Used(*(_sum(row, chosen.get(each, ()), each, rows.line_num) for each in _MEASURES))
        if used != Used():
            day, model = _day(row[chosen["date"][0]], rows.line_num), row[chosen["model"][0]]
            lines.setdefault((day, plain(model or "")), Used()).add(used)
    if not lines:
        raise InvoiceUnreadable("It says of nothing that it was used.")
    return Invoice(lines, frozenset(chosen) & frozenset(_MEASURES))


def _chosen(present: Sequence[str]) -> Columns:
    """Find what kind of file it is; of the plain one, one measure is enough."""
    for known in KNOWN:
        found = {name: each for name, each in known.items() if set(each) <= set(present)}
        whole = known if known is not KNOWN[-1] else ("date", "model")
        if found.keys() >= set(whole) and found.keys() & set(_MEASURES):
            return found
    raise InvoiceUnreadable(
        f"Its columns are not known; name them with --columns. It has: {', '.join(present)}.",
        param="columns",
    )


def _sum(row: Mapping[str, str | None], names: Sequence[str], measure: str, line: int) -> int:
    return sum(_number(row[name], measure, line) for name in names)


def _number(text: str | None, measure: str, line: int) -> int:
    """Read tokens, or USD as pico-dollars; what is smaller than one is cut off."""
    said = (text or "").strip().removeprefix("$").replace(",", "")
    if not said:
        return 0
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 15 or len(said) > _LONGEST:
        raise InvoiceUnreadable(f"Line {line}: {said[:_LONGEST]!r} is not a number.")
    return int(number * (_PICO if measure == "cost" else 1))


def _day(text: str | None, line: int) -> date:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        raise InvoiceUnreadable(
            f"Line {line}: {(text or '')[:_LONGEST]!r} is not a day such as 2026-01-31."
        ) from None

"""Rates and budgets as limits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from hone.cli.litellm.reading import Reading
from hone.cli.litellm.source import Path

Budget = tuple[Decimal, str | None]
"""USD, and how long until they are there again."""

_EXACT: Final = Decimal("0.000001")
_MOST_USD: Final = 1_000_000
_RATES: Final = (("rpm", "requests"), ("tpm", "tokens"))
_WINDOWS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("60s", "1m"), "minute"),
    **dict.fromkeys(("86400s", "1440m", "24h", "1d", "daily"), "day"),
    **dict.fromkeys(("1mo", "30d", "31d", "720h", "monthly"), "month"),
}
_CALENDAR: Final = frozenset({"1mo", "monthly"})


def limits(
    subject: Mapping[str, str], amounts: Mapping[str, Decimal | None], concurrency: Decimal | None
) -> list[dict[str, object]]:
    """Write the rates of a deployment as limits on its model."""
    made: list[dict[str, object]] = []
    for theirs, measure in _RATES:
        amount = amounts[theirs]
        if amount is not None:
            made.append(
                {
                    "subject": dict(subject),
                    "measure": measure,
                    "window": "minute",
                    "amount": amount,
                }
            )
    own = amounts["max_parallel_requests"]
    calls = concurrency if own is None else own
    if calls is not None:
        made.append({"subject": dict(subject), "measure": "concurrency", "amount": calls})
    return made


def budget(
    reading: Reading, path: Path, subject: Mapping[str, str], given: Budget
) -> dict[str, object] | None:
    """Write a budget as a limit on cost; None, and told, where no window is its like."""
    usd, duration = given
    window = _WINDOWS.get(duration or "")
    if window is None:
        within = f"in {duration}" if duration else "without a budget_duration"
        message = f"{usd} USD {within} is no limit of Hone's; they are by minute, day or month"
        reading.tell("left", path, message)
        return None
    if usd > _MOST_USD:
        reading.tell("left", path, f"a limit is at most {_MOST_USD} USD")
        return None
    if window == "month" and duration not in _CALENDAR:
        reading.tell("changed", path, f"{duration} becomes the calendar's month, in UTC")
    amount = usd.quantize(_EXACT)
    if amount != usd:
        reading.tell("changed", path, "is rounded to six decimals of USD")
    return {"subject": dict(subject), "measure": "cost", "window": window, "amount": amount}

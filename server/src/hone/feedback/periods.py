"""Periods of time that figures are of, in whole hours: pure."""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple

from hone.feedback.schemas import Period

_LENGTHS: Final[dict[Period, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
MOST_DAYS: Final = 366
"""So many steps a trend of all time has at most."""


class Span(NamedTuple):
    """A stretch of time; its end is not included."""

    since: datetime
    until: datetime


def span(period: Period, now: datetime) -> Span:
    """Lay a period so that the running hour is its last."""
    until = _EPOCH + ((now - _EPOCH) // _HOUR + 1) * _HOUR
    length = _LENGTHS.get(period)
    return Span(_EPOCH if length is None else until - length, until)


def before(period: Period, now: datetime) -> Span | None:
    """Lay the period before, as long; all time has none before it."""
    length = _LENGTHS.get(period)
    if length is None:
        return None
    since = span(period, now).since
    return Span(since - length, since)


def step(period: Period) -> Literal["hour", "day"]:
    """Tell how fine a trend is."""
    return "hour" if period in {"hour", "day"} else "day"


def steps(period: Period, now: datetime, first: datetime | None) -> list[datetime]:
    """List the steps of a trend; that of all time begins with the first that was told."""
    whole = span(period, now)
    width = _HOUR if step(period) == "hour" else _DAY
    since = whole.since
    if period == "all":
        since = max(first or whole.until - _DAY, whole.until - _DAY * MOST_DAYS)
    at = _EPOCH + (since - _EPOCH) // width * width
    made: list[datetime] = []
    while at < whole.until:
        made.append(at)
        at += width
    return made

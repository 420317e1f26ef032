"""When a schedule comes: five fields of cron, read in a time zone.

A time that the clocks skip in spring comes when they have skipped it; one that they show twice in autumn
comes once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hone.core.errors import Invalid

_DAYS_AHEAD: Final = 366 * 9
"""A 29th of February on a given weekday may be so far away."""
_MONTHS: Final[Sequence[str]] = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_WEEKDAYS: Final[Sequence[str]] = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class CronWrong(Invalid):
    """Write five fields: minute, hour, day of the month, month, day of the week; such as 0 3 * * 1."""

    code = "cron_wrong"


class ZoneUnknown(Invalid):
    """There is no such time zone; write one such as Europe/Berlin."""

    code = "timezone_unknown"


@dataclass(frozen=True, slots=True)
class Cron:
    """What a line of cron allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either: bool
    """Days of the month and of the week are both given: one of them suffices."""

    def on(self, day: datetime) -> bool:
        """Tell whether it comes on a day."""
        if day.month not in self.months:
            return False
        by_date, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_date or by_week if self.either else by_date and by_week

    def local(self, after: datetime) -> Iterator[datetime]:
        """Count the times behind one, without a zone."""
        midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(_DAYS_AHEAD):
            day = midnight + timedelta(days=ahead)
            if not self.on(day):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    found = day.replace(hour=hour, minute=minute)
                    if found > after:
                        yield found


def read(text: str) -> Cron:
    """Read a line of cron; raise `CronWrong`."""
    fields = text.lower().split()
    if len(fields) != 5:
        raise CronWrong(param="cron")
    minute, hour, day, month, weekday = fields
    weekdays = frozenset(each % 7 for each in _field(weekday, 0, 7, _WEEKDAYS, 0))
    found = Cron(
        _field(minute, 0, 59),
        _field(hour, 0, 23),
        _field(day, 1, 31),
        _field(month, 1, 12, _MONTHS, 1),
        weekdays,
        either=not day.startswith("*") and not weekday.startswith("*"),
    )
    if next(found.local(datetime(2000, 1, 1)), None) is None:  # noqa: DTZ001 - any day will do
        raise CronWrong(f"{text!r} never comes.", param="cron")
    return found


def zone(name: str) -> ZoneInfo:
    """Find a time zone; raise `ZoneUnknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(f"There is no time zone {name!r}.", param="timezone") from error


def following(cron: Cron, where: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Count the moments behind one, in UTC."""
    last = after
    for local in cron.local(after.astimezone(where).replace(tzinfo=None) - timedelta(hours=2)):
        moment = local.replace(tzinfo=where).astimezone(UTC)
        if moment > last:
            last = moment
            yield moment


def opening(start: time, end: time, where: ZoneInfo, at: datetime) -> datetime:
    """Tell when a daily window is open next: now, or at its start."""
    local = at.astimezone(where)
    inside = (
        start <= local.time() < end if start < end else local.time() >= start or local.time() < end
    )
    if inside or start == end:
        return at
    day = local.date() if local.time() < start else local.date() + timedelta(days=1)
    return datetime.combine(day, start, where).astimezone(UTC)


def _field(
    text: str, low: int, high: int, names: Sequence[str] | None = None, first: int = 0
) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            begin, end = low, high
        else:
            left, dash, right = span.partition("-")
            begin = _number(left, names, first)
            end = _number(right, names, first) if dash else (high if step else begin)
        every = _number(step, None, 0) if "/" in part else 1
        if not low <= begin <= end <= high or every < 1:
            raise CronWrong(f"{part!r} is not between {low} and {high}.", param="cron")
        found.update(range(begin, end + 1, every))
    return frozenset(found)


def _number(text: str, names: Sequence[str] | None, first: int) -> int:
    if names is not None and text in names:
        return names.index(text) + first
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise CronWrong(f"{text!r} is no number here.", param="cron")
    return int(text)

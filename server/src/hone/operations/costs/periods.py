"""A stretch of time in steps of somebody's calendar, and in pieces that sums are kept of: pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import pairwise
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hone.core.errors import Invalid
from hone.operations.filters import Stretch

Step = Literal["hour", "day", "month"]
SPANS: Final = (1440, 60, 15)
"""Minutes that there are sums of, the longest first."""
SINGLE: Final = 0
"""Stands for what no sum covers: the calls themselves."""
MOST_STEPS: Final = 800
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_USUAL_DAYS: Final = 30
_QUARTER: Final = timedelta(minutes=15)


class TooManySteps(Invalid):
    """This stretch of time has too many steps; take longer ones or less time."""

    code = "too_many_steps"


class UnknownZone(Invalid):
    """There is no such time zone; name one like Europe/Berlin."""

    code = "unknown_zone"


class Period(NamedTuple):
    """What is added up: from the first edge to the last, step by step."""

    edges: Sequence[datetime]
    step: Step | None
    zone: ZoneInfo
    before: Stretch
    """As long, right before; where the period still runs, as long as it has run."""

    @property
    def since(self) -> datetime:
        """Where it begins."""
        return self.edges[0]

    @property
    def until(self) -> datetime:
        """Where it ends; not included."""
        return self.edges[-1]


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"There is no time zone {name!r}.", param="zone") from error


def plan(
    since: datetime | None, until: datetime | None, step: Step | None, zone: ZoneInfo, now: datetime
) -> Period:
    """Lay the steps of a period; without a beginning it is thirty days, without an end until now."""
    # Nothing is later than now, and up to the end of the quarter there are sums.
    present = bound(now, 15, up=True)
    end = present if until is None else max(present, until) if until >= now else until
    start = since
    if start is None:
        local = min(end, now).astimezone(zone)
        start = _day(local, zone, -(_USUAL_DAYS - 1))
    if start >= end:
        raise Invalid("`to` must be later than `from`.", param="from")
    passed = min(end, max(present, start + _QUARTER)) - start
    before = start.astimezone(zone) - (end - start)
    first = before.astimezone(UTC)
    return Period(_edges(start, end, step, zone), step, zone, Stretch(first, first + passed))


def _edges(since: datetime, until: datetime, step: Step | None, zone: ZoneInfo) -> list[datetime]:
    edges = [since.astimezone(UTC)]
    while step is not None:
        following = _following(edges[-1], step, zone)
        if following >= until:
            break
        edges.append(following)
        if len(edges) > MOST_STEPS:
            raise TooManySteps(param="step", details={"most": MOST_STEPS})
    return [*edges, until.astimezone(UTC)]


def _following(at: datetime, step: Step, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    if step == "hour":
        offset = local.utcoffset() or timedelta()
        return bound(at + offset, 60) + timedelta(hours=1) - offset
    if step == "day":
        return _day(local, zone, 1)
    return _day((local.replace(day=1) + timedelta(days=31)).replace(day=1), zone, 0)


def _day(local: datetime, zone: ZoneInfo, days: int) -> datetime:
    """Tell when a day begins, so many days after another."""
    date = local.date() + timedelta(days=days)
    return datetime.combine(date, clock_time(), zone).astimezone(UTC)


def bound(at: datetime, minutes: int, *, up: bool = False) -> datetime:
    """Round a moment to a multiple of so many minutes of UTC."""
    length = timedelta(minutes=minutes)
    count = (at - _EPOCH) / length
    return _EPOCH + length * (math.ceil(count) if up else math.floor(count))


def starts(span: int, stretches: Sequence[Stretch]) -> list[datetime]:
    """List where the sums of a span begin that some stretches are made of."""
    length = timedelta(minutes=span)
    return [
        each.since + length * number
        for each in stretches
        for number in range((each.until - each.since) // length)
    ]


def pieces(edges: Sequence[datetime]) -> Mapping[int, Sequence[Stretch]]:
    """Cut time into stretches that sums of each span cover whole, and what is left; none twice.

    No sum reaches over an edge, so that each can be told its step.
    """
    found: dict[int, list[Stretch]] = {span: [] for span in (*SPANS, SINGLE)}
    for since, until in pairwise(edges):
        for span, piece in _cut(since, until, SPANS):
            known = found[span]
            if known and known[-1].until == piece.since:
                known[-1] = Stretch(known[-1].since, piece.until)
            else:
                known.append(piece)
    return found


def _cut(since: datetime, until: datetime, spans: Sequence[int]) -> list[tuple[int, Stretch]]:
    if since >= until:
        return []
    if not spans:
        return [(SINGLE, Stretch(since, until))]
    first, last = bound(since, spans[0], up=True), bound(until, spans[0])
    if first >= last:
        return _cut(since, until, spans[1:])
    return [
        *_cut(since, first, spans[1:]),
        (spans[0], Stretch(first, last)),
        *_cut(last, until, spans[1:]),
    ]

"""How a search walks back in time: which stretches to read, in strides that always answer soon.

The counts of hours tell where a match can be at all. What remains is read newest first, in strides
that grow while they are quick. When the time is used up, the page says how far it looked.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.operations import facets, repository
from hone.operations.errors import SearchTooBroad
from hone.operations.facets import Hour
from hone.operations.filters import Filters, Stretch, moment_of
from hone.operations.models import Operation

BUDGET_SECONDS: Final = 0.22
"""So long after it was asked, a page is answered with what was found."""
FIRST_ROWS: Final = 20_000
"""How many rows the first stride may have to look at."""
_LIKELY: Final = 2
"""So many times as many rows as are wanted must be able to match, before more are looked at."""
_HOUR: Final = timedelta(hours=1)
_INSTANT: Final = timedelta(milliseconds=1)


class Part(NamedTuple):
    """A stretch of time, how many rows reading it may look at, and how many can match."""

    stretch: Stretch
    rows: int
    matching: int


class Walked(NamedTuple):
    """What a walk found."""

    rows: list[Operation]
    searched_until: datetime | None
    """How far it looked when its time was used up; None when it saw all or found enough."""
    hours: list[Hour] | None = None
    """In which hours there can be matches, where that was asked."""


async def walk(
    session: Session,
    organization_id: UUID,
    filters: Filters,
    after: UUID | datetime | None,
    limit: int,
) -> Walked:
    """Find the newest operations that match, those before `after` or from the start."""
    began = time.monotonic()
    span = await _span(session, organization_id, filters, after)
    if span is None:
        return Walked([], None)
    last = after if isinstance(after, UUID) else None
    if filters.empty:
        found = await repository.page(session, organization_id, filters, [span], last, limit)
        return Walked(list(found), None)
    if filters.direct:
        try:
            found = await repository.page_at_once(
                session, organization_id, filters, span, last, limit
            )
        except SearchTooBroad:
            pass
        else:
            return Walked(list(found), None)
    hours = await facets.hours(session, organization_id, filters, span)
    parts = slices(hours, span)
    walked = await _stride(session, organization_id, filters, parts, last, limit, began)
    return walked._replace(hours=hours)


async def newest(
    session: Session, organization_id: UUID, filters: Filters, limit: int
) -> list[Operation]:
    """Return the newest operations that match, newest first; fewer where looking takes long."""
    return (await walk(session, organization_id, filters, None, limit)).rows


async def _span(
    session: Session, organization_id: UUID, filters: Filters, after: UUID | datetime | None
) -> Stretch | None:
    """Tell in which stretch of time to look; None where there is nothing."""
    edges = await repository.edges(session, organization_id)
    if edges is None:
        return None
    made = moment_of(after) if isinstance(after, UUID) else None
    ends = (
        edges.until + _INSTANT,
        filters.until,
        made + _INSTANT if made else None,
        after if isinstance(after, datetime) else None,
    )
    until = min(each for each in ends if each is not None)
    since = max(edges.since, filters.since) if filters.since else edges.since
    return Stretch(since, until) if since < until else None


async def _stride(
    session: Session,
    organization_id: UUID,
    filters: Filters,
    parts: Iterator[Part],
    last: UUID | None,
    limit: int,
    began: float,
) -> Walked:
    found: list[Operation] = []
    most = FIRST_ROWS
    while stride := take(parts, most, _LIKELY * (limit - len(found))):
        started = time.monotonic()
        stretches = [part.stretch for part in stride]
        found += await repository.page(
            session, organization_id, filters, stretches, last, limit - len(found)
        )
        now = time.monotonic()
        if len(found) >= limit:
            break
        # The next stride may look at twice as many rows.
        if now - began + 2 * (now - started) > BUDGET_SECONDS:
            return Walked(found, stride[-1].stretch.since)
        most *= 2
    return Walked(found, None)


def slices(hours: Iterable[Hour], span: Stretch) -> Iterator[Part]:
    """Cut hours, newest first, into stretches of at most `FIRST_ROWS` rows each, within a span."""
    for hour in hours:
        pieces = -(-max(hour.rows, 1) // FIRST_ROWS)
        for piece in reversed(range(pieces)):
            start = max(hour.at + _HOUR * piece / pieces, span.since)
            end = min(hour.at + _HOUR * (piece + 1) / pieces, span.until)
            if start < end:
                stretch = Stretch(start, end)
                yield Part(stretch, -(-hour.rows // pieces), hour.matching // pieces)


def take(parts: Iterator[Part], rows: int, matching: int) -> list[Part]:
    """Take the next parts until they have so many rows together, or so many that can match."""
    taken: list[Part] = []
    for part in parts:
        taken.append(part)
        rows -= part.rows
        matching -= part.matching
        if rows <= 0 or matching <= 0:
            break
    return taken


async def total(
    session: Session, organization_id: UUID, filters: Filters, hours: list[Hour] | None = None
) -> int | None:
    """Count what matches; None above the limit, or where counting would take long."""
    if filters.counted:
        if hours is None:
            span = await _span(session, organization_id, filters, None)
            hours = (
                [] if span is None else await facets.hours(session, organization_id, filters, span)
            )
        whole = [hour.matching for hour in hours if _within(hour, filters)]
        if sum(whole) > COUNT_LIMIT:
            return None
        if len(whole) == len(hours):
            return sum(whole)
    return await repository.count(session, organization_id, filters)


def _within(hour: Hour, filters: Filters) -> bool:
    begins = filters.since is None or hour.at >= filters.since
    return begins and (filters.until is None or hour.at + _HOUR <= filters.until)

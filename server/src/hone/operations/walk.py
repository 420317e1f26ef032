"""How a search walks back in time: which stretches to read, in strides that always answer soon.

The counts of hours tell where a match can be at all. What remains is read newest first, in strides
that grow while they are quick. When the time is used up, the page says how far it looked.
"""

import time
from collections.abc import Sequence
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

BUDGET_SECONDS: Final = 0.25
"""After so long a page is answered with what was found."""
FIRST_ROWS: Final = 20_000
"""How many rows the first stride may have to look at."""
_HOUR: Final = timedelta(hours=1)
_INSTANT: Final = timedelta(milliseconds=1)


class Part(NamedTuple):
    """A stretch of time and how many rows reading it may look at."""

    stretch: Stretch
    rows: int


class Walked(NamedTuple):
    """What a walk found."""

    rows: list[Operation]
    searched_until: datetime | None
    """How far it looked when its time was used up; None when it saw all or found enough."""


async def walk(
    session: Session,
    organization_id: UUID,
    filters: Filters,
    after: UUID | datetime | None,
    limit: int,
) -> Walked:
    """Find the newest operations that match, those before `after` or from the start."""
    span = await _span(session, organization_id, filters, after)
    if span is None:
        return Walked([], None)
    last = after if isinstance(after, UUID) else None
    if filters.indexed:
        try:
            found = await repository.page_at_once(
                session, organization_id, filters, span, last, limit
            )
        except SearchTooBroad:
            pass
        else:
            return Walked(list(found), None)
    hours = await facets.hours(session, organization_id, filters, span)
    return await _stride(session, organization_id, filters, slices(hours, span), last, limit)


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
    parts: Sequence[Part],
    last: UUID | None,
    limit: int,
) -> Walked:
    found: list[Operation] = []
    began = time.monotonic()
    most = FIRST_ROWS
    while parts:
        stride, parts = take(parts, most)
        started = time.monotonic()
        stretches = [part.stretch for part in stride]
        found += await repository.page(
            session, organization_id, filters, stretches, last, limit - len(found)
        )
        now = time.monotonic()
        if len(found) >= limit or not parts:
            return Walked(found, None)
        # The next stride may look at twice as many rows.
        if now - began + 2 * (now - started) > BUDGET_SECONDS:
            return Walked(found, stride[-1].stretch.since)
        most *= 2
    return Walked(found, None)


def slices(hours: Sequence[Hour], span: Stretch) -> list[Part]:
    """Cut hours, newest first, into stretches of at most `FIRST_ROWS` rows each, within a span."""
    made: list[Part] = []
    for hour in hours:
        pieces = -(-max(hour.rows, 1) // FIRST_ROWS)
        for piece in reversed(range(pieces)):
            start = max(hour.at + _HOUR * piece / pieces, span.since)
            end = min(hour.at + _HOUR * (piece + 1) / pieces, span.until)
            if start < end:
                made.append(Part(Stretch(start, end), -(-hour.rows // pieces)))
    return made


def take(parts: Sequence[Part], most: int) -> tuple[list[Part], Sequence[Part]]:
    """Split off the first parts, at least one, that together have at most so many rows."""
    rows = parts[0].rows
    count = 1
    while count < len(parts) and rows + parts[count].rows <= most:
        rows += parts[count].rows
        count += 1
    return list(parts[:count]), parts[count:]


async def total(session: Session, organization_id: UUID, filters: Filters) -> int | None:
    """Count what matches; None above the limit, or where counting would take long."""
    if filters.counted:
        span = await _span(session, organization_id, filters, None)
        hours = [] if span is None else await facets.hours(session, organization_id, filters, span)
        whole = [hour.matching for hour in hours if _within(hour, filters)]
        if sum(whole) > COUNT_LIMIT:
            return None
        if len(whole) == len(hours):
            return sum(whole)
    return await repository.count(session, organization_id, filters)


def _within(hour: Hour, filters: Filters) -> bool:
    begins = filters.since is None or hour.at >= filters.since
    return begins and (filters.until is None or hour.at + _HOUR <= filters.until)

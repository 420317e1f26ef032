"""What the gateway is told of limits: how much of what, on whom, in which window."""

import calendar
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

FOREVER: Final = 1 << 62


class Measure(StrEnum):
    """What a limit counts."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    CONCURRENCY = "concurrency"
    COST = "cost"


class Window(StrEnum):
    """How long a limit counts before it starts anew, by the calendar in UTC."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Subject(StrEnum):
    """What a limit is on."""

    KEY = "key"
    PERSON = "person"
    TEAM = "team"
    ORGANIZATION = "organization"
    ROUTE = "route"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit in force."""

    id: UUID
    organization_id: UUID
    subject: Subject
    subject_id: UUID
    measure: Measure
    window: Window | None
    """None for concurrency, which counts what is in progress."""
    amount: int
    """Money is in pico-dollars."""
    allow_on_loss: bool = False
    """Let calls through, counted, while the store cannot be reached."""
    version: int = 1


class LimitBook:
    """An organization's limits, found by what they are on."""

    __slots__ = ("_by_subject", "applied")

    def __init__(self, limits: Iterable[Limit] = ()) -> None:
        held: dict[UUID, list[Limit]] = {}
        for limit in limits:
            held.setdefault(limit.subject_id, []).append(limit)
        self._by_subject: Mapping[UUID, list[Limit]] = held
        self.applied: dict[tuple[UUID | None, str], object] = {}
        """What the quota of this process found for a caller and a route; goes with the snapshot."""

    def on(self, *subjects: UUID | None) -> list[Limit]:
        """List the limits on any of these."""
        held = self._by_subject
        return [limit for each in subjects if each is not None for limit in held.get(each, ())]


def bounds(window: Window | None, at_ms: int) -> tuple[int, int]:
    """Tell when the window of a moment begins and ends, in Unix milliseconds."""
    match window:
        case Window.MINUTE:
            start = at_ms - at_ms % 60_000
            return start, start + 60_000
        case Window.DAY:
            start = at_ms - at_ms % 86_400_000
            return start, start + 86_400_000
        case Window.MONTH:
            now = time.gmtime(at_ms / 1000)
            following = (now.tm_year + now.tm_mon // 12, now.tm_mon % 12 + 1)
            return _first(now.tm_year, now.tm_mon), _first(*following)
        case None:
            return 0, FOREVER


def _first(year: int, month: int) -> int:
    return calendar.timegm((year, month, 1, 0, 0, 0)) * 1000

"""Who may start, on one machine: a pure function of who waits, who is at work and what there is.

Those who wait are ordered by priority, which rises by a level for every ten minutes of waiting, so that
everybody is first some day; within a level by how much their organization has already, then by age. Whoever
fits starts, also past one that does not; but when that one has waited for five minutes and is the first,
nobody passes it any more, and the room that becomes free is its own.
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

LEVELS: Final = {"low": 0, "normal": 1, "high": 2, "critical": 3}
AGEING: Final = timedelta(minutes=10)
PATIENCE: Final = timedelta(minutes=5)
_GIB: Final = 1 << 30
_NOISE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that waits."""

    id: UUID
    organization_id: UUID
    priority: str
    since: datetime
    cpu: float
    memory: int
    gpus: int = 0
    key: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A run that is at work, here or elsewhere."""

    organization_id: UUID
    key: str | None = None


@dataclass(slots=True)
class Room:
    """What is free on this machine, and what it has."""

    cpu: float
    memory: int
    gpus: int
    whole: tuple[float, int, int]

    def fits(self, wanted: Waiting) -> bool:
        """Tell whether a run fits into what is free; GPUs are a ceiling."""
        return wanted.cpu <= self.cpu + _NOISE and wanted.memory <= self.memory

    def could_fit(self, wanted: Waiting) -> bool:
        """Tell whether it fits when nobody else is at work."""
        return wanted.cpu <= self.whole[0] + _NOISE and wanted.memory <= self.whole[1]

    def take(self, wanted: Waiting) -> int:
        """Take what a run needs and tell how many GPUs it gets."""
        given = min(wanted.gpus, self.gpus)
        self.cpu -= wanted.cpu
        self.memory -= wanted.memory
        self.gpus -= given
        return given


@dataclass(frozen=True, slots=True)
class Start:
    """A run that starts now."""

    id: UUID
    gpus: int


@dataclass(frozen=True, slots=True)
class Stays:
    """A run that waits on."""

    id: UUID
    place: int
    why: str


@dataclass(slots=True)
class Plan:
    """Who starts, and why the others wait."""

    starts: list[Start] = field(default_factory=list[Start])
    stay: list[Stays] = field(default_factory=list[Stays])


def level(wanted: Waiting, now: datetime) -> int:
    """Return a run's level: its priority, and one for every ten minutes it has waited."""
    return LEVELS[wanted.priority] + int(max(now - wanted.since, timedelta()) / AGEING)


def plan(waiting: Sequence[Waiting], held: Sequence[Held], room: Room, now: datetime) -> Plan:
    """Decide who starts."""
    made = Plan()
    keys = {(each.organization_id, each.key) for each in held if each.key is not None}
    has = Counter(each.organization_id for each in held)
    reserved: Waiting | None = None
    for wanted in _ordered(waiting, has, now):
        why = _held_back(wanted, keys, now) or _no_room(wanted, room, reserved)
        if why is None:
            made.starts.append(Start(wanted.id, room.take(wanted)))
            if wanted.key is not None:
                keys.add((wanted.organization_id, wanted.key))
            continue
        place = len(made.stay) + 1
        made.stay.append(Stays(wanted.id, place, _told(why, place)))
        waited = now - wanted.since >= PATIENCE
        first = reserved is None and _held_back(wanted, keys, now) is None
        if first and waited and room.could_fit(wanted):
            reserved = wanted
    return made


def _ordered(waiting: Sequence[Waiting], has: Counter[UUID], now: datetime) -> Sequence[Waiting]:
    """Order by level; within one, let organizations take turns, those with less at work first."""
    turns: Counter[UUID] = Counter()
    keyed: list[tuple[int, int, datetime, int, Waiting]] = []
    by_age = sorted(waiting, key=lambda each: (-level(each, now), each.since, each.id))
    for each in by_age:
        turn = has[each.organization_id] + turns[each.organization_id]
        turns[each.organization_id] += 1
        keyed.append((-level(each, now), turn, each.since, each.id.int, each))
    return [each[-1] for each in sorted(keyed, key=lambda each: each[:-1])]


def _held_back(
    wanted: Waiting, keys: Container[tuple[UUID, str | None]], now: datetime
) -> str | None:
    if wanted.not_before is not None and wanted.not_before > now:
        return f"It begins at {wanted.not_before:%Y-%m-%d %H:%M} UTC, as asked."
    if wanted.key is not None and (wanted.organization_id, wanted.key) in keys:
        return f"Another run with the concurrency key {wanted.key!r} is at work."
    return None


def _no_room(wanted: Waiting, room: Room, reserved: Waiting | None) -> str | None:
    needs = f"{wanted.cpu:g} {'core' if wanted.cpu == 1 else 'cores'}"
    needs += f" and {wanted.memory / _GIB:.1f} GB of memory"
    if not room.could_fit(wanted):
        cpu, memory, _ = room.whole
        return (
            f"It needs {needs}; this machine gives {cpu:g} and {memory / _GIB:.1f} GB to training."
        )
    if reserved is not None:
        return "A run before it has waited long and gets the room that becomes free."
    if not room.fits(wanted):
        free = f"{max(room.cpu, 0):g} and {max(room.memory, 0) / _GIB:.1f} GB are free"
        return f"It needs {needs}; {free}."
    return None


def _told(why: str, place: int) -> str:
    return why if place == 1 else f"{why} Before it: {place - 1}."

"""Every release that is under way is looked at each second, and moved where it is time.

A look is one transaction under the lock of the release's row: it counts the time that passed, decides and
moves. Whoever is stopped in the middle leaves nothing; whoever comes next goes on from what is written.
What takes time comes before and counts only if nothing has moved since: what the predictor says, and the
sums of the arms. So whoever presses a button never waits for a measurement.
"""

import logging
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from hone import versions
from hone.core import clock
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.registry import House
from hone.releases import following, machine, measuring, probing, repository, standing
from hone.releases.machine import Facts, Live
from hone.releases.measuring import Found
from hone.releases.models import Release
from hone.releases.service import moving

log = logging.getLogger(__name__)

INTERVAL: Final = 1.0
LONGEST_LOOK: Final = 5.0
"""Seconds between two looks that count at most: a clock that jumps, or a night without a worker, adds no more."""
_ASKS: Final = frozenset({"preparing", "promoting"})


class _Answer(NamedTuple):
    """What the predictor said, and at which move of the release."""

    moves: int
    served: bool | None


class _Measured(NamedTuple):
    """What the arms came to, at which move of the release."""

    moves: int
    figures: dict[str, Any]
    at: datetime


async def tick(owner: Database, database: Database, house: House | None) -> int:
    """Begin what training asked for, look at every release that is under way, and tell how many moved."""
    await following.follow(owner, database)
    async with owner.transaction() as session:
        due = await repository.due(session)
        outlasted = await repository.outlasted(session, clock.now())
    for organization_id, release_id in outlasted:
        await _let_go(database, organization_id, release_id)
    moved = 0
    for organization_id, release_id in due:
        try:
            moved += await look(database, house, organization_id, release_id)
        except AppError as error:
            log.warning("release %s cannot move: %s", release_id, error.message)
    return moved


async def look(
    database: Database, house: House | None, organization_id: UUID, release_id: UUID
) -> bool:
    """Look at one release, and tell whether it moved."""
    answer = await _ask(database, house, organization_id, release_id)
    measured = await _measure(database, organization_id, release_id)
    async with database.transaction(organization_id) as session:
        row = await repository.by_id(session, organization_id, release_id, lock=True)
        if row is None or row.ended_at is not None:
            return False
        await versions.lock(session, organization_id, row.name)
        now = clock.now()
        watch = await repository.pass_time(session, row, now, LONGEST_LOOK)
        at = standing.read(row)
        found = Found()
        if at.state in machine.SPLIT:
            if measured is not None and measured.moves == row.moves:
                watch.figures, watch.measured_at = measured.figures, measured.at
            found = measuring.found(watch.figures)
        facts = Facts(
            live=await _live(session, row),
            seconds=watch.seconds,
            units=found.units,
            served=answer.served if answer.moves == row.moves else None,
            deprecated=await versions.deprecated(session, organization_id, row.version_id),
            harm=found.harm,
            signal=found.signal,
        )
        move = machine.decide(standing.course_of(row), at, facts)
        if move is not None:
            await moving.make(session, row, move)
        return move is not None


async def _let_go(database: Database, organization_id: UUID, release_id: UUID) -> None:
    async with database.transaction(organization_id) as session:
        row = await repository.by_id(session, organization_id, release_id, lock=True)
        if row is not None and row.kept_until is not None and row.kept_until <= clock.now():
            await versions.lock(session, organization_id, row.name)
            await moving.let_go(session, row)


async def _measure(database: Database, organization_id: UUID, release_id: UUID) -> _Measured | None:
    """Add up what the arms came to, outside of the lock; None where it is not time to."""
    async with database.transaction(organization_id) as session:
        row = await repository.by_id(session, organization_id, release_id)
        if row is None or row.state not in machine.SPLIT:
            return None
        watch = await repository.watch(session, organization_id, release_id)
        now = clock.now()
        if watch is not None and watch.moves == row.moves and not measuring.due(watch, now):
            return None
        return _Measured(row.moves, await measuring.measure(session, row), now)


async def _ask(
    database: Database, house: House | None, organization_id: UUID, release_id: UUID
) -> _Answer:
    """Ask the predictor, outside of any transaction, whether it serves what is to be served next."""
    async with database.transaction(organization_id) as session:
        row = await repository.by_id(session, organization_id, release_id)
        if row is None or row.state not in _ASKS:
            return _Answer(-1, None)
        version = await versions.find(session, organization_id, row.version_id)
    assert version is not None
    if not version.files:
        # It is another model under this name: there is nothing to be made ready.
        return _Answer(row.moves, True)
    where = row.environment if row.promoted else versions.CANARY
    told = await probing.ask(house, organization_id, versions.called(row.name, where))
    return _Answer(row.moves, None if told is None else told.version_id == row.version_id)


async def _live(session: Session, row: Release) -> Live:
    found = await versions.live(session, row.organization_id, row.name, row.environment)
    live_id = None if found is None else found.id
    told: Literal["former", "candidate", "other"] = "other"
    if live_id == row.version_id:
        told = "candidate"
    elif live_id == row.former_id:
        told = "former"
    return told

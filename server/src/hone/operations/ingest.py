"""From frames of the spool to rows: whole batches by binary COPY, bad rows set aside.

The caller gives the connection (as hone_owner) with a transaction open on it, and commits it
together with the mark that says how far it read: so every frame lands exactly once.
"""

import logging
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.pq import TransactionStatus

from hone.core import clock
from hone.core.errors import AppError
from hone.gateway import Opened, Settled
from hone.operations import copying, minutes, partitions, rows, splits
from hone.operations.marks import quarantine
from hone.operations.rows import Row

log = logging.getLogger(__name__)

_DAY_MS: Final = 86_400_000
# What PostgreSQL refuses a value with; anything else is its own trouble, not the frame's.
_REFUSED: Final = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.ProgramLimitExceeded,
)
_UNPACKABLE: Final = (AppError, ValueError, OverflowError, IndexError, KeyError, struct.error)


class Place(NamedTuple):
    """Where a frame lies in the spool."""

    lane: str
    segment: int
    position: int


class Damaged(NamedTuple):
    """Bytes of the spool that no frame could be read from."""

    place: Place
    reason: str
    raw: bytes


@dataclass(slots=True)
class Batch:
    """What one pass of the drain took from the spool."""

    settled: list[tuple[Place, Settled]] = field(default_factory=list[tuple[Place, Settled]])
    interrupted: list[tuple[Place, Sequence[Opened]]] = field(
        default_factory=list[tuple[Place, Sequence[Opened]]]
    )
    """For each operation whose process died, every attempt that it opened."""
    damaged: list[Damaged] = field(default_factory=list[Damaged])


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of a batch."""

    operations: int
    quarantined: int
    organizations: frozenset[UUID]
    """Whose figures have changed."""


class _Bad(NamedTuple):
    damaged: Damaged
    organization_id: bytes


class _Candidate(NamedTuple):
    place: Place
    frames: Settled | Sequence[Opened]
    row: Row
    packed: bytes
    sealed: bytes


async def ingest(connection: psycopg.AsyncConnection, batch: Batch) -> Landed:
    """Store a batch in the transaction that is open on `connection`; set aside what is refused."""
    assert connection.info.transaction_status == TransactionStatus.INTRANS
    bad: list[_Bad] = []
    candidates = _candidates(batch, bad)
    await partitions.ensure(connection, _months(candidates))
    landed = await _land(connection, candidates, bad)
    for each in batch.damaged:
        await _set_aside(connection, each)
    for damaged, organization_id in bad:
        await _set_aside(connection, damaged, organization_id)
    await _release(connection, batch.interrupted)
    organizations = {each.row.organization_id for each in landed}
    return Landed(
        len(landed),
        len(bad) + len(batch.damaged),
        frozenset(UUID(bytes=each) for each in organizations),
    )


def _candidates(batch: Batch, bad: list[_Bad]) -> list[_Candidate]:
    """Pack every operation; a frame that cannot be packed is bad before the database sees it."""
    latest_ms = int(clock.now().timestamp() * 1000) + _DAY_MS
    made: list[_Candidate] = []
    for place, frames in (*batch.settled, *batch.interrupted):
        try:
            if isinstance(frames, Settled):
                row = rows.settled(frames, place.lane)
            else:
                row = rows.interrupted(frames, place.lane)
            if row.created_ms > latest_ms:
                raise rows.Misshapen("the operation's id lies in the future")
            packed = copying.operation(row)
            sealed = b"" if row.content is None else copying.content(row)
        except _UNPACKABLE as error:
            bad.append(_refused(place, frames, str(error)))
        else:
            made.append(_Candidate(place, frames, row, packed, sealed))
    return made


def _months(candidates: Sequence[_Candidate]) -> set[date]:
    days = {each.row.created_ms // _DAY_MS for each in candidates}
    return {partitions.month_of(datetime.fromtimestamp(day * 86_400, UTC)) for day in days}


async def _land(
    connection: psycopg.AsyncConnection, candidates: Sequence[_Candidate], bad: list[_Bad]
) -> list[_Candidate]:
    """Write candidates and return them; halve what is refused until the culprit is alone."""
    if not candidates:
        return []
    try:
        async with connection.transaction():
            await _write(connection, candidates)
    except _REFUSED as error:
        if len(candidates) == 1:
            (culprit,) = candidates
            bad.append(_refused(culprit.place, culprit.frames, _reason(error)))
            return []
        half = len(candidates) // 2
        landed = await _land(connection, candidates[:half], bad)
        return landed + await _land(connection, candidates[half:], bad)
    return list(candidates)


async def _write(connection: psycopg.AsyncConnection, candidates: Sequence[_Candidate]) -> None:
    sums = minutes.of([each.row for each in candidates])
    units = splits.sums([each.row for each in candidates])
    contents = [each.sealed for each in candidates if each.sealed]
    async with connection.cursor() as cursor:
        async with cursor.copy(copying.COPY_OPERATIONS) as copy:
            await copy.write(copying.block([each.packed for each in candidates]))
        if contents:
            async with cursor.copy(copying.COPY_CONTENTS) as copy:
                await copy.write(copying.block(contents))
        await cursor.executemany(minutes.UPSERT, sums.parameters())
        await cursor.executemany(minutes.UPSERT_QUARTERS, sums.quarters().parameters())
        if units:
            await cursor.executemany(splits.UPSERT, units)


def _refused(place: Place, frames: Settled | Sequence[Opened], reason: str) -> _Bad:
    owner = frames if isinstance(frames, Settled) else frames[-1]
    raw = msgspec.msgpack.encode(frames)
    return _Bad(Damaged(place, reason, raw), owner.organization_id)


async def _set_aside(
    connection: psycopg.AsyncConnection, damaged: Damaged, organization_id: bytes = b""
) -> None:
    log.error("set aside %s: %s", damaged.place, damaged.reason)
    await quarantine(
        connection,
        damaged.place.lane,
        damaged.place[1:],
        damaged.reason,
        damaged.raw,
        UUID(bytes=organization_id) if len(organization_id) == 16 else None,
    )


async def _release(
    connection: psycopg.AsyncConnection, interrupted: Sequence[tuple[Place, Sequence[Opened]]]
) -> None:
    """Let a client try again under the Idempotency-Key of a call that died."""
    died = [UUID(bytes=opened[-1].id) for _, opened in interrupted if len(opened[-1].id) == 16]
    if died:
        await connection.execute(
            "DELETE FROM idempotency WHERE operation_id = ANY(%s) AND state = 'claimed'", (died,)
        )


def _reason(error: psycopg.Error) -> str:
    """Say what PostgreSQL refused; its other lines repeat the value, which may be personal."""
    return error.diag.message_primary or type(error).__name__

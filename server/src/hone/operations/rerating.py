"""What calls cost, made anew: their usage as it was told, at the prices that are known now.

An attempt is charged at the price that held when its operation began, by all that is known of prices
today; where none held, it keeps what it was charged. A stretch of time is walked in pieces. The
operations of a piece, the sums that they are part of and the event that tells of it change in one
transaction, so the walk may end anywhere and be begun again: what is right already stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Row, text

from hone import limits
from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.gateway import SHADOW
from hone.identity import Actor, Permission
from hone.llm import pricing
from hone.llm.types import Usage
from hone.operations import minutes, partitions
from hone.operations.rows import GATEWAY
from hone.registry import PriceList, price_list

BATCH: Final = 2000
"""Operations in one transaction."""
_HOUR: Final = timedelta(hours=1)

_SPAN: Final = """
SELECT min(created_at), max(created_at) FROM operations
WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
"""
_PIECE: Final = """
SELECT id, created_at, model, route, status, kind, error_code, key_id, cost, price_id, attempts,
    arm, batch_id IS NOT NULL AS batch
FROM operations
WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
    AND (created_at, id) > (:since, :after) AND source = :source
ORDER BY created_at, id LIMIT :most {lock}
"""
_UPDATE: Final = """
UPDATE operations o SET cost = v.cost, price_id = v.price_id, attempts = v.attempts::jsonb
FROM unnest(cast(:ids AS uuid[]), cast(:moments AS timestamptz[]), cast(:costs AS bigint[]),
    cast(:prices AS uuid[]), cast(:attempts AS text[])) AS v (id, at, cost, price_id, attempts)
WHERE o.organization_id = :organization_id AND o.created_at >= :since AND o.created_at < :until
    AND o.id = v.id AND o.created_at = v.at
"""
_ADD: Final = """
UPDATE {table} SET cost = cost + :cost
WHERE organization_id = :organization_id AND minute = :minute
    AND model = :model AND route = :route AND status = :status
"""
# Searches leave out hours in which nothing was as dear as what is looked for.
_RAISE: Final = """
WITH mine AS (
    SELECT f.field, f.value, f.hour, v.cost FROM operation_facets f
    JOIN unnest(cast(:fields AS text[]), cast(:texts AS text[]), cast(:hours AS timestamptz[]),
        cast(:costs AS bigint[])) AS v (field, value, hour, cost)
        ON f.field = v.field AND f.value = v.value AND f.hour = v.hour
    WHERE f.organization_id = :organization_id AND f.most_cost < v.cost
    ORDER BY f.organization_id, f.field, f.hour, f.value FOR UPDATE OF f
)
UPDATE operation_facets f SET most_cost = mine.cost FROM mine
WHERE f.organization_id = :organization_id
    AND f.field = mine.field AND f.value = mine.value AND f.hour = mine.hour
"""

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Sums:
    """Of attempts at one model, or of operations: how many cost something else, and what."""

    changed: int = 0
    before: int = 0
    """In pico-dollars, of those that cost something else."""
    after: int = 0

    def add(self, before: int, after: int) -> None:
        """Count one that cost something else."""
        self.changed += 1
        self.before += before
        self.after += after


@dataclass(slots=True)
class Rerating:
    """How far a walk is, and what it found."""

    looked_at: int = 0
    operations: Sums = field(default_factory=Sums)
    by_model: dict[str, Sums] = field(default_factory=dict[str, Sums])
    """By the name of the model, of its attempts."""
    estimated: int = 0
    """Operations among the changed whose usage is an estimate."""
    limit_sums: int = 0
    """Sums of open windows of limits that were made anew."""


class Walk(NamedTuple):
    """What to rate anew, and whether to write it."""

    since: datetime
    until: datetime
    model_id: UUID | None = None
    write: bool = False


class _Changed(NamedTuple):
    row: Row[Any]
    attempts: list[dict[str, Any]]
    cost: int

    @property
    def price_id(self) -> UUID | None:
        named = self.attempts[-1]["priceId"] if self.attempts else None
        return None if named is None else UUID(named)


async def rerate(
    owner: Database, actor: Actor, walk: Walk, tell: Callable[[Rerating], None]
) -> Rerating:
    """Rate a stretch of time anew, month by month; `tell` hears how far it is after each piece."""
    actor.require(Permission.MODELS_WRITE)
    found = Rerating()
    async with owner.transaction(actor.organization_id) as session:
        prices = await price_list(session, actor.organization_id)
        first, last = await _span(session, actor.organization_id, walk)
    since = first
    while since is not None and last is not None and since <= last:
        month = partitions.following(partitions.month_of(since))
        until = min(walk.until, datetime(month.year, month.month, 1, tzinfo=UTC))
        await _rerate_part(
            owner, actor, walk._replace(since=since, until=until), prices, found, tell
        )
        since = until
    now = clock.now()
    if walk.write and walk.until > now.replace(day=1, hour=0, minute=0, second=0, microsecond=0):
        found.limit_sums = await limits.rebuild(owner)
    return found


async def _span(
    session: Session, organization_id: UUID, walk: Walk
) -> tuple[datetime | None, datetime | None]:
    values = {"organization_id": organization_id, "since": walk.since, "until": walk.until}
    first, last = (await session.execute(text(_SPAN), values)).one()
    return first, last


async def _rerate_part(
    owner: Database,
    actor: Actor,
    part: Walk,
    prices: PriceList,
    found: Rerating,
    tell: Callable[[Rerating], None],
) -> None:
    """Walk one partition, or the part of it that is asked for."""
    query = text(_PIECE.format(lock="FOR UPDATE" if part.write else ""))
    after = UUID(int=0)
    while True:
        values: dict[str, Any] = {
            "organization_id": actor.organization_id,
            "since": part.since,
            "until": part.until,
            "after": after,
            "source": GATEWAY,
            "most": BATCH,
        }
        async with owner.transaction(actor.organization_id) as session:
            rows = (await session.execute(query, values)).all()
            changed = [each for row in rows if (each := _changed(row, part.model_id, prices))]
            if part.write and changed:
                await _write(session, actor, part, changed)
        found.looked_at += len(rows)
        _count(found, changed)
        tell(found)
        if len(rows) < BATCH:
            return
        part, after = part._replace(since=rows[-1].created_at), rows[-1].id


def _changed(row: Row[Any], model_id: UUID | None, prices: PriceList) -> _Changed | None:
    """Rate one operation anew; None where everything is right already."""
    stored: list[dict[str, Any]] = row.attempts
    attempts = [_rated(each, row, model_id, prices) for each in stored]
    if attempts == stored:
        return None
    cost = row.cost + sum(a["cost"] - b["cost"] for a, b in zip(attempts, stored, strict=True))
    return _Changed(row, attempts, cost)


def _rated(
    attempt: dict[str, Any], row: Row[Any], model_id: UUID | None, prices: PriceList
) -> dict[str, Any]:
    called = UUID(attempt["modelId"])
    if model_id not in {None, called}:
        return attempt
    price = prices.at(called, row.created_at)
    if price is None:
        return attempt
    usage = Usage(
        attempt["inputTokens"],
        attempt["outputTokens"],
        attempt.get("cachedTokens", 0),
        written_tokens=attempt.get("cacheWriteTokens", 0),
        written_hour_tokens=attempt.get("cacheWriteHourTokens", 0),
    )
    cost = pricing.cost(usage, price, batch=row.batch)
    return {**attempt, "priceId": price.id.hex, "cost": cost}


def _count(found: Rerating, changed: Sequence[_Changed]) -> None:
    for row, attempts, cost in changed:
        if cost == row.cost:
            continue
        found.operations.add(row.cost, cost)
        found.estimated += any(each["estimated"] for each in attempts)
        for before, after in zip(row.attempts, attempts, strict=True):
            if before["cost"] != after["cost"]:
                sums = found.by_model.setdefault(after["model"], Sums())
                sums.add(before["cost"], after["cost"])


async def _write(session: Session, actor: Actor, part: Walk, changed: Sequence[_Changed]) -> None:
    """Write a piece, its sums, and that it was done, in the order in which the drain locks."""
    organization_id = actor.organization_id
    values = {
        "organization_id": organization_id,
        "since": part.since,
        "until": part.until,
        "ids": [each.row.id for each in changed],
        "moments": [each.row.created_at for each in changed],
        "costs": [each.cost for each in changed],
        "prices": [each.price_id for each in changed],
        "attempts": [_encode(each.attempts).decode() for each in changed],
    }
    await session.execute(text(_UPDATE), values)
    await _raise_facets(session, organization_id, changed)
    for table, moment in (("operation_minutes", _minute), ("operation_quarters", _quarter)):
        added = _added(organization_id, changed, moment)
        if added:
            await session.execute(text(_ADD.format(table=table)), added)
    sums = Rerating()
    _count(sums, changed)
    if sums.operations.changed:
        data = {
            "from": changed[0].row.created_at.isoformat(),
            "to": changed[-1].row.created_at.isoformat(),
            "operations": sums.operations.changed,
            "costBefore": sums.operations.before,
            "costAfter": sums.operations.after,
        }
        subject = ids.public("org", organization_id)
        publish(session, organization_id, actor.id, "price.rerated", subject, data)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _quarter(at: datetime) -> datetime:
    return minutes.quarter_of(at)


def _added(
    organization_id: UUID, changed: Sequence[_Changed], moment: Callable[[datetime], datetime]
) -> list[dict[str, Any]]:
    """Sum up what is added to each minute or quarter."""
    sums: dict[tuple[datetime, str, str, str], int] = {}
    for row, _, cost in changed:
        status = SHADOW if row.arm == SHADOW else row.status
        key = (moment(row.created_at), row.model, row.route or "", status)
        sums[key] = sums.get(key, 0) + cost - row.cost
    return [
        {
            "organization_id": organization_id,
            "minute": key[0],
            "model": key[1],
            "route": key[2],
            "status": key[3],
            "cost": sums[key],
        }
        for key in sorted(sums)
        if sums[key]
    ]


async def _raise_facets(
    session: Session, organization_id: UUID, changed: Sequence[_Changed]
) -> None:
    most: dict[tuple[str, str, datetime], int] = {}
    for row, _, cost in changed:
        hour = row.created_at.replace(minute=0, second=0, microsecond=0)
        for name, value in _facets(row).items():
            if value is not None and cost > row.cost:
                key = (name, str(value), hour)
                most[key] = max(most.get(key, 0), cost)
    if most:
        values = {
            "organization_id": organization_id,
            "fields": [key[0] for key in most],
            "texts": [key[1] for key in most],
            "hours": [key[2] for key in most],
            "costs": list(most.values()),
        }
        await session.execute(text(_RAISE), values)


def _facets(row: Row[Any]) -> Mapping[str, object]:
    return {
        "model": row.model,
        "route": row.route,
        "status": row.status,
        "kind": row.kind,
        "error_code": row.error_code,
        "key": row.key_id,
    }

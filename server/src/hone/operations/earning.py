"""What calls earned, said later: a sale is known only after the call."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, field_validator
from sqlalchemy import text

from hone.core import ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.schemas import Schema
from hone.identity import Actor, Permission
from hone.operations.filters import moment_of
from hone.operations.schemas import Dollars, Label
from hone.operations.service import pico

MOST: Final = 1000
_BY_NAME: Final = """
SELECT DISTINCT ON (external_id) external_id, id FROM operations
WHERE organization_id = :organization_id AND external_id = ANY(:names)
ORDER BY external_id, created_at DESC
"""
_BY_ID: Final = """
SELECT o.id, o.revenue FROM operations o
JOIN unnest(cast(:ids AS uuid[]), cast(:moments AS timestamptz[])) AS v (id, at)
    ON o.id = v.id AND o.created_at = v.at
WHERE o.organization_id = :organization_id ORDER BY o.created_at, o.id FOR UPDATE OF o
"""
_SET: Final = """
UPDATE operations o SET revenue = v.revenue
FROM unnest(cast(:ids AS uuid[]), cast(:moments AS timestamptz[]), cast(:amounts AS bigint[]))
    AS v (id, at, revenue)
WHERE o.organization_id = :organization_id AND o.id = v.id AND o.created_at = v.at
"""


class Earned(Schema):
    """What one call earned."""

    operation_id: Label = Field(description="The operation's id, or your own `externalId`.")
    revenue_usd: Dollars | None = Field(description="In all, not in addition; null: not known.")


class RevenueWrite(Schema):
    """What some calls earned."""

    items: Annotated[list[Earned], Field(min_length=1, max_length=MOST)]

    @field_validator("items")
    @classmethod
    def _once(cls, items: list[Earned]) -> list[Earned]:
        if len({each.operation_id for each in items}) < len(items):
            raise ValueError("must name each operation once")
        return items


class RevenueWritten(Schema):
    """What became of it."""

    changed: int
    unchanged: int = Field(description="Calls that were known to have earned just that.")
    missing: list[str] = Field(
        description="Ids of which there is no call, or not yet: one appears within a second."
    )


async def write(session: Session, actor: Actor, body: RevenueWrite) -> RevenueWritten:
    """Say what calls earned; saying it again changes nothing."""
    actor.require(Permission.OPERATIONS_WRITE)
    named = await _named(session, actor, [each.operation_id for each in body.items])
    held = await _held(session, actor, [each for found in named.values() for each in found])
    wanted: dict[UUID, int | None] = {}
    missing: list[str] = []
    for item in body.items:
        known = next((each for each in named[item.operation_id] if each in held), None)
        if known is None:
            missing.append(item.operation_id)
        else:
            wanted[known] = None if item.revenue_usd is None else pico(item.revenue_usd)
    changed = {each: amount for each, amount in wanted.items() if held[each] != amount}
    if changed:
        await _write(session, actor, changed, sum(held[each] or 0 for each in changed))
    unchanged = len(wanted) - len(changed)
    return RevenueWritten(changed=len(changed), unchanged=unchanged, missing=missing)


async def _write(
    session: Session, actor: Actor, changed: dict[UUID, int | None], before: int
) -> None:
    values = {**_places(actor, list(changed)), "amounts": list(changed.values())}
    await session.execute(text(_SET), values)
    data = {
        "operations": len(changed),
        "revenueBefore": before,
        "revenueAfter": sum(amount or 0 for amount in changed.values()),
    }
    subject = ids.public("org", actor.organization_id)
    publish(session, actor.organization_id, actor.id, "revenue.told", subject, data)


async def _named(session: Session, actor: Actor, names: Sequence[str]) -> dict[str, Sequence[UUID]]:
    """Find which operations may be meant: by our id, else by the client's own."""
    values = {"organization_id": actor.organization_id, "names": list(names)}
    rows = await session.execute(text(_BY_NAME), values)
    theirs: dict[str, UUID] = {row.external_id: row.id for row in rows}
    both = {name: (ids.parse("op", name), theirs.get(name)) for name in names}
    return {name: [each for each in found if each is not None] for name, found in both.items()}


async def _held(session: Session, actor: Actor, wanted: Sequence[UUID]) -> dict[UUID, int | None]:
    rows = await session.execute(text(_BY_ID), _places(actor, wanted))
    return {row.id: row.revenue for row in rows}


def _places(actor: Actor, wanted: Sequence[UUID]) -> dict[str, Any]:
    return {
        "organization_id": actor.organization_id,
        "ids": list(wanted),
        "moments": [moment_of(each) for each in wanted],
    }

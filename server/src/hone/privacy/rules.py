"""The rules of an organization, as they are and as somebody would have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from hone.core.db import Session
from hone.privacy.errors import KeptTooLong, KeptTooShort
from hone.privacy.kinds import BY_NAME, KINDS, Kind, KindName
from hone.privacy.models import Rule

OPERATIONS: Final = "operations"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long one kind is kept."""

    kind: Kind
    days: int | None
    version: int = 0
    updated_at: datetime | None = None


async def rules(session: Session, organization_id: UUID) -> dict[KindName, Kept]:
    """Find how long an organization keeps each kind."""
    query = select(Rule).where(Rule.organization_id == organization_id)
    rows = {row.kind: row for row in await session.scalars(query)}
    days = await session.scalar(
        text("SELECT retention_days FROM organizations WHERE id = :id"), {"id": organization_id}
    )
    return {kind.name: _kept(kind, rows.get(kind.name), days) for kind in KINDS}


def _kept(kind: Kind, row: Rule | None, days: int | None) -> Kept:
    if kind.name == OPERATIONS:
        return Kept(kind, days, row.version if row else 0, row.updated_at if row else None)
    if row is None:
        return Kept(kind, kind.default)
    return Kept(kind, row.days, row.version, row.updated_at)


def effective(kept: Mapping[KindName, Kept], name: KindName) -> int | None:
    """Tell after how many days a kind goes: contents go with their operations at the latest."""
    mine = kept[name].days
    theirs = kept["operations"].days
    if name != "contents" or theirs is None:
        return mine
    return theirs if mine is None else min(mine, theirs)


def check(name: KindName, days: int | None) -> None:
    """Refuse a rule that the kind does not allow."""
    kind = BY_NAME[name]
    if days is not None and days < kind.least:
        raise KeptTooShort(
            f"{_said(name)} must be kept for at least {kind.least} days.", param=name
        )
    if kind.most is not None and (days is None or days > kind.most):
        raise KeptTooLong(f"{_said(name)} are kept for at most {kind.most} days.", param=name)


def _said(name: str) -> str:
    return name.replace("_", " ").capitalize()


async def every(
    session: Session, organizations: Sequence[UUID]
) -> dict[UUID, dict[KindName, Kept]]:
    """Find the rules of every organization; for the owner, who sees all."""
    return {each: await rules(session, each) for each in organizations}

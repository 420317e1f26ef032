"""Queries about turns and what was decided in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.improvement.models import Turn, TurnDecision

_MOST_DUE: Final = 100


async def by_id(
    session: Session, organization_id: UUID, turn_id: UUID, *, lock: bool = False
) -> Turn | None:
    """Find one turn, as it is now."""
    query = select(Turn).where(Turn.organization_id == organization_id, Turn.id == turn_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def free(session: Session, organization_id: UUID, turn_id: UUID) -> Turn | None:
    """Take one turn, unless another worker is at it."""
    query = select(Turn).where(Turn.organization_id == organization_id, Turn.id == turn_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update(skip_locked=True))


async def under_way(session: Session, organization_id: UUID, model: str) -> Turn | None:
    """Find the turn of a model that is not over."""
    return await session.scalar(
        select(Turn).where(
            Turn.organization_id == organization_id,
            Turn.model == model,
            Turn.finished_at.is_(None),
        )
    )


async def newest(session: Session, organization_id: UUID, model: str) -> Turn | None:
    """Find the newest turn of a model."""
    query = select(Turn).where(Turn.organization_id == organization_id, Turn.model == model)
    return await session.scalar(query.order_by(Turn.id.desc()).limit(1))


async def tried(session: Session, organization_id: UUID, signature: str) -> Sequence[Turn]:
    """List the turns that learned the same from the same and are over, newest first."""
    query = select(Turn).where(
        Turn.organization_id == organization_id,
        Turn.signature == signature,
        Turn.state.in_(("promoted", "rolled_back", "rejected")),
    )
    return (await session.scalars(query.order_by(Turn.id.desc()).limit(_MOST_DUE))).all()


async def page(
    session: Session,
    organization_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    after: UUID | None,
    limit: int,
) -> tuple[Sequence[Turn], int | None]:
    """List turns, newest first, one more than `limit` where there are more, and count them."""
    query = select(Turn).where(Turn.organization_id == organization_id, *conditions)
    counted = query.with_only_columns(Turn.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    if after is not None:
        query = query.where(Turn.id < after)
    rows = (await session.scalars(query.order_by(Turn.id.desc()).limit(limit + 1))).all()
    return rows, total if total <= COUNT_LIMIT else None


async def due(owner: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find turns that are to be looked at, in all organizations; as the owner."""
    found = await owner.execute(
        select(Turn.organization_id, Turn.id)
        .where(Turn.finished_at.is_(None), Turn.next_at <= now)
        .order_by(Turn.next_at)
        .limit(_MOST_DUE)
    )
    return [(row[0], row[1]) for row in found]


async def decide(
    session: Session,
    turn: Turn,
    decision: str,
    who: str,
    words: str,
    evidence: dict[str, Any] | None = None,
) -> None:
    """Add what was decided to a turn's story; the turn's row is locked."""
    query = select(func.coalesce(func.max(TurnDecision.number), 0)).where(
        TurnDecision.organization_id == turn.organization_id, TurnDecision.turn_id == turn.id
    )
    session.add(
        TurnDecision(
            turn_id=turn.id,
            number=int(await session.scalar(query) or 0) + 1,
            organization_id=turn.organization_id,
            step=turn.state,
            decision=decision,
            who=who,
            words=words,
            evidence=evidence or {},
        )
    )
    await session.flush()


async def decisions(
    session: Session, organization_id: UUID, turn_id: UUID
) -> Sequence[TurnDecision]:
    """Read a turn's story, oldest first."""
    query = select(TurnDecision).where(
        TurnDecision.organization_id == organization_id, TurnDecision.turn_id == turn_id
    )
    return (await session.scalars(query.order_by(TurnDecision.number))).all()


async def since(
    session: Session, organization_id: UUID, turn_id: UUID, decision: str
) -> datetime | None:
    """Tell when something was decided first."""
    return await session.scalar(
        select(func.min(TurnDecision.at)).where(
            TurnDecision.organization_id == organization_id,
            TurnDecision.turn_id == turn_id,
            TurnDecision.decision == decision,
        )
    )

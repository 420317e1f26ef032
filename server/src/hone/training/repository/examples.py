"""Queries about what could be learned from; its tables are those of the data sets."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from hone.core.db import Session
from hone.datasets import Dataset, Example
from hone.training.schemas.job import DateRange


async def validated(
    session: Session,
    organization_id: UUID,
    dataset_id: UUID,
    min_quality: float,
    since: datetime | None = None,
    said: DateRange | None = None,
) -> int:
    """Count validated examples, those that became so after a moment, those of a time."""
    query = select(func.count()).where(
        Example.organization_id == organization_id,
        Example.dataset_id == dataset_id,
        Example.status == "validated",
        Example.quality >= min_quality,
        Example.erased_at.is_(None),
    )
    if since is not None:
        query = query.where(func.coalesce(Example.reviewed_at, Example.created_at) > since)
    if said is not None:
        at = func.coalesce(Example.said_at, Example.created_at)
        bounds = (said.from_ and at >= said.from_, said.to and at <= said.to)
        query = query.where(*[each for each in bounds if each is not None])
    return int(await session.scalar(query) or 0)


async def holding(session: Session, organization_id: UUID, named: Sequence[str]) -> Dataset | None:
    """Find the data set that is named, or else the one that holds most of these conversations."""
    mine = Dataset.organization_id == organization_id
    said = select(Dataset).where(mine, Dataset.name.in_(named)).order_by(Dataset.id.desc())
    found = await session.scalar(said.limit(1))
    if found is not None:
        return found
    best = await session.scalar(
        select(Example.dataset_id)
        .where(
            Example.organization_id == organization_id,
            Example.conversation_id.in_(named),
            Example.status != "rejected",
            Example.erased_at.is_(None),
        )
        .group_by(Example.dataset_id)
        .order_by(func.count().desc(), Example.dataset_id)
        .limit(1)
    )
    return best and await session.scalar(select(Dataset).where(mine, Dataset.id == best))


async def average_quality(
    session: Session, organization_id: UUID, dataset_id: UUID
) -> float | None:
    """Tell how good what is validated is on average."""
    found = await session.scalar(
        select(func.avg(Example.quality)).where(
            Example.organization_id == organization_id,
            Example.dataset_id == dataset_id,
            Example.status == "validated",
            Example.erased_at.is_(None),
        )
    )
    return None if found is None else round(float(found), 4)

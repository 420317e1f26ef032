"""Queries about knowledge sources and their pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, func, select

from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.datasets.models import Dataset, Example, Knowledge


async def page(
    session: Session, dataset: Dataset, query: PageQuery
) -> tuple[Sequence[Knowledge], int, str | None]:
    """List sources by name, with their number and the next cursor."""
    mine = _mine(dataset)
    total = await count(session, dataset)
    after = query.after()
    if after is not None:
        if len(after) != 1:
            raise UnknownCursor(param="cursor")
        mine = mine.where(Knowledge.name > after[0])
    found = (await session.scalars(mine.order_by(Knowledge.name).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].name) if len(found) > len(rows) else None


async def count(session: Session, dataset: Dataset) -> int:
    """Count the sources of a dataset."""
    return await session.scalar(_mine(dataset).with_only_columns(func.count())) or 0


async def by_id(
    session: Session, dataset: Dataset, knowledge_id: UUID, *, lock: bool = False
) -> Knowledge | None:
    """Find a source of a dataset."""
    query = _mine(dataset).where(Knowledge.id == knowledge_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def by_name(session: Session, dataset: Dataset, name: str) -> Knowledge | None:
    """Find a source by its name, and let nobody else change it."""
    query = _mine(dataset).where(Knowledge.name == name).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def claim(
    owner: Session, now: datetime, lease: timedelta, limit: int
) -> list[tuple[UUID, UUID, int]]:
    """Take sources of all organizations that are due: organization, source, token; as the owner.

    Who takes one has it until the lease is over; then another may, and only the last may write.
    """
    due = (
        select(Knowledge)
        .where(Knowledge.next_at <= now)
        .order_by(Knowledge.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    taken: list[tuple[UUID, UUID, int]] = []
    for row in await owner.scalars(due):
        row.next_at, row.token = now + lease, row.token + 1
        taken.append((row.organization_id, row.id, row.token))
    return taken


async def held(
    session: Session, organization_id: UUID, knowledge_id: UUID, token: int
) -> Knowledge | None:
    """Find a source, as long as nobody else has taken it, and let nobody else change it."""
    query = select(Knowledge).where(
        Knowledge.organization_id == organization_id,
        Knowledge.id == knowledge_id,
        Knowledge.token == token,
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(query)


async def pages_of(session: Session, row: Knowledge) -> dict[bytes, UUID]:
    """Tell which examples a source became, by their digests."""
    query = select(Example.digest, Example.id).where(
        Example.organization_id == row.organization_id,
        Example.dataset_id == row.dataset_id,
        Example.knowledge_id == row.id,
        Example.erased_at.is_(None),
    )
    return {found[0]: found[1] for found in await session.execute(query)}


async def remove_pages(session: Session, row: Knowledge, some: Sequence[UUID] | None) -> None:
    """Delete examples that a source became, or all of them; versions that have them keep them."""
    query = delete(Example).where(
        Example.organization_id == row.organization_id,
        Example.dataset_id == row.dataset_id,
        Example.knowledge_id == row.id,
    )
    await session.execute(query if some is None else query.where(Example.id.in_(some)))


def _mine(dataset: Dataset) -> Select[Knowledge]:
    return select(Knowledge).where(
        Knowledge.organization_id == dataset.organization_id, Knowledge.dataset_id == dataset.id
    )

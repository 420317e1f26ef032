"""Queries about versions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.datasets.models import Dataset, Version


async def by_number(session: Session, dataset: Dataset, number: int) -> Version | None:
    """Find a version of a dataset by its number."""
    return await session.scalar(_mine(dataset).where(Version.number == number))


async def by_id(session: Session, organization_id: UUID, version_id: UUID) -> Version | None:
    """Find a version by its id."""
    query = select(Version).where(
        Version.organization_id == organization_id, Version.id == version_id
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def newest(session: Session, dataset: Dataset) -> Version | None:
    """Find the newest version of a dataset."""
    return await session.scalar(_mine(dataset).order_by(Version.number.desc()).limit(1))


async def page(
    session: Session, dataset: Dataset, query: PageQuery
) -> tuple[Sequence[Version], int, str | None]:
    """List versions, newest first, with their number and the next cursor."""
    mine = _mine(dataset)
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    after = query.after()
    if after is not None:
        if len(after) != 1 or not after[0].isdecimal() or len(after[0]) > 9:
            raise UnknownCursor(param="cursor")
        mine = mine.where(Version.number < int(after[0]))
    ordered = mine.order_by(Version.number.desc()).limit(query.limit + 1)
    found = (await session.scalars(ordered)).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].number) if len(found) > len(rows) else None


def _mine(dataset: Dataset) -> Select[Version]:
    return select(Version).where(
        Version.organization_id == dataset.organization_id, Version.dataset_id == dataset.id
    )

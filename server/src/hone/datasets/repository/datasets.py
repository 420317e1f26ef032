"""Queries about datasets and their counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, any_, func, literal, select, update

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.datasets.models import Dataset, DatasetCount, Finding, Version


async def by_id(session: Session, organization_id: UUID, dataset_id: UUID) -> Dataset | None:
    """Find a dataset by its id."""
    return await session.scalar(_mine(organization_id).where(Dataset.id == dataset_id))


async def by_name(session: Session, organization_id: UUID, name: str) -> Dataset | None:
    """Find a dataset by its name."""
    return await session.scalar(_mine(organization_id).where(Dataset.name == name))


async def lock(session: Session, dataset: Dataset) -> None:
    """Let one transaction at a time add to a dataset."""
    query = _mine(dataset.organization_id).where(Dataset.id == dataset.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    await session.execute(locked)


async def page(
    session: Session, organization_id: UUID, query: PageQuery
) -> tuple[Sequence[Dataset], int, str | None]:
    """List datasets by name, with their number and the next cursor."""
    mine = _mine(organization_id)
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    after = query.after()
    if after is not None:
        if len(after) != 1:
            raise UnknownCursor(param="cursor")
        mine = mine.where(Dataset.name > after[0])
    found = (await session.scalars(mine.order_by(Dataset.name).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].name) if len(found) > len(rows) else None


async def every(session: Session, organization_id: UUID) -> Sequence[Dataset]:
    """List all datasets of an organization."""
    return (await session.scalars(_mine(organization_id).order_by(Dataset.name))).all()


async def collecting(session: Session, organization_id: UUID, name: str) -> Dataset | None:
    """Find the dataset in which corrected answers of a model or route become examples."""
    query = _mine(organization_id).where(literal(name) == any_(Dataset.collects))
    return await session.scalar(query.order_by(Dataset.id).limit(1))


async def add_merged(session: Session, dataset: Dataset, number: int) -> None:
    """Count examples that came again."""
    await session.execute(
        update(Dataset)
        .where(Dataset.organization_id == dataset.organization_id, Dataset.id == dataset.id)
        .values(merged=Dataset.merged + number, updated_at=func.now())
    )


@dataclass(slots=True)
class Counts:
    """What is counted of a dataset."""

    by_status: dict[str, int] = field(default_factory=dict[str, int])
    by_source: dict[str, int] = field(default_factory=dict[str, int])
    by_label: dict[str, int] = field(default_factory=dict[str, int])
    histogram: list[int] = field(default_factory=lambda: [0] * 10)
    quality: float = 0.0
    """The sum, without what was rejected."""

    @property
    def total(self) -> int:
        """Count all."""
        return sum(self.by_status.values())

    @property
    def average(self) -> float | None:
        """Tell the mean quality of what was not rejected."""
        kept = self.total - self.by_status.get("rejected", 0)
        return round(self.quality / kept, 4) if kept else None


async def counts(
    session: Session, organization_id: UUID, datasets: Sequence[UUID]
) -> dict[UUID, Counts]:
    """Read the counts of datasets."""
    query = select(DatasetCount).where(
        DatasetCount.organization_id == organization_id,
        DatasetCount.dataset_id.in_(datasets),
        DatasetCount.examples > 0,
    )
    found = {each: Counts() for each in datasets}
    for row in await session.scalars(query.execution_options(populate_existing=True)):
        made, number = found[row.dataset_id], row.examples
        made.by_status[row.status] = made.by_status.get(row.status, 0) + number
        if row.status == "rejected":
            continue
        made.by_source[row.source] = made.by_source.get(row.source, 0) + number
        made.quality += row.quality
        made.histogram[row.bucket] += number
        if row.label:
            made.by_label[row.label] = made.by_label.get(row.label, 0) + number
    return found


async def open_findings(
    session: Session, organization_id: UUID, datasets: Sequence[UUID]
) -> dict[UUID, dict[str, int]]:
    """Count the open findings of datasets by kind."""
    query = (
        select(Finding.dataset_id, Finding.kind, func.count())
        .where(
            Finding.organization_id == organization_id,
            Finding.dataset_id.in_(datasets),
            Finding.state == "open",
        )
        .group_by(Finding.dataset_id, Finding.kind)
    )
    found: dict[UUID, dict[str, int]] = {each: {} for each in datasets}
    for dataset_id, kind, number in await session.execute(query):
        found[dataset_id][kind] = number
    return found


async def newest_versions(
    session: Session, organization_id: UUID, datasets: Sequence[UUID]
) -> dict[UUID, int]:
    """Tell the number of each dataset's newest version."""
    query = (
        select(Version.dataset_id, func.max(Version.number))
        .where(Version.organization_id == organization_id, Version.dataset_id.in_(datasets))
        .group_by(Version.dataset_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


def last_id(query: PageQuery) -> UUID | None:
    """Read the id in a cursor."""
    after = query.after()
    if after is None:
        return None
    last = ids.parse("", after[0]) if len(after) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last


def _mine(organization_id: UUID) -> Select[Dataset]:
    return select(Dataset).where(Dataset.organization_id == organization_id)

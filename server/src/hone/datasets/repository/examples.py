"""Queries about examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, text

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.datasets.models import Example, Finding

PREFIX: Final = "ex"
_TYPES: Final = {
    "id": "uuid",
    "organization_id": "uuid",
    "dataset_id": "uuid",
    "digest": "bytea",
    "input_digest": "bytea",
    "near_digest": "bytea",
    "sealed": "bytea",
    "bytes": "integer",
    "label": "text",
    "source": "text",
    "quality": "real",
    "weight": "real",
    "status": "text",
    "split": "text",
    "reviewer": "text",
    "reviewed_at": "timestamptz",
    "person": "text",
    "operation_id": "uuid",
    "conversation_id": "text",
    "feedback_id": "uuid",
    "parent_id": "uuid",
    "knowledge_id": "uuid",
    "file": "text",
    "line": "integer",
    "said_at": "timestamptz",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
}
_INSERT: Final = text(
    f"INSERT INTO examples ({', '.join(_TYPES)}) SELECT * FROM unnest("
    + ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _TYPES.items())
    + ")"
)
_SPLIT: Final = text(
    "UPDATE examples SET split = told.split,"
    " held = held + int4multirange(int4range(:number, :number + 1)) FROM unnest(CAST(:moments AS timestamptz[]),"
    " CAST(:ids AS uuid[]), CAST(:splits AS text[])) AS told (created_at, id, split)"
    " WHERE organization_id = :organization AND examples.created_at = told.created_at"
    " AND examples.id = told.id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which examples are meant."""

    organization_id: UUID
    dataset_id: UUID | None = None
    statuses: Sequence[str] | None = None
    source: str | None = None
    label: str | None = None
    split: str | None = None
    min_quality: float | None = None
    max_quality: float | None = None
    finding: str | None = None
    feedback_id: UUID | None = None
    operation_id: UUID | None = None
    conversation_id: str | None = None
    knowledge_id: UUID | None = None
    said_from: datetime | None = None
    said_to: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Write the conditions."""
        made: list[ColumnElement[bool]] = [
            Example.organization_id == self.organization_id,
            Example.erased_at.is_(None),
        ]
        same = {
            Example.dataset_id: self.dataset_id,
            Example.source: self.source,
            Example.label: self.label,
            Example.split: self.split,
            Example.feedback_id: self.feedback_id,
            Example.operation_id: self.operation_id,
            Example.conversation_id: self.conversation_id,
            Example.knowledge_id: self.knowledge_id,
        }
        made += [column == value for column, value in same.items() if value is not None]
        if self.statuses is not None:
            made.append(Example.status.in_(self.statuses))
        if self.min_quality is not None:
            made.append(Example.quality >= self.min_quality)
        if self.max_quality is not None:
            made.append(Example.quality <= self.max_quality)
        said = func.coalesce(Example.said_at, Example.created_at)
        if self.said_from is not None:
            made.append(said >= self.said_from)
        if self.said_to is not None:
            made.append(said <= self.said_to)
        if self.finding is not None:
            made.append(Example.id.in_(self._found()))
        return made

    def _found(self) -> Select[Any]:
        query = select(func.unnest(Finding.examples)).where(
            Finding.organization_id == self.organization_id,
            Finding.kind == self.finding,
            Finding.state == "open",
        )
        return (
            query if self.dataset_id is None else query.where(Finding.dataset_id == self.dataset_id)
        )


async def page(
    session: Session, wanted: Wanted, before: UUID | None, limit: int
) -> Sequence[Example]:
    """List examples, newest first, from behind one of them."""
    query = select(Example).where(*wanted.conditions())
    if before is not None:
        query = query.where(Example.id < before, Example.created_at <= ids.created_at(before))
    return (await session.scalars(query.order_by(Example.id.desc()).limit(limit))).all()


async def after(
    session: Session, wanted: Wanted, last: UUID | None, limit: int
) -> Sequence[Example]:
    """Read examples, oldest first, from behind one of them."""
    query = select(Example).where(*wanted.conditions())
    if last is not None:
        query = query.where(Example.id > last, Example.created_at >= ids.created_at(last))
    query = query.order_by(Example.id).limit(limit).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def count(session: Session, wanted: Wanted) -> int | None:
    """Count examples; None where there are more than are counted."""
    counted = select(Example.id).where(*wanted.conditions()).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    return total if total <= COUNT_LIMIT else None


async def these(
    session: Session,
    organization_id: UUID,
    dataset_id: UUID,
    wanted: Sequence[UUID],
    *,
    lock: bool = False,
) -> dict[UUID, Example]:
    """Find examples of a dataset by their ids."""
    moments = [ids.created_at(each) for each in wanted]
    query = select(Example).where(
        Example.organization_id == organization_id,
        Example.dataset_id == dataset_id,
        Example.created_at.in_(moments),
        Example.id.in_(wanted),
        Example.erased_at.is_(None),
    )
    query = query.order_by(Example.id).execution_options(populate_existing=True)
    found = await session.scalars(query.with_for_update() if lock else query)
    return {row.id: row for row in found}


async def of_inputs(
    session: Session, organization_id: UUID, dataset_id: UUID, digests: Sequence[bytes]
) -> Sequence[Example]:
    """Find the examples that have one of these inputs."""
    query = select(Example).where(
        Example.organization_id == organization_id,
        Example.dataset_id == dataset_id,
        Example.input_digest.in_(digests),
        Example.erased_at.is_(None),
    )
    return (
        await session.scalars(query.order_by(Example.id).execution_options(populate_existing=True))
    ).all()


async def of_feedback(
    session: Session, organization_id: UUID, feedback: Sequence[UUID]
) -> Sequence[Example]:
    """Find the examples that feedback became."""
    query = select(Example).where(
        Example.organization_id == organization_id, Example.feedback_id.in_(feedback)
    )
    return (await session.scalars(query)).all()


async def insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add examples, in one statement."""
    if rows:
        await session.execute(_INSERT, {name: [row[name] for row in rows] for name in _TYPES})


async def put_into_splits(
    session: Session, organization_id: UUID, splits: Mapping[UUID, str], number: int
) -> None:
    """Remember where examples are, and that a version of this number holds them."""
    await session.execute(
        _SPLIT,
        {
            "organization": organization_id,
            "moments": [ids.created_at(each) for each in splits],
            "ids": list(splits),
            "splits": list(splits.values()),
            "number": number,
        },
    )


async def remove(session: Session, row: Example) -> None:
    """Delete an example."""
    await session.execute(
        delete(Example).where(
            Example.organization_id == row.organization_id,
            Example.created_at == row.created_at,
            Example.id == row.id,
        )
    )


async def outline(
    session: Session, wanted: Wanted
) -> Sequence[Row[UUID, bytes, str | None, str | None, UUID | None, str]]:
    """Read what a freeze decides by, of every example, oldest first."""
    query = (
        select(
            Example.id,
            Example.near_digest,
            Example.conversation_id,
            Example.split,
            Example.parent_id,
            Example.source,
        )
        .where(*wanted.conditions())
        .order_by(Example.id)
    )
    return (await session.execute(query)).all()


_NEAR: Final = """
SELECT array_agg(id ORDER BY status = 'validated' DESC, quality DESC, id) AS ids,
    array_agg(coalesce(split, '') ORDER BY status = 'validated' DESC, quality DESC, id) AS splits,
    count(DISTINCT input_digest) AS inputs
FROM examples WHERE organization_id = :organization AND dataset_id = :dataset
    AND status <> 'rejected' AND erased_at IS NULL AND parent_id IS NULL AND source <> 'knowledge'
GROUP BY near_digest HAVING count(*) > 1
"""


async def near_groups(
    session: Session, organization_id: UUID, dataset_id: UUID
) -> list[tuple[list[UUID], list[str]]]:
    """Find examples whose words are the same, the best of each group first, with their splits."""
    values = {"organization": organization_id, "dataset": dataset_id}
    return [(row.ids, row.splits) for row in await session.execute(text(_NEAR), values)]

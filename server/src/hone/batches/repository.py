"""Every query about files and batches. Each one names the organization, and whose things are meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert

from hone.batches.models import ACTIVE, Batch, BatchAnswer, File
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose files and batches somebody sees."""

    organization_id: UUID
    owner: str | None
    """A key or a person; None: everybody's in the organization."""

    def mine(self, table: type[File] | type[Batch]) -> list[ColumnElement[bool]]:
        """Write the condition."""
        conditions: list[ColumnElement[bool]] = [table.organization_id == self.organization_id]
        if self.owner is not None:
            conditions.append(table.owner == self.owner)
        return conditions


async def file(session: Session, whose: Whose, file_id: UUID) -> File | None:
    """Find a file that is whole and has not expired."""
    query = select(File).where(*whose.mine(File), *_there(), File.id == file_id)
    return await session.scalar(query)


def _there() -> list[ColumnElement[bool]]:
    return [File.complete == true(), (File.expires_at.is_(None)) | (File.expires_at > func.now())]


async def files(
    session: Session,
    whose: Whose,
    *,
    purpose: str | None,
    after: UUID | None,
    limit: int,
    ascending: bool,
) -> Sequence[File]:
    """List files by their age, those behind `after`, one more than `limit` where there are more."""
    query = select(File).where(*whose.mine(File), *_there())
    if purpose is not None:
        query = query.where(File.purpose == purpose)
    if after is not None:
        query = query.where(File.id > after if ascending else File.id < after)
    order = File.id.asc() if ascending else File.id.desc()
    return (await session.scalars(query.order_by(order).limit(limit + 1))).all()


async def files_after(
    session: Session, organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[File]:
    """List an organization's files, whole or not, oldest first."""
    query = select(File).where(File.organization_id == organization_id)
    if after is not None:
        query = query.where(File.id > after)
    return (await session.scalars(query.order_by(File.id).limit(limit))).all()


async def add_part(session: Session, organization_id: UUID, file_id: UUID, digest: str) -> None:
    """Note where the next part of a file will lie."""
    await session.execute(
        update(File)
        .where(File.organization_id == organization_id, File.id == file_id)
        .values(parts=func.array_append(File.parts, digest))
    )


async def change_file(
    session: Session, organization_id: UUID, file_id: UUID, **values: object
) -> None:
    """Change a file's row."""
    mine = File.organization_id == organization_id, File.id == file_id
    await session.execute(update(File).where(*mine).values(**values))


async def delete_file(session: Session, organization_id: UUID, file_id: UUID) -> None:
    """Delete a file; its parts are noted to be removed."""
    mine = File.organization_id == organization_id, File.id == file_id
    await session.execute(delete(File).where(*mine))


async def in_use(session: Session, organization_id: UUID, file_id: UUID) -> bool:
    """Tell whether a batch that is not over reads a file."""
    query = select(Batch.id).where(
        Batch.organization_id == organization_id,
        Batch.input_file_id == file_id,
        Batch.status.in_(ACTIVE),
    )
    return await session.scalar(query.limit(1)) is not None


async def batch(
    session: Session, whose: Whose, batch_id: UUID, *, lock: bool = False
) -> Batch | None:
    """Find a batch."""
    query = select(Batch).where(*whose.mine(Batch), Batch.id == batch_id)
    # What another process wrote meanwhile counts, not what this session has seen.
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def batches(
    session: Session, whose: Whose, after: UUID | None, limit: int, status: str | None = None
) -> Sequence[Batch]:
    """List batches, newest first, one more than `limit` where there are more."""
    query = select(Batch).where(*whose.mine(Batch))
    if after is not None:
        query = query.where(Batch.id < after)
    if status is not None:
        query = query.where(Batch.status == status)
    return (await session.scalars(query.order_by(Batch.id.desc()).limit(limit + 1))).all()


async def count(session: Session, whose: Whose, status: str | None) -> int | None:
    """Count batches; None where there are more than are counted."""
    query = select(Batch.id).where(*whose.mine(Batch))
    if status is not None:
        query = query.where(Batch.status == status)
    counted = query.limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    return total if total <= COUNT_LIMIT else None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of one line, to be kept."""

    line: int
    succeeded: bool
    sealed: bytes
    took: tuple[int, int, int, int, int]
    """Input, cached, output and reasoning tokens, and pico-dollars."""


_COUNT: Final = """
UPDATE batches SET completed = completed + :completed, failed = failed + :failed,
    input_tokens = input_tokens + :input, cached_tokens = cached_tokens + :cached,
    output_tokens = output_tokens + :output, reasoning_tokens = reasoning_tokens + :reasoning,
    cost = cost + :cost
WHERE organization_id = :organization AND id = :batch
"""


async def keep_answers(
    session: Session, organization_id: UUID, batch_id: UUID, found: Sequence[Answered]
) -> None:
    """Keep answers and count them; of two answers to one line the first counts."""
    rows = [
        {
            "batch_id": batch_id,
            "line": each.line,
            "organization_id": organization_id,
            "succeeded": each.succeeded,
            "sealed": each.sealed,
        }
        for each in found
    ]
    kept = await session.scalars(
        insert(BatchAnswer).values(rows).on_conflict_do_nothing().returning(BatchAnswer.line)
    )
    lines = set(kept)
    counted = [each for each in found if each.line in lines]
    sums = [sum(column) for column in zip(*(each.took for each in counted), strict=True)]
    names = ("input", "cached", "output", "reasoning", "cost")
    await session.execute(
        text(_COUNT),
        {
            "organization": organization_id,
            "batch": batch_id,
            "completed": sum(each.succeeded for each in counted),
            "failed": sum(not each.succeeded for each in counted),
            **dict(zip(names, sums or [0] * len(names), strict=True)),
        },
    )


async def answered_lines(session: Session, organization_id: UUID, batch_id: UUID) -> set[int]:
    """Tell which lines have an answer."""
    query = select(BatchAnswer.line).where(
        BatchAnswer.organization_id == organization_id, BatchAnswer.batch_id == batch_id
    )
    return set(await session.scalars(query))


async def answers(
    session: Session, organization_id: UUID, batch_id: UUID, after: int, limit: int
) -> Sequence[BatchAnswer]:
    """Read answers in the order of the lines."""
    query = (
        select(BatchAnswer)
        .where(
            BatchAnswer.organization_id == organization_id,
            BatchAnswer.batch_id == batch_id,
            BatchAnswer.line > after,
        )
        .order_by(BatchAnswer.line)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def forget_answers(session: Session, organization_id: UUID, batch_id: UUID) -> None:
    """Delete the answers of a batch; they stand in its files."""
    await session.execute(
        delete(BatchAnswer).where(
            BatchAnswer.organization_id == organization_id, BatchAnswer.batch_id == batch_id
        )
    )


async def standing(owner: Session) -> Sequence[tuple[UUID, UUID]]:
    """Find batches that are not over and have no job; as the owner."""
    found = await owner.execute(
        text(
            "SELECT organization_id, id FROM batches WHERE status = ANY(:active) AND NOT EXISTS"
            " (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            " AND lock = 'batches.run:' || replace(batches.id::text, '-', ''))"
        ),
        {"active": list(ACTIVE)},
    )
    return [(row[0], row[1]) for row in found]


async def delete_due(owner: Session, begun_before: datetime) -> None:
    """Delete files that have expired, and those that were begun long ago and never finished."""
    await owner.execute(
        text(
            "DELETE FROM files WHERE (expires_at <= now() OR NOT complete AND created_at < :begun)"
            " AND NOT EXISTS (SELECT FROM batches WHERE batches.organization_id ="
            " files.organization_id AND input_file_id = files.id AND status = ANY(:active))"
        ),
        {"begun": begun_before, "active": list(ACTIVE)},
    )


async def removals(owner: Session, limit: int) -> Sequence[tuple[UUID, str]]:
    """List parts that are to be removed from the storage; as the owner."""
    found = await owner.execute(
        text("SELECT organization_id, digest FROM blob_removals ORDER BY noted_at LIMIT :most"),
        {"most": limit},
    )
    return [(row[0], row[1]) for row in found]


async def removed(owner: Session, organization_id: UUID, digests: Sequence[str]) -> None:
    """Note that parts were removed from the storage."""
    await owner.execute(
        text("DELETE FROM blob_removals WHERE organization_id = :id AND digest = ANY(:digests)"),
        {"id": organization_id, "digests": list(digests)},
    )


async def key_names(
    session: Session, organization_id: UUID, rows: Sequence[Batch]
) -> dict[UUID, str]:
    """Name the keys that batches were made with."""
    wanted = [row.key_id for row in rows if row.key_id is not None]
    found = await session.execute(
        text("SELECT id, name FROM api_keys WHERE organization_id = :id AND id = ANY(:keys)"),
        {"id": organization_id, "keys": wanted},
    )
    return {row[0]: row[1] for row in found}


async def now(session: Session) -> datetime:
    """Return the database's time."""
    found = await session.scalar(select(func.now()))
    assert found is not None
    return found


async def input_of(session: Session, organization_id: UUID, file_id: UUID) -> File | None:
    """Find the file that a batch reads, whoever made it."""
    query = select(File).where(
        File.organization_id == organization_id, File.id == file_id, File.complete
    )
    return await session.scalar(query)

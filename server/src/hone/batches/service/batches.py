"""The rules of batches: how they begin, who sees them, how they end before their end."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from hone.batches import repository
from hone.batches.errors import BatchNotHere, BatchOver, NotKept, ParameterWrong
from hone.batches.lines import ENDPOINTS
from hone.batches.models import ACTIVE, Batch
from hone.batches.repository import Whose
from hone.batches.schemas import (
    BatchCreate,
    BatchList,
    BatchObject,
    BatchProblem,
    BatchProblemRead,
    BatchProblems,
    BatchRead,
    BatchUsage,
    InputDetails,
    OutputDetails,
    RequestCounts,
    Status,
)
from hone.batches.service import files
from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.jobs import defer
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission
from hone.llm.unicode import clean

RUN: Final = "batches.run"
QUEUE: Final = "batches"
LONGEST_WINDOW: Final = 168
MOST_LISTED: Final = 100
_PICO: Final = 10**12
_TIMES: Final = (
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)


async def access(session: Session, actor: Actor, batch_id: str, *, lock: bool = False) -> Batch:
    """Open the one door to a batch; raise `NotKept` where there is none that they see."""
    actor.require(Permission.AI_QUERY)
    return await _find(session, files.whose(actor), batch_id, lock=lock)


async def _find(session: Session, whose: Whose, batch_id: str, *, lock: bool = False) -> Batch:
    parsed = ids.parse("batch", batch_id)
    found = parsed and await repository.batch(session, whose, parsed, lock=lock)
    if not found:
        raise NotKept
    return found


async def create(session: Session, actor: Actor, data: BatchCreate) -> BatchObject:
    """Begin a batch over a file; raise `NotKept` where the file is not one of ours."""
    file = await files.access(session, actor, data.input_file_id)
    if file.purpose != "batch":
        raise ParameterWrong(
            f"The purpose of this file is {file.purpose!r}, and must be 'batch'.",
            param="input_file_id",
        )
    if data.endpoint not in ENDPOINTS:
        raise ParameterWrong(f"'endpoint' must be one of {', '.join(ENDPOINTS)}.", param="endpoint")
    hours = int(data.completion_window.removesuffix("h"))
    if hours > LONGEST_WINDOW:
        raise ParameterWrong(
            f"'completion_window' is at most {LONGEST_WINDOW}h.", param="completion_window"
        )
    batch_id = ids.new()
    at = ids.created_at(batch_id)
    row = Batch(
        id=batch_id,
        organization_id=actor.organization_id,
        owner=actor.id,
        key_id=ids.parse("key", actor.id) if actor.id.startswith("key_") else None,
        person_id=ids.parse("person", actor.id) if actor.id.startswith("person_") else None,
        endpoint=data.endpoint,
        input_file_id=file.id,
        completion_window=data.completion_window,
        output_expires_after=data.output_expires_after and data.output_expires_after.seconds,
        metadata_=_clean(data.metadata),
        status="validating",
        created_at=at,
        expires_at=at + timedelta(hours=hours),
    )
    session.add(row)
    await session.flush()
    note(session, row, actor.id, "batch.created")
    await enqueue(session, row.organization_id, row.id)
    return shown(row)


async def get(session: Session, actor: Actor, batch_id: str) -> BatchObject:
    """Show one batch."""
    return shown(await access(session, actor, batch_id))


async def listing(session: Session, actor: Actor, after: str | None, limit: int) -> BatchList:
    """List the batches that somebody sees, newest first."""
    actor.require(Permission.AI_QUERY)
    last = None if after is None else (await access(session, actor, after)).id
    most = max(1, min(limit, MOST_LISTED))
    rows = await repository.batches(session, files.whose(actor), last, most)
    items = [shown(row) for row in rows[:most]]
    return BatchList(
        data=items,
        first_id=items[0].id if items else None,
        last_id=items[-1].id if items else None,
        has_more=len(rows) > most,
    )


async def stop(session: Session, actor: Actor, batch_id: str) -> BatchObject:
    """Let a batch end where it is; what is done stays done."""
    row = await access(session, actor, batch_id, lock=True)
    return shown(await _cancel(session, actor, row))


async def page(
    session: Session, actor: Actor, query: PageQuery, status: str | None = None
) -> Page[BatchRead]:
    """List the organization's batches for whoever may see its operations, newest first."""
    actor.require(Permission.OPERATIONS_READ)
    whose = Whose(actor.organization_id, None)
    rows = await repository.batches(session, whose, _last(query), query.limit, status)
    total = await repository.count(session, whose, status)
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    items = await _read(session, actor, rows[: query.limit])
    return Page[BatchRead](items=items, total=total, next=more)


def _last(query: PageQuery) -> UUID | None:
    after = query.after()
    last = ids.parse("", after[0]) if after is not None and len(after) == 1 else None
    if after is not None and last is None:
        raise UnknownCursor(param="cursor")
    return last


async def whole(session: Session, actor: Actor, batch_id: str) -> BatchRead:
    """Show one batch of the organization to whoever may see its operations."""
    actor.require(Permission.OPERATIONS_READ)
    row = await _here(session, actor, batch_id)
    (made,) = await _read(session, actor, [row])
    return made


async def cancel(session: Session, actor: Actor, batch_id: str) -> BatchRead:
    """End a batch of the organization where it is."""
    actor.require(Permission.OPERATIONS_WRITE)
    row = await _here(session, actor, batch_id, lock=True)
    await _cancel(session, actor, row)
    (made,) = await _read(session, actor, [row])
    return made


async def _here(session: Session, actor: Actor, batch_id: str, *, lock: bool = False) -> Batch:
    try:
        return await _find(session, Whose(actor.organization_id, None), batch_id, lock=lock)
    except NotKept as error:
        raise NotFound("There is no such batch in this organization.") from error


async def _cancel(session: Session, actor: Actor, row: Batch) -> Batch:
    if row.status not in ACTIVE:
        raise BatchOver(f"This batch is {row.status}; there is nothing left to cancel.")
    if row.status != "cancelling":
        row.status, row.cancelling_at = "cancelling", await repository.now(session)
        note(session, row, actor.id, "batch.cancelled")
        await session.flush()
    return row


async def enqueue(session: Session, organization_id: UUID, batch_id: UUID) -> None:
    """Give a batch to a worker."""
    arguments = {"organization": organization_id.hex, "batch": batch_id.hex}
    await defer(session, RUN, arguments, lock=f"{RUN}:{batch_id.hex}", queue=QUEUE)


def note(session: Session, row: Batch, actor: str, name: str) -> None:
    """Publish what happened to a batch."""
    data = {
        "endpoint": row.endpoint,
        "status": row.status,
        "lines": row.total,
        "completed": row.completed,
        "failed": row.failed,
    }
    publish(session, row.organization_id, actor, name, ids.public("batch", row.id), data)


def shown(row: Batch) -> BatchObject:
    """Show a batch as OpenAI does."""
    times: dict[str, Any] = {name: _seconds(getattr(row, name)) for name in _TIMES}
    problems = [BatchProblem(**each) for each in row.errors or ()]
    return BatchObject(
        id=ids.public("batch", row.id),
        endpoint=row.endpoint,
        model=row.model,
        errors=BatchProblems(data=problems) if problems else None,
        input_file_id=ids.public("file", row.input_file_id),
        completion_window=row.completion_window,
        status=cast("Status", row.status),
        output_file_id=_file(row.output_file_id),
        error_file_id=_file(row.error_file_id),
        created_at=int(row.created_at.timestamp()),
        **times,
        request_counts=RequestCounts(
            total=row.total or 0, completed=row.completed or 0, failed=row.failed or 0
        ),
        usage=BatchUsage(
            input_tokens=row.input_tokens or 0,
            input_tokens_details=InputDetails(cached_tokens=row.cached_tokens or 0),
            output_tokens=row.output_tokens or 0,
            output_tokens_details=OutputDetails(reasoning_tokens=row.reasoning_tokens or 0),
            total_tokens=(row.input_tokens or 0) + (row.output_tokens or 0),
        ),
        metadata=row.metadata_,
    )


async def _read(session: Session, actor: Actor, rows: Sequence[Batch]) -> list[BatchRead]:
    names = await repository.key_names(session, actor.organization_id, rows)
    return [_one(row, actor, names) for row in rows]


def _one(row: Batch, actor: Actor, names: Mapping[UUID, str]) -> BatchRead:
    ended = row.completed_at or row.failed_at or row.expired_at or row.cancelled_at
    return BatchRead(
        id=ids.public("batch", row.id),
        status=cast("Status", row.status),
        endpoint=row.endpoint,
        model=row.model,
        total=row.total,
        completed=row.completed,
        failed=row.failed,
        cost_usd=row.cost / _PICO,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        key_id=None if row.key_id is None else ids.public("key", row.key_id),
        key_name=None if row.key_id is None else names.get(row.key_id),
        mine=row.owner == actor.id,
        input_file_id=ids.public("file", row.input_file_id),
        output_file_id=_file(row.output_file_id),
        error_file_id=_file(row.error_file_id),
        errors=[BatchProblemRead(**each) for each in row.errors or ()],
        metadata=row.metadata_,
        completion_window=row.completion_window,
        created_at=row.created_at,
        in_progress_at=row.in_progress_at,
        expires_at=row.expires_at,
        ended_at=ended,
    )


def _file(file_id: UUID | None) -> str | None:
    return None if file_id is None else ids.public("file", file_id)


def _seconds(moment: Any) -> int | None:  # noqa: ANN401
    return None if moment is None else int(moment.timestamp())


def _clean(metadata: Mapping[str, str] | None) -> dict[str, str] | None:
    if metadata is None:
        return None
    return {clean(name): clean(value) for name, value in metadata.items()}


def missing(batch_id: str) -> BatchNotHere:
    """Say that nobody has a batch."""
    return BatchNotHere(f"There is no batch {clean(batch_id, 80)!r} here.", param="batch_id")

"""The rules of files: who sees them, how they come, how they go."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.batches import repository, storage
from hone.batches.errors import FileInUse, FileNotHere, NotKept, ParameterWrong
from hone.batches.models import File
from hone.batches.repository import Whose
from hone.batches.schemas import PURPOSES, FileDeleted, FileList, FileObject
from hone.batches.storage import Draft, Place
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.llm.unicode import clean

LONGEST_NAME: Final = 255
MOST_LISTED: Final = 10_000
_LEAST_SECONDS: Final = 3600
_MOST_SECONDS: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Listing:
    """Which files a list shows."""

    purpose: str | None = None
    after: str | None = None
    limit: int = MOST_LISTED
    order: str = "desc"


def whose(actor: Actor) -> Whose:
    """Say whose files and batches somebody sees: who may not read contents sees their own."""
    every = Permission.CONTENTS_READ in actor.permissions
    return Whose(actor.organization_id, None if every else actor.id)


async def access(session: Session, actor: Actor, file_id: str) -> File:
    """Open the one door to a file; raise `NotKept` where there is none that they see."""
    actor.require(Permission.AI_QUERY)
    parsed = ids.parse("file", file_id)
    found = parsed and await repository.file(session, whose(actor), parsed)
    if not found:
        raise NotKept
    return found


async def get(session: Session, actor: Actor, file_id: str) -> FileObject:
    """Show one file."""
    return shown(await access(session, actor, file_id))


async def page(session: Session, actor: Actor, wanted: Listing) -> FileList:
    """List the files that somebody sees."""
    actor.require(Permission.AI_QUERY)
    after = await _after(session, actor, wanted.after)
    limit = max(1, min(wanted.limit, MOST_LISTED))
    rows = await repository.files(
        session,
        whose(actor),
        purpose=wanted.purpose,
        after=after,
        limit=limit,
        ascending=wanted.order == "asc",
    )
    items = [shown(row) for row in rows[:limit]]
    return FileList(
        data=items,
        first_id=items[0].id if items else None,
        last_id=items[-1].id if items else None,
        has_more=len(rows) > limit,
    )


async def _after(session: Session, actor: Actor, after: str | None) -> UUID | None:
    return None if after is None else (await access(session, actor, after)).id


async def content(
    session: Session, actor: Actor, place: Place, file_id: str
) -> tuple[File, AsyncIterator[bytes]]:
    """Return a file and its bytes, part by part."""
    row = await access(session, actor, file_id)
    key = await storage.open_key(session, place.ring, row)
    return row, storage.read(place, row, key)


async def lines_of(
    session: Session, actor: Actor, place: Place, file_id: str
) -> tuple[File, AsyncIterator[tuple[int, bytes]]]:
    """Return a file and its lines with their numbers, from 1; `NotKept` where it is not ours."""
    row = await access(session, actor, file_id)
    key = await storage.open_key(session, place.ring, row)
    return row, storage.lines(place, row, key)


async def delete(session: Session, actor: Actor, file_id: str) -> FileDeleted:
    """Delete a file: it can no longer be read, and its bytes are removed soon."""
    row = await access(session, actor, file_id)
    if await repository.in_use(session, actor.organization_id, row.id):
        raise FileInUse
    await repository.delete_file(session, actor.organization_id, row.id)
    _note(session, actor, "file.deleted", row, row.size)
    return FileDeleted(id=ids.public("file", row.id))


def expiry(anchor: str | None, seconds: str | None) -> datetime | None:
    """Read when a file goes by itself, as a form says it."""
    if anchor is None and seconds is None:
        return None
    if anchor != "created_at":
        raise ParameterWrong(
            "'expires_after[anchor]' must be created_at.", param="expires_after[anchor]"
        )
    given = int(seconds) if seconds is not None and seconds.isdecimal() else 0
    if not _LEAST_SECONDS <= given <= _MOST_SECONDS:
        raise ParameterWrong(
            f"'expires_after[seconds]' lies between {_LEAST_SECONDS} and {_MOST_SECONDS}.",
            param="expires_after[seconds]",
        )
    return clock.now() + timedelta(seconds=given)


def require_purpose(purpose: str) -> None:
    """Refuse a purpose that there is not."""
    if purpose not in PURPOSES:
        raise ParameterWrong(f"'purpose' must be one of {', '.join(PURPOSES)}.", param="purpose")


async def begin(actor: Actor, place: Place, purpose: str, filename: str) -> Draft:
    """Begin to keep a file."""
    actor.require(Permission.AI_QUERY)
    name = clean(filename.replace("\\", "/").rpartition("/")[2], LONGEST_NAME) or "file"
    return await storage.begin(place, actor.organization_id, actor.id, purpose, name)


async def finish(actor: Actor, draft: Draft, purpose: str, expires: datetime | None) -> FileObject:
    """Make a file that came whole one that is there."""
    await draft.finish()
    row = draft.row
    async with draft.place.database.transaction(actor.organization_id) as session:
        await storage.complete(session, draft, purpose=purpose, expires_at=expires)
        _note(session, actor, "file.created", row, draft.size)
    row.size, row.purpose, row.expires_at = draft.size, purpose, expires
    return shown(row)


async def abandon(draft: Draft) -> None:
    """Let go of a file that did not come whole."""
    row = draft.row
    async with draft.place.database.transaction(row.organization_id) as session:
        await repository.delete_file(session, row.organization_id, row.id)


async def keep(
    actor: Actor, place: Place, purpose: str, filename: str, content: AsyncIterable[bytes]
) -> FileObject:
    """Keep a file that is read from somewhere."""
    require_purpose(purpose)
    draft = await begin(actor, place, purpose, filename)
    async for data in content:
        await draft.write(data)
    return await finish(actor, draft, purpose, None)


def shown(row: File) -> FileObject:
    """Show a file as OpenAI does."""
    return FileObject(
        id=ids.public("file", row.id),
        bytes=row.size,
        created_at=int(row.created_at.timestamp()),
        expires_at=None if row.expires_at is None else int(row.expires_at.timestamp()),
        filename=row.filename,
        purpose=row.purpose,
    )


def missing(file_id: str) -> FileNotHere:
    """Say that nobody has a file."""
    return FileNotHere(f"There is no file {clean(file_id, 80)!r} here.", param="file_id")


def _note(session: Session, actor: Actor, name: str, row: File, size: int) -> None:
    subject = ids.public("file", row.id)
    data = {"purpose": row.purpose, "bytes": size}
    publish(session, actor.organization_id, actor.id, name, subject, data)

"""Knowledge is kept in sync: fetched when it is due, read by a program, and put in the place of what it said.

A source is taken with a token and a lease: killed anywhere, it is taken again and done anew. Its pages are
exchanged in one transaction, so a version has all of what it said, or all of what it says now. What cannot be
fetched or read any more keeps what it said, and says why.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.core.events import publish
from hone.datasets import fetching, keeping, programs, rendering, sealing
from hone.datasets.errors import DocumentUnfit, ProgramFailed
from hone.datasets.examining import Place
from hone.datasets.formats import Draft
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Dataset, Knowledge
from hone.datasets.repository import datasets, knowledge
from hone.datasets.schemas import KNOWLEDGE, KnowledgeFormat
from hone.datasets.sealing import Box

log = logging.getLogger(__name__)

_MODULE: Final = "hone_trainer.knowledge"
SECONDS: Final = 120.0
"""So long a document may take to be read."""
_LEASE: Final = timedelta(minutes=10)
_AT_ONCE: Final = 4
_PIECE: Final = 500
_RETRY: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=24)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_TABLES: Final = frozenset({"application/json", "text/csv"})
_ENDINGS: Final[dict[str, KnowledgeFormat]] = {
    ".json": "faq", ".csv": "faq", ".htm": "html", ".html": "html", ".md": "text", ".txt": "text",
}  # fmt: skip


class Page(msgspec.Struct, frozen=True):
    """A page, as the program writes it."""

    title: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a source says now."""

    format: KnowledgeFormat
    digest: bytes
    pages: Sequence[Page]
    etag: str | None = None


def format_of(content: bytes, name: str, kind: str = "") -> KnowledgeFormat:
    """Tell what a document is: by its first bytes, by what it is said to be, or by its name."""
    if content[:1024].lstrip().startswith(b"%PDF"):
        return "pdf"
    begin = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind in _HTML or begin.startswith((b"<!doctype html", b"<html")):
        return "html"
    if kind in _TABLES:
        return "faq"
    ending = next((each for each in _ENDINGS if name.lower().endswith(each)), "")
    return _ENDINGS.get(ending, "text")


async def read(place: Place, content: bytes, name: str, kind: str = "") -> Document:
    """Read a document by the program; raise `DocumentUnfit` with what is wrong with it."""
    found = format_of(content, name, kind)
    written = bytearray()
    try:
        async with (
            asyncio.timeout(SECONDS),
            aclosing(programs.through(place.settings, [_MODULE, found], _whole(content))) as lines,
        ):
            async for data in lines:
                written += data
    except ProgramFailed as error:
        raise DocumentUnfit(error.message) from error
    except TimeoutError as error:
        raise DocumentUnfit(f"It took longer than {SECONDS:.0f} s to be read.") from error
    pages = [msgspec.json.decode(each, type=Page) for each in written.splitlines()]
    return Document(found, hashlib.sha256(content).digest(), pages)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def exchange(
    session: Session, dataset: Dataset, box: Box, row: Knowledge, document: Document
) -> tuple[int, int]:
    """Put what a source says in the place of what it said; tell how much came and went."""
    coming = [
        Coming(Draft(_title(row, page), page.text, KNOWLEDGE), line, knowledge_id=row.id)
        for line, page in enumerate(document.pages, 1)
    ]
    wanted = await asyncio.to_thread(_by_digest, box, row.id, coming)
    have = await knowledge.pages_of(session, row)
    gone = [each for digest, each in have.items() if digest not in wanted]
    fresh = [each for digest, each in wanted.items() if digest not in have]
    await knowledge.remove_pages(session, row, gone)
    origin = Origin(KNOWLEDGE, "validated", None, row.url or row.name)
    for place in range(0, len(fresh), _PIECE):
        await keeping.keep(session, dataset, box, fresh[place : place + _PIECE], origin)
    now = clock.now()
    row.state, row.problem, row.failures = "current", None, 0
    row.format, row.digest, row.etag = document.format, document.digest, document.etag
    row.passages, row.checked_at, row.updated_at = len(wanted), now, now
    if fresh or gone or row.changed_at is None:
        row.changed_at = now
    return len(fresh), len(gone)


def _by_digest(box: Box, knowledge_id: UUID, coming: Sequence[Coming]) -> dict[bytes, Coming]:
    made: dict[bytes, Coming] = {}
    for each in coming:
        prints = keeping.prints_of(box, each.draft.input, each.draft.output, knowledge_id)
        made.setdefault(prints.whole, each)
    return made


def _title(row: Knowledge, page: Page) -> str:
    title = page.title.strip() or row.name
    return f"{title}, {page.part}" if page.part else title


async def sync(owner: Database, place: Place) -> int:
    """Read again what is due, and return how much that was; as the owner."""
    async with owner.transaction() as session:
        taken = await knowledge.claim(session, clock.now(), _LEASE, _AT_ONCE)
    await asyncio.gather(*(follow(owner, place, *each) for each in taken))
    return len(taken)


async def follow(
    owner: Database, place: Place, organization_id: UUID, knowledge_id: UUID, token: int
) -> None:
    """Read again what was taken with this token, and write what came of it."""
    async with owner.transaction(organization_id) as session:
        row = await knowledge.held(session, organization_id, knowledge_id, token)
        if row is None or row.url is None:
            return
        name, url, etag, before = row.name, row.url, row.etag, row.digest
    document: Document | None = None
    problem: str | None = None
    try:
        found = await fetching.fetch(place.settings, url, etag)
        if found is not None and hashlib.sha256(found.content).digest() != before:
            read_now = await read(place, found.content, name, found.kind)
            document = Document(read_now.format, read_now.digest, read_now.pages, found.etag)
    except AppError as error:
        problem = error.message
    except (ValueError, OSError) as error:
        log.warning("a knowledge source could not be read", exc_info=error)
        problem = "It could not be read."
    async with owner.transaction(organization_id) as session:
        row = await knowledge.held(session, organization_id, knowledge_id, token)
        if row is not None:
            await _write(session, place, row, document, problem)


async def _write(
    session: Session,
    place: Place,
    row: Knowledge,
    document: Document | None,
    problem: str | None,
) -> None:
    now = clock.now()
    row.checked_at = row.updated_at = now
    subject = ids.public(rendering.KNOWLEDGE, row.id)
    if problem is not None:
        first = row.state != "failed"
        row.state, row.problem, row.failures = "failed", problem[:500], row.failures + 1
        row.next_at = later(row.failures, row.every_hours, now)
        if first:
            facts = {"name": row.name, "reason": row.problem}
            publish(session, row.organization_id, "system", "knowledge.failed", subject, facts)
        return
    row.next_at = None if row.every_hours is None else now + timedelta(hours=row.every_hours)
    row.state, row.problem, row.failures = "current", None, 0
    if document is None:
        return
    dataset = cast("Dataset", await datasets.by_id(session, row.organization_id, row.dataset_id))
    box = await sealing.box_of(session, place.keyring, dataset)
    added, removed = await exchange(session, dataset, box, row, document)
    data: dict[str, Any] = {"name": row.name, "added": added, "removed": removed}
    publish(session, row.organization_id, "system", "knowledge.synced", subject, data)


def later(failures: int, every_hours: int | None, now: datetime) -> datetime | None:
    """Tell when one that failed is tried again: ever later, and never past its own time."""
    if every_hours is None and failures >= 3:
        return None
    usual = _LONGEST if every_hours is None else timedelta(hours=every_hours)
    return now + min(usual, _RETRY * 2 ** min(failures - 1, 12))

"""The rules of knowledge: pages, FAQs and documents that answers are searched in."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery
from hone.core.settings import Settings
from hone.datasets import fetching, rendering, sealing, syncing
from hone.datasets.errors import (
    ImportTooLarge,
    KnowledgeNameTaken,
    KnowledgeNotHere,
    KnowledgeUnsuited,
    KnowledgeUploaded,
    TooMuchKnowledge,
)
from hone.datasets.examining import Place
from hone.datasets.models import Dataset, Knowledge
from hone.datasets.repository import knowledge
from hone.datasets.schemas import KnowledgeCreate, KnowledgeRead, KnowledgeUpdate
from hone.datasets.service.datasets import access
from hone.identity import Actor, Permission

MOST: Final = 1000
"""Sources of one dataset."""
_WRITE: Final = Permission.DATASETS_WRITE


async def page(session: Session, actor: Actor, named: str, query: PageQuery) -> Page[KnowledgeRead]:
    """List knowledge sources by name."""
    dataset = await access(session, actor, named)
    rows, total, following = await knowledge.page(session, dataset, query)
    items = [rendering.knowledge(row) for row in rows]
    return Page[KnowledgeRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, named: str, source: str) -> KnowledgeRead:
    """Show one source."""
    dataset = await access(session, actor, named)
    return rendering.knowledge(await _reach(session, dataset, source))


async def add(
    session: Session, actor: Actor, settings: Settings, named: str, wanted: KnowledgeCreate
) -> KnowledgeRead:
    """Add a page by its address; a worker reads it within seconds."""
    dataset = await _suited(session, actor, named)
    url, _ = await fetching.admit(settings, wanted.url)
    row = await _begin(session, actor, dataset, wanted.name or url[:256], url)
    row.every_hours, row.next_at = wanted.every_hours, clock.now()
    await _flush(session)
    _note(session, actor, "knowledge.added", row, {"after": _facts(row)})
    return rendering.knowledge(row)


async def upload(
    database: Database,
    keyring: Keyring,
    actor: Actor,
    settings: Settings,
    named: str,
    name: str,
    content: AsyncIterator[bytes],
) -> KnowledgeRead:
    """Add a document, or put another in the place of the one of that name."""
    async with database.transaction(actor.organization_id) as session:
        await _suited(session, actor, named)
    held = bytearray()
    async for data in content:
        held += data
        if len(held) > fetching.MOST_BYTES:
            raise ImportTooLarge(f"A document has at most {fetching.MOST_BYTES >> 20} MB.")
    document = await syncing.read(Place(settings, keyring), bytes(held), name)
    async with database.transaction(actor.organization_id) as session:
        dataset = await _suited(session, actor, named)
        row = await knowledge.by_name(session, dataset, name)
        if row is not None and row.url is not None:
            raise KnowledgeNameTaken(param="name")
        row = row or await _begin(session, actor, dataset, name, None)
        await _flush(session)
        box = await sealing.box_of(session, keyring, dataset)
        added, removed = await syncing.exchange(session, dataset, box, row, document)
        facts = {"after": _facts(row), "added": added, "removed": removed}
        _note(session, actor, "knowledge.added", row, facts)
        return rendering.knowledge(row)


async def update(
    session: Session, actor: Actor, named: str, source: str, wanted: KnowledgeUpdate
) -> KnowledgeRead:
    """Change its name, or how often it is read."""
    row = await _open(session, actor, named, source)
    before = _facts(row)
    if wanted.name is not None:
        row.name = wanted.name
    if "every_hours" in wanted.model_fields_set:
        if row.url is None:
            raise KnowledgeUploaded
        row.every_hours = wanted.every_hours
        row.next_at = None if wanted.every_hours is None else clock.now()
    row.updated_at = clock.now()
    await _flush(session)
    _note(session, actor, "knowledge.changed", row, {"before": before, "after": _facts(row)})
    return rendering.knowledge(row)


async def sync(session: Session, actor: Actor, named: str, source: str) -> KnowledgeRead:
    """Have a worker read it now, whether or not it says that it is as it was."""
    row = await _open(session, actor, named, source)
    if row.url is None:
        raise KnowledgeUploaded
    row.state, row.next_at = "waiting", clock.now()
    row.etag = row.digest = None
    await session.flush()
    _note(session, actor, "knowledge.sync_asked", row, {})
    return rendering.knowledge(row)


async def remove(session: Session, actor: Actor, named: str, source: str) -> None:
    """Remove a source with its pages; versions that have them keep them."""
    row = await _open(session, actor, named, source)
    await knowledge.remove_pages(session, row, None)
    _note(session, actor, "knowledge.removed", row, {"before": _facts(row)})
    await session.delete(row)
    await session.flush()


async def _suited(session: Session, actor: Actor, named: str) -> Dataset:
    dataset = await access(session, actor, named, _WRITE)
    if dataset.kind != "response":
        raise KnowledgeUnsuited
    return dataset


async def _open(session: Session, actor: Actor, named: str, source: str) -> Knowledge:
    dataset = await access(session, actor, named, _WRITE)
    return await _reach(session, dataset, source, lock=True)


async def _reach(
    session: Session, dataset: Dataset, source: str, *, lock: bool = False
) -> Knowledge:
    parsed = ids.parse(rendering.KNOWLEDGE, source)
    row = parsed and await knowledge.by_id(session, dataset, parsed, lock=lock)
    if not row:
        raise KnowledgeNotHere
    return row


async def _begin(
    session: Session, actor: Actor, dataset: Dataset, name: str, url: str | None
) -> Knowledge:
    if await knowledge.count(session, dataset) >= MOST:
        raise TooMuchKnowledge(f"A dataset has at most {MOST:,} knowledge sources.")
    now = clock.now()
    row = Knowledge(
        id=ids.new(),
        organization_id=dataset.organization_id,
        dataset_id=dataset.id,
        name=name,
        url=url,
        state="waiting",
        failures=0,
        passages=0,
        token=0,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    return row


async def _flush(session: Session) -> None:
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise KnowledgeNameTaken(param="name") from error


def _facts(row: Knowledge) -> dict[str, Any]:
    return {"name": row.name, "url": row.url, "everyHours": row.every_hours}


def _note(session: Session, actor: Actor, name: str, row: Knowledge, data: dict[str, Any]) -> None:
    subject = ids.public(rendering.KNOWLEDGE, row.id)
    publish(session, row.organization_id, actor.id, name, subject, {"name": row.name} | data)

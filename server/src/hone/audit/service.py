"""The rules of the audit trail: who may read it, and what a walk along the chain is."""

from collections.abc import AsyncIterator
from typing import Final

from hone.audit import rendering, repository
from hone.audit.models import Verification
from hone.audit.rendering import Reader
from hone.audit.schemas import (
    ActorFacet,
    Chain,
    EventExport,
    EventFacets,
    EventQuery,
    EventRead,
    NameFacet,
    VerificationRead,
)
from hone.core import clock, ids, tables
from hone.core.db import Database, Session
from hone.core.errors import NotFound
from hone.core.events import GENESIS, publish
from hone.core.jobs import defer
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission

VERIFY: Final = "audit.verify_chain"
"""The job that walks a chain."""
_EXPORT_BATCH: Final = 500
COLUMNS: Final = (
    "position", "at", "name", "subject", "actor", "actorName", "before", "after", "details",
    "personal", "withheld", "hash",
)  # fmt: skip
"""The columns of a CSV file."""


async def search(
    session: Session, actor: Actor, query: EventQuery, keyring: Keyring
) -> Page[EventRead]:
    """List events, newest first."""
    actor.require(Permission.AUDIT_READ)
    before = _position(query)
    organization_id = actor.organization_id
    found = await repository.page(session, organization_id, query, before, query.limit + 1)
    rows, more = found[: query.limit], len(found) > query.limit
    total = await repository.count(session, organization_id, query)
    following = cursor(rows[-1][0].position) if more else None
    items = await _shown(session, actor, rows, keyring)
    return Page[EventRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, event_id: str, keyring: Keyring) -> EventRead:
    """Show one event."""
    actor.require(Permission.AUDIT_READ)
    named = ids.parse("evt", event_id)
    found = named and await repository.one(session, actor.organization_id, named)
    if not found:
        raise NotFound("There is no such event in this organization.")
    (shown,) = await _shown(session, actor, [found], keyring)
    return shown


async def facets(session: Session, actor: Actor) -> EventFacets:
    """Tell what there is to filter by."""
    actor.require(Permission.AUDIT_READ)
    names, actors = await repository.facets(session, actor.organization_id)
    known = await repository.actor_names(
        session, actor.organization_id, (name for name, _ in actors)
    )
    return EventFacets(
        names=[NameFacet(name=name, count=count) for name, count in names],
        actors=[
            ActorFacet(actor=rendering.actor(each, known), count=count) for each, count in actors
        ],
        counted=sum(count for _, count in names),
    )


async def export(
    database: Database, actor: Actor, wanted: EventExport, keyring: Keyring
) -> AsyncIterator[bytes]:
    """Write the events that match, newest first, as a file; a batch at a time is in memory."""
    as_csv = wanted.format == "csv"
    if as_csv:
        yield tables.csv_line(COLUMNS)
    before: int | None = None
    while True:
        async with database.transaction(actor.organization_id) as session:
            rows = await repository.page(
                session, actor.organization_id, wanted, before, _EXPORT_BATCH
            )
            shown = await _shown(session, actor, rows, keyring)
        yield b"".join(
            tables.csv_line(_cells(each))
            if as_csv
            else tables.json_line(each.model_dump(mode="json", by_alias=True))
            for each in shown
        )
        if len(rows) < _EXPORT_BATCH:
            return
        before = rows[-1][0].position


def _cells(event: EventRead) -> list[object]:
    row = event.model_dump(mode="json", by_alias=True)
    row |= {"actor": event.actor.id, "actorName": event.actor.name}
    row["details"] = row["details"] or None
    return [row[name] for name in COLUMNS]


async def chain(session: Session, actor: Actor) -> Chain:
    """Tell the state of the chain."""
    actor.require(Permission.AUDIT_READ)
    organization_id = actor.organization_id
    head = await repository.head(session, organization_id)
    return Chain(
        events=head.position if head else 0,
        waiting=await repository.waiting(session, organization_id),
        head=head.hash.hex() if head else None,
        last=_read(await repository.verification(session, organization_id, running=False)),
        running=_read(await repository.verification(session, organization_id, running=True)),
    )


async def verify(session: Session, actor: Actor) -> VerificationRead:
    """Begin a walk along the chain, or tell of the one that is under way."""
    actor.require(Permission.AUDIT_READ)
    made = await begin(session, actor)
    return VerificationRead.model_validate(made)


async def begin(session: Session, actor: Actor) -> Verification:
    """Note a walk and give it to a worker; one at a time in an organization."""
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    found = await repository.verification(session, organization_id, running=True)
    if found is not None:
        return found
    head = await repository.head(session, organization_id)
    made = ids.new()
    row = Verification(
        id=made,
        organization_id=organization_id,
        requested_by=actor.id,
        state="running",
        checked=0,
        total=head.position if head else 0,
        hash=GENESIS,
        broken_at=None,
        reason=None,
        started_at=clock.now(),
        finished_at=None,
    )
    session.add(row)
    subject = ids.public("ver", made)
    publish(session, organization_id, actor.id, "audit.verification_started", subject)
    await session.flush()
    arguments = {"organization": organization_id.hex, "verification": made.hex}
    await defer(session, VERIFY, arguments, lock=f"{VERIFY}:{organization_id.hex}")
    return row


def _read(row: Verification | None) -> VerificationRead | None:
    return None if row is None else VerificationRead.model_validate(row)


async def _shown(
    session: Session, actor: Actor, rows: list[repository.Told], keyring: Keyring
) -> list[EventRead]:
    reader = Reader(session, actor, keyring)
    named = repository.names_of(rows)
    names = await repository.actor_names(session, actor.organization_id, named)
    return [await reader.show(event, details, names) for event, details in rows]


def _position(query: EventQuery) -> int | None:
    parts = PageQuery(cursor=query.cursor).after()
    if parts is None:
        return None
    if len(parts) != 1 or not parts[0].isdecimal() or len(parts[0]) > 18:
        raise UnknownCursor(param="cursor")
    return int(parts[0])

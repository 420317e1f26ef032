"""Events: what happened to what, by whom. One table is both the audit trail and the outbox.

`publish` buffers a fact in the transaction that makes it true and locks nothing. One sealer moves
facts from the inbox to the trail, giving each a global sequence number and, within its
organization, a position and a hash:

    hash = SHA-256(hash before · position · id · at · name · subject · actor · digest)
    digest = SHA-256(salt · data · personal)

The chain covers the digest, not the data. What tells of a person (address, name, e-mail) goes into
`personal`, sealed under that person's key. Destroying the key, or the details row, erases what was
said and leaves the chain whole.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from hone.core import clock, ids, operating
from hone.core.db import Base, Database, Session
from hone.core.keyring import PERSON, Key, Keyring

GENESIS = bytes(32)
_SEALER_LOCK = 0x5EA1
BATCH = 5000


class Inbox(Base):
    """A fact that no one has sealed yet."""

    __tablename__ = "event_inbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    at: Mapped[datetime]
    name: Mapped[str]
    subject: Mapped[str]
    actor: Mapped[str]
    data: Mapped[dict[str, object]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    personal: Mapped[bytes | None]


class Event(Base):
    """A sealed fact. Rows are only ever added."""

    __tablename__ = "events"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[datetime]
    name: Mapped[str]
    subject: Mapped[str]
    actor: Mapped[str]
    digest: Mapped[bytes]
    hash: Mapped[bytes]


class Details(Base):
    """What a sealed fact says; may be erased."""

    __tablename__ = "event_details"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    salt: Mapped[bytes]
    data: Mapped[dict[str, object]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    personal: Mapped[bytes | None]


class Head(Base):
    """Where an organization's chain ends."""

    __tablename__ = "event_heads"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    hash: Mapped[bytes]


class Cursor(Base):
    """How far a consumer has read."""

    __tablename__ = "event_cursors"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]


@dataclass(frozen=True, slots=True)
class Personal:
    """What a fact says of a person, sealed under their key."""

    person_id: UUID
    sealed: bytes


async def seal_personal(
    session: Session,
    keyring: Keyring,
    organization_id: UUID,
    person_id: UUID,
    facts: Mapping[str, object],
) -> Personal:
    """Seal what a fact says of a person; their key is made with the first one."""
    key = await keyring.ensure(session, organization_id, PERSON, person_id.hex)
    return Personal(person_id, key.seal(msgspec.json.encode(facts), person_id.bytes))


def open_personal(key: Key, person_id: UUID, sealed: bytes) -> dict[str, object]:
    """Read what `seal_personal` sealed; raise `crypto.Unreadable` if this key did not."""
    return msgspec.json.decode(key.unseal(sealed, person_id.bytes), type=dict[str, object])


def publish(
    session: Session,
    organization_id: UUID,
    actor: str,
    name: str,
    subject: str,
    data: Mapping[str, object] | None = None,
    *,
    personal: Personal | None = None,
) -> UUID:
    """Record a fact in the transaction that makes it true and return its id."""
    event_id = ids.new()
    said = dict(data or {})
    if (user := operating.USER.get()) is not None:
        said["operatingUser"] = user
    session.add(
        Inbox(
            id=event_id,
            organization_id=organization_id,
            at=clock.now(),
            name=name,
            subject=subject,
            actor=actor,
            data=said,
            person_id=personal and personal.person_id,
            personal=personal and personal.sealed,
        )
    )
    return event_id


def digest_of(salt: bytes, data: Mapping[str, object], personal: bytes | None) -> bytes:
    """Hash what an event says, salted so that a guess cannot be confirmed after erasure."""
    said = msgspec.json.encode(data, order="deterministic")
    return hashlib.sha256(salt + said + b"\x00" + (personal or b"")).digest()


def hash_of(before: bytes, event: Event) -> bytes:
    """Hash one link of the chain."""
    link = msgspec.json.encode(
        [
            event.position,
            event.id.hex,
            event.at.timestamp(),
            event.name,
            event.subject,
            event.actor,
            event.digest.hex(),
        ]
    )
    return hashlib.sha256(before + link).digest()


async def seal(owner: Database, limit: int = BATCH) -> int:
    """Seal up to `limit` waiting facts in commit order and return how many; one sealer at a time."""
    async with owner.transaction() as session:
        if not await session.scalar(select(func.pg_try_advisory_xact_lock(_SEALER_LOCK))):
            return 0
        waiting = (await session.scalars(select(Inbox).order_by(Inbox.id).limit(limit))).all()
        if not waiting:
            return 0
        heads = await _heads(session, {each.organization_id for each in waiting})
        first = await _next_sequence(session)
        for offset, fact in enumerate(waiting):
            head = heads[fact.organization_id]
            event, details = _link(head, fact, first + offset)
            session.add_all([event, details])
            head.position, head.hash = event.position, event.hash
        await session.flush()
        await session.execute(delete(Inbox).where(Inbox.id.in_([each.id for each in waiting])))
        return len(waiting)


async def _heads(session: Session, organizations: set[UUID]) -> dict[UUID, Head]:
    rows = [{"organization_id": each, "position": 0, "hash": GENESIS} for each in organizations]
    await session.execute(insert(Head).on_conflict_do_nothing(), rows)
    found = await session.scalars(select(Head).where(Head.organization_id.in_(organizations)))
    return {head.organization_id: head for head in found}


async def _next_sequence(session: Session) -> int:
    """Tell the next free number; the sealer's lock makes numbers consecutive."""
    last = await session.scalar(select(func.coalesce(func.max(Event.sequence), 0)))
    return int(last or 0) + 1


def _link(head: Head, fact: Inbox, sequence: int) -> tuple[Event, Details]:
    salt = os.urandom(16)
    event = Event(
        organization_id=fact.organization_id,
        position=head.position + 1,
        sequence=sequence,
        id=fact.id,
        at=fact.at,
        name=fact.name,
        subject=fact.subject,
        actor=fact.actor,
        digest=digest_of(salt, fact.data, fact.personal),
    )
    event.hash = hash_of(head.hash, event)
    details = Details(
        event_id=fact.id,
        organization_id=fact.organization_id,
        salt=salt,
        data=fact.data,
        person_id=fact.person_id,
        personal=fact.personal,
    )
    return event, details


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the trail does not hold."""

    organization_id: UUID
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a chain was followed: so many links hold, and the last has this hash."""

    checked: int = 0
    hash: bytes = GENESIS


async def verify(
    session: Session, organization_id: UUID, batch: int = 2000
) -> tuple[int, Broken | None]:
    """Walk an organization's chain; return how many links hold and the first that does not."""
    walked, going = Walked(), True
    while going:
        before = walked
        walked, broken = await follow(session, organization_id, before, batch)
        if broken is not None:
            return walked.checked, broken
        going = walked.checked - before.checked == batch
    return walked.checked, None


async def follow(
    session: Session, organization_id: UUID, walked: Walked, batch: int = 2000
) -> tuple[Walked, Broken | None]:
    """Follow a chain by up to `batch` links; fewer are its end."""
    # First the head: what is sealed meanwhile lies behind it.
    head = await session.get(Head, organization_id, populate_existing=True)
    links = await _links(session, organization_id, walked.checked, batch)
    for event, details in links:
        position = walked.checked + 1
        reason = _fault(walked.hash, position, event, details)
        if reason:
            return walked, Broken(organization_id, position, reason)
        walked = Walked(position, event.hash)
        if head is not None and head.position == position and head.hash != event.hash:
            return walked, Broken(organization_id, position, "the newest event was replaced")
    if head is not None and len(links) < batch and head.position > walked.checked:
        return walked, Broken(organization_id, walked.checked + 1, "the newest events are missing")
    return walked, None


async def _links(
    session: Session, organization_id: UUID, after: int, batch: int
) -> Sequence[tuple[Event, Details | None]]:
    query = (
        select(Event, Details)
        .outerjoin(Details, Details.event_id == Event.id)
        .where(Event.organization_id == organization_id, Event.position > after)
        .order_by(Event.position)
        .limit(batch)
    )
    return [(event, details) for event, details in (await session.execute(query)).all()]


def _fault(before: bytes, position: int, event: Event, details: Details | None) -> str | None:
    if event.position != position:
        return f"event {position} is missing"
    if hash_of(before, event) != event.hash:
        return "the event or its place was altered"
    if details and digest_of(details.salt, details.data, details.personal) != event.digest:
        return "what the event says was altered"
    return None


async def unread(session: Session, consumer: str, limit: int = 500) -> Sequence[Event]:
    """Return the next events for a consumer, oldest first; `advance` marks them as read."""
    read = select(Cursor.sequence).where(Cursor.consumer == consumer).scalar_subquery()
    query = (
        select(Event)
        .where(Event.sequence > func.coalesce(read, 0))
        .order_by(Event.sequence)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def advance(session: Session, consumer: str, sequence: int) -> None:
    """Mark events up to `sequence` as read, in the transaction of what they caused."""
    statement = insert(Cursor).values(consumer=consumer, sequence=sequence)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Cursor.consumer],
            set_={"sequence": func.greatest(Cursor.sequence, statement.excluded.sequence)},
        )
    )


async def waiting(session: Session) -> int:
    """Count the facts that are not sealed yet."""
    return int(await session.scalar(text("SELECT count(*) FROM event_inbox")) or 0)

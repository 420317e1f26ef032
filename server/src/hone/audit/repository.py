"""Every query that the audit domain makes. Each one names the organization."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select, text

from hone.audit.models import Verification
from hone.audit.schemas import EventFilter
from hone.core import ids
from hone.core.db import Session
from hone.core.events import Details, Event, Head
from hone.core.paging import COUNT_LIMIT
from hone.identity import ApiKey, Person

FACET_EVENTS = 100_000
Told = tuple[Event, Details | None]


def _matching(organization_id: UUID, wanted: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Event.organization_id == organization_id]
    if wanted.name:
        found.append(or_(*(_named(each) for each in wanted.name)))
    if wanted.actor:
        found.append(Event.actor.in_(wanted.actor))
    if wanted.subject:
        found.append(Event.subject.in_(wanted.subject))
    if wanted.from_ is not None:
        found.append(Event.at >= wanted.from_)
    if wanted.to is not None:
        found.append(Event.at < wanted.to)
    if wanted.q is not None:
        said = func.concat_ws(" ", Event.name, Event.subject, Event.actor, cast(Details.data, Text))
        found.append(said.icontains(wanted.q, autoescape=True))
    return found


def _named(name: str) -> ColumnElement[bool]:
    if name.endswith("."):
        return Event.name.startswith(name, autoescape=True)
    return Event.name == name


def _told(organization_id: UUID, wanted: EventFilter) -> Select[Event, Details]:
    return (
        select(Event, Details)
        .outerjoin(
            Details,
            (Details.event_id == Event.id) & (Details.organization_id == organization_id),
        )
        .where(*_matching(organization_id, wanted))
    )


async def page(
    session: Session, organization_id: UUID, wanted: EventFilter, before: int | None, limit: int
) -> list[Told]:
    """Return the events before a position, newest first."""
    query = _told(organization_id, wanted).order_by(Event.position.desc()).limit(limit)
    if before is not None:
        query = query.where(Event.position < before)
    return [(event, details) for event, details in (await session.execute(query)).all()]


async def count(session: Session, organization_id: UUID, wanted: EventFilter) -> int | None:
    """Count the events that match; None beyond the limit."""
    counted = (
        _told(organization_id, wanted)
        .with_only_columns(Event.position)
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    total = int(await session.scalar(select(func.count()).select_from(counted)) or 0)
    return total if total <= COUNT_LIMIT else None


async def one(session: Session, organization_id: UUID, event_id: UUID) -> Told | None:
    """Find one event."""
    query = _told(organization_id, EventFilter()).where(Event.id == event_id)
    found = (await session.execute(query)).one_or_none()
    return None if found is None else (found[0], found[1])


async def actor_names(
    session: Session, organization_id: UUID, actors: Iterable[str]
) -> dict[str, str]:
    """Find the names of people and keys."""
    wanted = set(actors)
    people = [made for each in wanted if (made := ids.parse("person", each)) is not None]
    keys = [made for each in wanted if (made := ids.parse("key", each)) is not None]
    of_people = select(Person.id, Person.name).where(
        Person.organization_id == organization_id, Person.id.in_(people)
    )
    of_keys = select(ApiKey.id, ApiKey.name).where(
        ApiKey.organization_id == organization_id, ApiKey.id.in_(keys)
    )
    named = {ids.public("person", row[0]): row[1] for row in await session.execute(of_people)}
    return named | {ids.public("key", row[0]): row[1] for row in await session.execute(of_keys)}


async def facets(
    session: Session, organization_id: UUID
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Count names and actors among the newest events."""
    newest = (
        select(Event.name, Event.actor)
        .where(Event.organization_id == organization_id)
        .order_by(Event.position.desc())
        .limit(FACET_EVENTS)
        .subquery()
    )
    number = func.count().label("number")
    found: list[list[tuple[str, int]]] = []
    for column in (newest.c.name, newest.c.actor):
        query = select(column, number).group_by(column).order_by(number.desc(), column).limit(200)
        found.append([(row[0], row[1]) for row in await session.execute(query)])
    return found[0], found[1]


async def head(session: Session, organization_id: UUID) -> Head | None:
    """Find where the chain ends."""
    return await session.scalar(select(Head).where(Head.organization_id == organization_id))


async def waiting(session: Session, organization_id: UUID) -> int:
    """Count the organization's facts that are not sealed yet."""
    found = await session.scalar(
        text("SELECT count(organization_id) FROM event_inbox WHERE organization_id = :id"),
        {"id": organization_id},
    )
    return int(found or 0)


async def verification(
    session: Session, organization_id: UUID, *, running: bool
) -> Verification | None:
    """Find the newest walk that is under way, or that ended."""
    query = (
        select(Verification)
        .where(
            Verification.organization_id == organization_id,
            Verification.finished_at.is_(None) if running else Verification.finished_at.isnot(None),
        )
        .order_by(Verification.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def verification_by_id(
    session: Session, organization_id: UUID, verification_id: UUID
) -> Verification | None:
    """Find one walk, locked for its next step."""
    query = (
        select(Verification)
        .where(Verification.organization_id == organization_id, Verification.id == verification_id)
        .with_for_update()
    )
    return await session.scalar(query)


async def lock(session: Session, organization_id: UUID) -> None:
    """Let one request at a time begin a walk in an organization."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"audit:{organization_id}", 0)))
    )


async def organizations(session: Session) -> list[UUID]:
    """List the ids of all organizations; nothing else is told across them."""
    found = await session.execute(text("SELECT organization_id FROM organization_versions()"))
    return sorted(found.scalars())


async def broken(session: Session) -> int:
    """Count the organizations whose last walk found a break; for the owner, who sees all."""
    found = await session.scalar(
        text(
            "SELECT count(*) FROM (SELECT DISTINCT ON (organization_id) state"
            " FROM event_verifications WHERE finished_at IS NOT NULL"
            " ORDER BY organization_id, id DESC) AS last WHERE state = 'broken'"
        )
    )
    return int(found or 0)


def names_of(rows: Sequence[Told]) -> set[str]:
    """List the actors of some events."""
    return {event.actor for event, _ in rows}

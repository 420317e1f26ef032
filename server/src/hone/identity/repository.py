"""Every query that the identity domain makes. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT, PageQuery, UnknownCursor, cursor
from hone.identity.models import ApiKey, Organization, Person

Table = TypeVar("Table", ApiKey, Person)
_BOOTSTRAP_LOCK = 0x486F6E66


async def page(
    session: Session, table: type[Table], organization_id: UUID, query: PageQuery
) -> tuple[Sequence[Table], int | None, str | None]:
    """Return one page of an organization's rows, newest first, their total and the next cursor."""
    mine = select(table).where(table.organization_id == organization_id)
    counted = mine.with_only_columns(table.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    last = _last(query)
    if last is not None:
        mine = mine.where(table.id < last)
    found = (await session.scalars(mine.order_by(table.id.desc()).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    following = cursor(rows[-1].id.hex) if len(found) > len(rows) else None
    return rows, total if total <= COUNT_LIMIT else None, following


def _last(query: PageQuery) -> UUID | None:
    after = query.after()
    if after is None:
        return None
    last = ids.parse("", after[0]) if len(after) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last


async def organization(session: Session, organization_id: UUID) -> Organization | None:
    """Find an organization."""
    return await session.scalar(select(Organization).where(Organization.id == organization_id))


async def organizations(session: Session) -> list[UUID]:
    """List the ids of all organizations, oldest first; nothing else is told across them."""
    found = await session.execute(text("SELECT organization_id FROM organization_versions()"))
    return sorted(found.scalars())


async def add_organization(session: Session, organization_id: UUID, name: str, slug: str) -> bool:
    """Insert an organization; False when the slug is taken."""
    statement = insert(Organization).values(
        id=organization_id, name=name, slug=slug, created_at=ids.created_at(organization_id)
    )
    added = await session.scalar(
        statement.on_conflict_do_nothing(index_elements=[Organization.slug]).returning(
            Organization.id
        )
    )
    return added is not None


async def key(session: Session, organization_id: UUID, key_id: UUID) -> ApiKey | None:
    """Find one key of an organization."""
    query = select(ApiKey).where(ApiKey.organization_id == organization_id, ApiKey.id == key_id)
    return await session.scalar(query)


async def person(session: Session, organization_id: UUID, person_id: UUID) -> Person | None:
    """Find one person of an organization."""
    query = select(Person).where(Person.organization_id == organization_id, Person.id == person_id)
    return await session.scalar(query)


async def active_with_role(session: Session, organization_id: UUID, role: str) -> Sequence[Person]:
    """Find and lock the active people of an organization who have a role."""
    query = (
        select(Person)
        .where(
            Person.organization_id == organization_id,
            Person.role == role,
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.id)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def usable_keys(
    session: Session, organization_id: UUID, at: datetime
) -> list[tuple[ApiKey, str | None]]:
    """Find the keys that work at a moment, with the role of the person behind each."""
    query = (
        select(ApiKey, Person.role)
        .outerjoin(Person, Person.id == ApiKey.person_id)
        .where(
            ApiKey.organization_id == organization_id,
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at),
            Person.deactivated_at.is_(None),
        )
    )
    return [(key, role) for key, role in (await session.execute(query)).all()]


async def lock_bootstrap(session: Session) -> None:
    """Let one process at a time look whether this is the first start."""
    await session.execute(select(func.pg_advisory_xact_lock(_BOOTSTRAP_LOCK)))

"""Queries about people. Each one names the organization, but for the one that finds it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text

from hone.core.db import Session
from hone.identity.models import Password, Person


async def find(
    session: Session, organization_id: UUID, person_id: UUID, *, lock: bool = False
) -> Person | None:
    """Find one person of an organization."""
    query = select(Person).where(Person.organization_id == organization_id, Person.id == person_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def by_email(session: Session, organization_id: UUID, email: str) -> Person | None:
    """Find the person of an organization who has an address, whatever its case."""
    query = select(Person).where(
        Person.organization_id == organization_id, func.lower(Person.email) == func.lower(email)
    )
    return await session.scalar(query)


async def everywhere(session: Session, email: str) -> list[tuple[UUID, UUID]]:
    """Tell in which organizations an address belongs to somebody who is not shut out."""
    found = await session.execute(
        text("SELECT organization_id, person_id FROM people_by_email(:email)"), {"email": email}
    )
    return [(row.organization_id, row.person_id) for row in found]


async def active(session: Session, organization_id: UUID) -> Sequence[Person]:
    """Find everybody who may be signed in."""
    query = select(Person).where(
        Person.organization_id == organization_id,
        Person.deactivated_at.is_(None),
        Person.invited_at.is_(None),
    )
    return (await session.scalars(query)).all()


async def active_with_role(session: Session, organization_id: UUID, role: str) -> Sequence[Person]:
    """Find and lock the active people of an organization who have a role."""
    query = (
        select(Person)
        .where(
            Person.organization_id == organization_id,
            Person.role == role,
            Person.deactivated_at.is_(None),
            Person.invited_at.is_(None),
        )
        .order_by(Person.id)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def with_password(
    session: Session, organization_id: UUID, person_id: UUID
) -> tuple[Person, str | None] | None:
    """Find a person who may sign in, with the hash of their password, if they have one."""
    query = (
        select(Person, Password.hash)
        .outerjoin(Password, Password.person_id == Person.id)
        .where(
            Person.organization_id == organization_id,
            Person.id == person_id,
            Person.deactivated_at.is_(None),
            Person.invited_at.is_(None),
        )
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])

"""Queries about teams. Each one names the organization."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.identity.models import ApiKey, Member, Person, Team


async def find(
    session: Session, organization_id: UUID, team_id: UUID, *, lock: bool = False
) -> Team | None:
    """Find one team of an organization."""
    query = select(Team).where(Team.organization_id == organization_id, Team.id == team_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def of_people(
    session: Session, organization_id: UUID, people: Sequence[UUID]
) -> dict[UUID, list[Team]]:
    """Tell which teams each person is in, by name."""
    query = (
        select(Member.person_id, Team)
        .join(Team, Team.id == Member.team_id)
        .where(Member.organization_id == organization_id, Member.person_id.in_(people))
        .order_by(func.lower(Team.name))
    )
    found: dict[UUID, list[Team]] = defaultdict(list)
    for person_id, team in (await session.execute(query)).all():
        found[person_id].append(team)
    return found


async def every_membership(session: Session, organization_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
    """Tell which teams each person of an organization is in; those in none are absent."""
    query = (
        select(Member.person_id, Member.team_id)
        .where(Member.organization_id == organization_id)
        .order_by(Member.team_id)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for person_id, team_id in (await session.execute(query)).all():
        found[person_id].append(team_id)
    return {person_id: tuple(teams) for person_id, teams in found.items()}


async def sizes(session: Session, organization_id: UUID, teams: Sequence[UUID]) -> dict[UUID, int]:
    """Count the members of each team who are not shut out."""
    query = (
        select(Member.team_id, func.count())
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.organization_id == organization_id,
            Member.team_id.in_(teams),
            Person.deactivated_at.is_(None),
        )
        .group_by(Member.team_id)
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def key_counts(
    session: Session, organization_id: UUID, teams: Sequence[UUID], at: datetime
) -> dict[UUID, int]:
    """Count the keys of each team that work at a moment."""
    query = (
        select(ApiKey.team_id, func.count())
        .where(
            ApiKey.organization_id == organization_id,
            ApiKey.team_id.in_(teams),
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at),
        )
        .group_by(ApiKey.team_id)
    )
    found = (await session.execute(query)).all()
    return {team: size for team, size in found if team is not None}


async def members(session: Session, organization_id: UUID, team_id: UUID) -> Sequence[Person]:
    """List the people of a team who are not shut out, by name."""
    query = (
        select(Person)
        .join(Member, Member.person_id == Person.id)
        .where(
            Member.organization_id == organization_id,
            Member.team_id == team_id,
            Person.deactivated_at.is_(None),
        )
        .order_by(func.lower(Person.name), Person.id)
        .limit(1000)
    )
    return (await session.scalars(query)).all()


async def join(session: Session, organization_id: UUID, team_id: UUID, person_id: UUID) -> bool:
    """Add a member; False for one who is in the team already."""
    statement = insert(Member).values(
        organization_id=organization_id, team_id=team_id, person_id=person_id
    )
    added = await session.scalar(statement.on_conflict_do_nothing().returning(Member.person_id))
    return added is not None


async def leave(session: Session, organization_id: UUID, team_id: UUID, person_id: UUID) -> bool:
    """Remove a member; False for one who was not in the team."""
    statement = (
        delete(Member)
        .where(
            Member.organization_id == organization_id,
            Member.team_id == team_id,
            Member.person_id == person_id,
        )
        .returning(Member.person_id)
    )
    return await session.scalar(statement) is not None


async def remove(session: Session, organization_id: UUID, team_id: UUID) -> None:
    """Delete a team; its people and keys stay."""
    await session.execute(
        delete(Team).where(Team.organization_id == organization_id, Team.id == team_id)
    )

"""Queries about identity providers. Each one names the organization, but for those that find it."""

from uuid import UUID

from sqlalchemy import select, text

from hone.core.db import Session
from hone.identity.models import OidcProvider, OidcSubject


async def find(
    session: Session, organization_id: UUID, provider_id: UUID, *, lock: bool = False
) -> OidcProvider | None:
    """Find one provider of an organization."""
    query = select(OidcProvider).where(
        OidcProvider.organization_id == organization_id, OidcProvider.id == provider_id
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def subject(
    session: Session, organization_id: UUID, issuer: str, name: str
) -> OidcSubject | None:
    """Find who somebody is here whom a provider knows."""
    query = select(OidcSubject).where(
        OidcSubject.organization_id == organization_id,
        OidcSubject.issuer == issuer,
        OidcSubject.subject == name,
    )
    return await session.scalar(query)


async def listed(session: Session) -> list[tuple[UUID, str]]:
    """Name the providers that the sign-in page offers, of every organization."""
    found = await session.execute(text("SELECT id, name FROM listed_oidc_providers()"))
    return [(row.id, row.name) for row in found]


async def organization_of(session: Session, provider_id: UUID) -> UUID | None:
    """Find the organization of a provider."""
    return await session.scalar(
        text("SELECT organization_of_oidc_provider(:id)"), {"id": provider_id}
    )

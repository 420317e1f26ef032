"""The rules of organizations."""

from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.identity import repository
from hone.identity.errors import NoOrganization
from hone.identity.models import Organization
from hone.identity.permissions import Actor, Permission
from hone.identity.schemas import OrganizationUpdate
from hone.identity.service.trail import note


async def organization(session: Session, organization_id: UUID) -> Organization:
    """Return an organization; the transaction must be in it."""
    found = await repository.organizations.find(session, organization_id)
    if found is None:
        raise NoOrganization
    return found


async def update_organization(
    session: Session, actor: Actor, data: OrganizationUpdate
) -> Organization:
    """Change the organization's name, what it keeps and for how long."""
    actor.require(Permission.ORGANIZATION_WRITE)
    row = await organization(session, actor.organization_id)
    wanted = {
        name: value
        for name, value in data.model_dump(mode="json", exclude_unset=True).items()
        if (value is not None or name == "retention_days") and getattr(row, name) != value
    }
    if wanted:
        before = {name: getattr(row, name) for name in wanted}
        for name, value in wanted.items():
            setattr(row, name, value)
        subject = ids.public("org", row.id)
        note(session, actor, "organization.updated", subject, before=before, after=wanted)
    return row

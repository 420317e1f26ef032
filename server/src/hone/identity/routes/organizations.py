"""HTTP routes of the organization."""

from fastapi import APIRouter

from hone.identity.deps import ActorDep, SessionDep
from hone.identity.models import Organization
from hone.identity.schemas import OrganizationRead, OrganizationUpdate
from hone.identity.service import organizations

router = APIRouter(prefix="/api/identity", tags=["identity"])


@router.get("/organization", response_model=OrganizationRead)
async def get_organization(session: SessionDep, actor: ActorDep) -> Organization:
    """Get your organization."""
    return await organizations.organization(session, actor.organization_id)


@router.patch("/organization", response_model=OrganizationRead)
async def update_organization(
    session: SessionDep, actor: ActorDep, body: OrganizationUpdate
) -> Organization:
    """Change your organization."""
    return await organizations.update_organization(session, actor, body)

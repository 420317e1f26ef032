"""How the models that a server knows are, by name: what all processes say of their circuits."""

from collections.abc import Mapping
from uuid import UUID

from hone import health
from hone.core.db import Database
from hone.gateway import Current
from hone.health import Circuit


async def of_models(
    current: Current, database: Database, organization_id: UUID
) -> Mapping[str, Circuit]:
    """Tell for each model of an organization how its circuit is."""
    organization = current.snapshot.organizations.get(organization_id)
    if organization is None:
        return {}
    # A model's own name is a route too, one without an id.
    models = {
        name: route.targets[0].target.model_id
        for name, route in organization.routes.items()
        if route.id is None
    }
    async with database.transaction(organization_id) as session:
        found = await health.circuits(session, organization_id, list(models.values()))
    return {name: found[model_id] for name, model_id in models.items()}

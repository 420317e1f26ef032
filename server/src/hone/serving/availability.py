"""Which models a machine can reach: what the breakers of all its server processes say."""

from pathlib import Path
from uuid import UUID

from hone.core import counters
from hone.gateway import AVAILABILITY, Current


def of_models(current: Current, metrics: Path, organization_id: UUID) -> dict[str, bool]:
    """Tell for each model of an organization whether its breaker is closed in every process."""
    organization = current.snapshot.organizations.get(organization_id)
    if organization is None:
        return {}
    told = counters.across(metrics, AVAILABILITY)
    # A model's own name is a route too, one without an id.
    return {
        name: bool(told.get((name,), 1.0))
        for name, route in organization.routes.items()
        if route.id is None
    }

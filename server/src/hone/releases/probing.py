"""Ask the predictor which version it serves under a name."""

from dataclasses import dataclass
from uuid import UUID

from hone import versions
from hone.llm.transport import Transport
from hone.registry import House


@dataclass(frozen=True, slots=True)
class Served:
    """What the predictor says; `version_id` is None where it serves nothing, or cannot read its files."""

    version_id: UUID | None


async def ask(house: House | None, organization_id: UUID, called: str) -> Served | None:
    """Ask what answers to a name; None where no predictor answers."""
    transport = Transport()
    try:
        told = await versions.Predictor(house, transport).serving(organization_id, called)
    finally:
        await transport.close()
    return None if told is None else Served(told.id)

"""Ask the predictor which version it serves under a name."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from hone.registry import House

_PATIENCE: Final = 3.0
"""Seconds that an answer may take: a version that is asked for the first time is loaded."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the predictor says; `version_id` is None where it serves nothing, or cannot read its files."""

    version_id: UUID | None


async def ask(house: House | None, organization_id: UUID, called: str) -> Served | None:
    """Ask what answers to a name; None where no predictor answers."""
    if house is None:
        return None
    headers = {"authorization": f"Bearer {house.badge(organization_id)}"}
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            answer = await client.get(
                f"{house.url}/v1/served", params={"model": called}, headers=headers
            )
        told: dict[str, Any] = answer.json() if answer.is_success else {}
    except (httpx.HTTPError, ValueError):
        return None
    if "id" not in told:
        return None
    return Served(None if told["id"] is None else UUID(told["id"]))

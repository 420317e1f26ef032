"""The routing models in force, each loaded once in this process and swapped whole.

A file that cannot be loaded harms no call: routes then go by what the operator says of models, the
readiness check says so, and it is tried again.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from obstore.exceptions import BaseError

from hone.core.blobs import Blobs
from hone.core.errors import AppError
from hone.gateway import ArtifactUnreadable, Learned, unpack_predictor

log = logging.getLogger(__name__)

AGAIN_AFTER: Final = timedelta(seconds=30)
_PATIENCE: Final = 10.0
"""Seconds that the storage may take; meanwhile the former snapshot is in force."""


@dataclass(slots=True)
class Shelf:
    """What one process holds, by organization."""

    blobs: Blobs
    broken: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """Organizations whose routing model cannot be loaded, and why."""
    _held: dict[UUID, Learned] = field(default_factory=dict[UUID, Learned])

    async def take(self, organization_id: UUID, wanted: tuple[UUID, str] | None) -> Learned | None:
        """Return the routing model that is in force, by its id and its file's address."""
        held = self._held.get(organization_id)
        if wanted is None:
            self.forget(organization_id)
            return None
        if held is not None and held.id == wanted[0]:
            return held
        self._held.pop(organization_id, None)
        try:
            made = await self._load(organization_id, *wanted)
        except (AppError, ArtifactUnreadable, BaseError, OSError) as error:
            why = str(error) or type(error).__name__
            if self.broken.get(organization_id) != why:
                log.error("the routing model of %s cannot be loaded: %s", organization_id, why)
            self.broken[organization_id] = why
            return None
        self.broken.pop(organization_id, None)
        self._held[organization_id] = made
        return made

    def forget(self, organization_id: UUID) -> None:
        """Let go of an organization's."""
        self._held.pop(organization_id, None)
        self.broken.pop(organization_id, None)

    async def _load(self, organization_id: UUID, model_id: UUID, digest: str) -> Learned:
        async with asyncio.timeout(_PATIENCE):
            content = await self.blobs.get(organization_id, digest)
        # Some milliseconds for each model: not on the loop that answers calls.
        return Learned(model_id, await asyncio.to_thread(unpack_predictor, content))

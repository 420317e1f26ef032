"""Write down now and then which keys were used: a request only notes its key in memory."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone import identity
from hone.core.db import Database
from hone.gateway import Current

log = logging.getLogger(__name__)

INTERVAL: Final = 15.0
"""Seconds between two writings; what is told of a key is as exact as that."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What one process has seen of its keys since it last wrote it down."""

    database: Database
    current: Current

    async def run(self) -> None:
        """Write until cancelled; what a database that is away does not take is kept."""
        while True:
            await asyncio.sleep(INTERVAL)
            await self.write()

    async def write(self) -> None:
        """Write down what was used; a process that is killed forgets at most `INTERVAL` seconds."""
        used, self.current.used = self.current.used, {}
        by_organization: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for key_id, organization_id in used.items():
            by_organization[UUID(bytes=organization_id)].append(UUID(bytes=key_id))
        try:
            for organization_id, keys in by_organization.items():
                async with self.database.transaction(organization_id) as session:
                    await identity.note_uses(session, organization_id, keys)
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            log.info("the uses of keys are written later: %s", error)
            self.current.used |= used

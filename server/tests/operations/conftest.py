"""A house with partitions, an organization, and the API of operations in front of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import FastAPI

from hone import operations
from hone.core.db import Database
from hone.operations.routes import router
from tests.fixtures.app import client, grant, make_app
from tests.fixtures.database import Urls, make_organization


@dataclass
class Desk:
    """What a test of the API needs."""

    app: FastAPI
    database: Database
    owner: Database
    owner_url: str
    organization_id: UUID
    http: httpx.AsyncClient


@pytest_asyncio.fixture
async def organization_id(database: Database, owner: Database) -> UUID:
    """Make partitions and an organization."""
    await operations.keep_partitions(owner)
    return await make_organization(database)


@pytest_asyncio.fixture
async def desk(
    urls: Urls, database: Database, owner: Database, organization_id: UUID
) -> AsyncIterator[Desk]:
    """Open the API to an administrator's key."""
    app = make_app(database, router)
    async with client(app, grant(app, organization_id)) as http:
        yield Desk(app, database, owner, urls.owner, organization_id, http)

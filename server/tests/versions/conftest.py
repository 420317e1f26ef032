"""Fixtures of the tests of trained models."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio

from hone import versions
from hone.core import http
from hone.core.db import Database
from hone.releases.routes import router as releases_router
from hone.versions import ModelVersion
from hone.versions.routes import router
from tests.identity.api import Api, open_api
from tests.versions import artifacts

MODELS = "/api/ai/models"
NAME = "ticket-classifier"


@dataclass
class Desk:
    """The API, and a way to register what a run made."""

    api: Api
    folder: Path

    async def register(self, **told: Any) -> ModelVersion:
        """Register a version as a worker does after a run."""
        organization_id = self.api.organization_id
        new = artifacts.new(organization_id, self.folder, **told)
        async with self.api.database.transaction(organization_id) as session:
            return await versions.register(session, self.api.app.state.blobs, new)

    async def promote(self, version: str, **told: Any) -> Any:
        """Put a version in force."""
        return await self.api.post(f"{MODELS}/{NAME}/promote", {"version": version} | told)


@pytest_asyncio.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """Open the API with one organization."""
    async with open_api(database) as opened:
        http.add_routers(opened.app, router, releases_router)
        yield Desk(opened, tmp_path)

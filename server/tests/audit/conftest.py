"""Fixtures of the audit tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from hone.audit.routes import router
from hone.core import http
from hone.core.db import Database
from tests.identity.api import Api, open_api


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Open the API with one organization, and the trail beside it."""
    async with open_api(database) as opened:
        http.add_routers(opened.app, router)
        yield opened

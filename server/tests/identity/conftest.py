"""Fixtures of the identity tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from hone.core.db import Database
from tests.identity.api import Api, open_api


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Open the API with one organization."""
    async with open_api(database) as opened:
        yield opened

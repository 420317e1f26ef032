"""Fixtures of the identity tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from hone.core.db import Database
from tests.identity.api import Api, open_api
from tests.identity.openid import running_provider


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Open the API with one organization."""
    async with open_api(database) as opened:
        yield opened


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """Run one OpenID provider."""
    with running_provider() as found:
        yield found

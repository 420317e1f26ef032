"""The API of erasure and retention, with operations behind it and a data directory of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from hone import operations, privacy
from hone.core import http
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.jobs import Job
from hone.core.settings import Settings
from hone.operations.routes import router as operations_router
from hone.privacy import Place
from hone.privacy.routes import router
from tests.fixtures.database import Urls
from tests.identity.api import Api, open_api
from tests.operations.frames import land, settled


@dataclass
class Desk:
    """What a test of erasure needs."""

    api: Api
    owner: Database
    owner_url: str
    data_dir: Path

    @property
    def blobs(self) -> Blobs:
        return Blobs.open(Settings(data_dir=self.data_dir))

    @property
    def place(self) -> Place:
        return Place(self.owner, self.api.keyring, self.data_dir, self.blobs)

    async def ask(self, **whom: str) -> Any:
        """Begin an erasure that is allowed."""
        answer = await self.api.post("/api/audit/erasures", whom)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def work(self) -> None:
        """Run the job that waits, as a worker does."""
        async with self.api.database.transaction() as session:
            found = await session.execute(
                text(
                    "UPDATE procrastinate_jobs SET status = 'doing'"
                    " WHERE task_name = 'privacy.erase' AND status <> 'succeeded'"
                    " RETURNING id, attempts, args"
                )
            )
            number, attempts, arguments = found.one()
        work = partial(privacy.erase, self.place)
        await work(Job(number, attempts, self.api.database), **arguments)

    async def land(self, *users: str, **changes: Any) -> None:
        """Store a call of each user, with its content."""
        organization_id = self.api.organization_id
        said = {"content_key": organization_id.bytes, "content": b"sealed", "metadata": b'{"a":1}'}
        frames = [
            settled(
                organization_id, **{"user": user, "conversation": f"talk-{user}", **said, **changes}
            )
            for user in users
        ]
        await land(self.owner_url, frames)

    async def users(self) -> list[str | None]:
        """List whose calls are stored."""
        return [row[0] for row in await self.rows("SELECT user_id FROM operations")]

    async def rows(self, query: str) -> list[Any]:
        """Ask the database as its owner."""
        async with self.owner.transaction() as session:
            return list((await session.execute(text(query))).all())


@pytest_asyncio.fixture
async def desk(
    urls: Urls, database: Database, owner: Database, tmp_path: Path
) -> AsyncIterator[Desk]:
    """Open the API with one organization and partitions."""
    await operations.keep_partitions(owner)
    async with open_api(database) as api:
        http.add_routers(api.app, operations_router, router)
        yield Desk(api, owner, urls.owner, tmp_path)

"""An organization with calls that were logged, and the API of feedback in front of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from hone import feedback, operations
from hone.core import events
from hone.core.db import Database
from hone.core.events import Event
from hone.core.keyring import Keyring
from hone.feedback.routes import router
from hone.operations.routes import router as operations_router
from tests.fixtures.app import client, grant, make_app
from tests.fixtures.database import Urls, make_organization

Json = dict[str, Any]
LOGGED: Json = {
    "modelId": "ticket-classifier",
    "operationType": "classification",
    "input": "my card was declined",
    "output": "billing",
    "confidence": 0.61,
    "userId": "u-1",
}


@dataclass
class Desk:
    """What a test of feedback needs."""

    app: FastAPI
    database: Database
    owner: Database
    urls: Urls
    organization_id: UUID
    http: httpx.AsyncClient
    seen: int = 0
    others: list[UUID] = field(default_factory=list[UUID])

    @property
    def keyring(self) -> Keyring:
        return self.app.state.keyring

    async def log(self, **changes: object) -> str:
        """Record a call and return its id."""
        answer = await self.http.post("/api/ai/operations/log", json=LOGGED | changes)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def send(self, path: str, status: int = 201, **body: object) -> Json:
        """Send feedback."""
        answer = await self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def give(self, operation: object, feedback: str = "positive", **body: object) -> Json:
        """Say of a classification whether it was right."""
        said = {"operationType": "classification", "operationId": operation, "feedback": feedback}
        answer = await self.http.post("/api/ai/feedback", json=said | body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def settle(self) -> int:
        """Do what the worker does within a second."""
        done = total = await feedback.settle(self.owner, self.keyring)
        while done:
            done = await feedback.settle(self.owner, self.keyring)
            total += done
        return total

    async def get(self, path: str, **params: Any) -> Json:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def items(self, **params: Any) -> list[Json]:
        """List feedback."""
        return (await self.get("/api/ai/feedback", **params))["items"]

    async def told(self) -> list[Event]:
        """Read the events that are new."""
        await events.seal(self.owner)
        async with self.owner.transaction() as session:
            found = await events.unread(session, "test", 5000)
            if found:
                await events.advance(session, "test", found[-1].sequence)
        return list(found)

    async def lessons(self) -> list[feedback.Lesson]:
        """Read everything that can be learned."""
        async with self.database.transaction(self.organization_id) as session:
            wanted = list((await session.execute(text("SELECT id FROM feedback"))).scalars())
            return await feedback.lessons(session, self.keyring, self.organization_id, wanted)


@pytest_asyncio.fixture
async def desk(urls: Urls, database: Database, owner: Database) -> AsyncIterator[Desk]:
    """Open the API to an administrator's key."""
    await operations.keep_partitions(owner)
    organization_id = await make_organization(database)
    app = make_app(database, router, operations_router)
    async with client(app, grant(app, organization_id)) as http:
        yield Desk(app, database, owner, urls, organization_id, http)

"""Fixtures of the tests of releases: a name with two versions that lead to models, and a clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from hone import releases
from hone.core import clock, http
from hone.core.db import Database
from hone.releases.routes import router
from hone.versions.routes import router as versions_router
from tests.identity.api import Api, open_api

NAME = "helper"
RELEASES = "/api/releases"
MODELS = "/api/ai/models"
Json = dict[str, Any]


@dataclass
class Clock:
    """The time, as the tests set it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """The API, and a worker that looks when it is told to."""

    api: Api
    owner: Database
    time: Clock

    async def act(self, **body: Any) -> httpx.Response:
        return await self.api.post(MODELS, body)

    async def start(self, version: str = "1.1.0", **told: Any) -> Json:
        """Start a release."""
        answer = await self.api.post(RELEASES, {"name": NAME, "version": version, **told})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def press(self, release: Json, button: str, **body: Any) -> httpx.Response:
        return await self.api.post(f"{RELEASES}/{release['id']}/{button}", body)

    async def look(self, seconds: float = 1.0, times: int = 1) -> None:
        """Let a worker look, each time after so many seconds."""
        for _ in range(times):
            self.time.at += timedelta(seconds=seconds)
            await releases.tick(self.owner, self.api.database, None)

    async def read(self, release: Json) -> Json:
        return (await self.api.get(f"{RELEASES}/{release['id']}")).json()

    async def live(self) -> str | None:
        return (await self.api.get(f"{MODELS}/{NAME}")).json()["live"]["production"]

    async def target(self) -> str:
        """Return the model that the name leads to."""
        routes = (await self.api.get("/api/routes")).json()["items"]
        return next(each for each in routes if each["name"] == NAME)["targets"][0]["model"]


@pytest_asyncio.fixture
async def desk(
    database: Database, owner: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """Open the API with a model that is live in version 1.0.0 and has two more."""
    time = Clock()
    async with open_api(database) as opened:
        http.add_routers(opened.app, versions_router, router)
        made = Desk(opened, owner, time)
        await opened.post("/api/providers", {"name": "openai", "kind": "openai"})
        for number in range(3):
            name = f"gpt-{number}"
            await opened.post("/api/models", {"name": name, "provider": "openai", "upstream": name})
            config = {"model": name}
            await made.act(action="register", name=NAME, version=f"1.{number}.0", config=config)
        await made.act(action="deploy", name=NAME, version="1.0.0")
        monkeypatch.setattr(clock, "now", time.now)
        yield made

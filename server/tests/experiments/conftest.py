"""The API of experiments in this process, and calls that land as the drain lands them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from hone import experiments
from hone.core import clock, http, ids
from hone.core.db import Database
from hone.experiments.routes import router
from hone.gateway import Arm, Exposure, Policy, Route, Split, Unit, assign, digest
from tests.fixtures.database import Urls
from tests.identity.api import Api, open_api
from tests.operations.frames import attempt, land, settled

Json = dict[str, Any]


@dataclass
class Bench:
    """Somebody who compares."""

    api: Api
    owner: Database
    url: str
    organization_id: UUID

    async def get(self, path: str, status: int = 200) -> Json:
        answer = await self.api.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None, status: int = 200) -> Json:
        answer = await self.api.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def started(self, **rest: Any) -> str:
        """Start an experiment of two models, and return its path."""
        arms = [{"name": "control", "ref": "one"}, {"name": "treatment", "ref": "other"}]
        body = {"name": "other instead", "target": "one", "arms": arms} | rest
        made = await self.post("/api/experiments", body, 201)
        path = f"/api/experiments/{made['id']}"
        await self.post(f"{path}/start")
        return path

    async def land(
        self,
        path: str,
        users: Sequence[str],
        latency: Callable[[str, str], float],
        at: datetime | None = None,
    ) -> None:
        """Let each user call once; `latency` tells how long it took, by user and arm."""
        split_id = ids.parse("exp", path.rpartition("/")[2])
        assert split_id is not None
        split = halves(split_id)
        frames: list[Any] = []
        for place, user in enumerate(users):
            arm = split.arms[assign(split, f"u:{user}")].name
            met = Exposure(split_id.bytes, arm, 0.5, digest(split, f"u:{user}"))
            frames.append(self.frame(user, latency(user, arm), at, place, met))
        await land(self.url, frames)

    async def before(self, users: Sequence[str], latency: Callable[[str], float]) -> None:
        """Let each user have called a day ago, without a split."""
        at = clock.now() - timedelta(days=1)
        frames = [self.frame(user, latency(user), at, n) for n, user in enumerate(users)]
        await land(self.url, frames)

    def frame(
        self,
        user: str,
        latency: float,
        at: datetime | None,
        place: int,
        met: Exposure | None = None,
    ) -> Any:
        moment = int((at or clock.now()).timestamp() * 1000) + place % 7
        return settled(
            self.organization_id,
            id=ids.new(moment).bytes,
            key_id=None,
            route="one",
            user=user,
            conversation=None,
            latency_ms=latency,
            attempts=[attempt()],
            exposure=met,
        )

    async def keep(self, at: datetime | None = None) -> None:
        await experiments.keep(self.owner, at)


def halves(split_id: UUID) -> Split:
    """Make the split that an experiment of two equal arms is compiled to."""
    nothing = Route(None, "none", Policy.WEIGHTED, ())
    arms = tuple(Arm(name, nothing, 0.5) for name in ("control", "treatment"))
    return Split(split_id, "experiment", experiments.salt(split_id), Unit.USER, arms)


@pytest_asyncio.fixture
async def bench(database: Database, owner: Database, urls: Urls) -> AsyncIterator[Bench]:
    async with open_api(database) as api:
        http.add_routers(api.app, router)
        made = Bench(api, owner, urls.owner, api.organizations[0])
        await made.post("/api/providers", {"name": "third", "kind": "openai"}, 201)
        for name in ("one", "other"):
            model = {"name": name, "provider": "third", "upstream": name}
            await made.post("/api/models", model, 201)
        yield made

"""The API of training in this process, and a worker that trains with the real trainer."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hone import training
from hone.core import http
from hone.core.db import Database
from hone.core.settings import Settings, Training
from hone.datasets.routes import router as datasets_router
from hone.training.engines import Catalogue
from hone.training.routes import router
from hone.versions.routes import router as versions_router
from tests.identity.api import Api, open_api
from tests.training import intents

Json = dict[str, Any]
RUNS = "/api/training/runs"
OVER = {"succeeded", "failed", "cancelled"}
_BESIDE = {
    "test_ray.py": "HONE_TEST_RAY",
    "test_mlflow.py": "HONE_TEST_MLFLOW",
    "test_wandb.py": "HONE_TEST_WANDB",
}
collect_ignore = [file for file, variable in _BESIDE.items() if variable not in os.environ]
"""What needs large programs beside Hone: `make test-ray`, `make test-mlflow` and `make test-wandb` name them."""


@dataclass
class Desk:
    """Somebody who trains."""

    api: Api
    owner: Database
    place: training.Place
    runners: list[tuple[training.Runner, asyncio.Task[None]]] = field(default_factory=list[Any])

    async def get(self, path: str, status: int = 200) -> Json:
        answer = await self.api.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None, status: int = 200) -> Json:
        answer = await self.api.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def dataset(self, name: str = "tickets", each: int = 30) -> str:
        """Make a data set of intents and return its name."""
        await self.post("/api/datasets", {"name": name, "kind": "intent"}, 201)
        headers = {"authorization": f"Bearer {self.api.admin_key}"}
        path = f"/api/datasets/{name}/import?format=jsonl&status=validated"
        answer = await self.api.client.post(path, content=intents.lines(each), headers=headers)
        assert answer.status_code == 200, answer.text
        return name

    async def begin(self, name: str = "ticket-classifier", **rest: Any) -> Json:
        """Begin a run on the data set `tickets`."""
        body = {"name": name, "task": "intent", "data": {"dataset": "tickets"}} | rest
        return await self.post(RUNS, body, 201)

    async def run(self, run_id: str) -> Json:
        return await self.get(f"{RUNS}/{run_id}")

    async def until(self, run_id: str, fact: Callable[[Json], bool], within: float = 60.0) -> Json:
        """Look until something is so."""
        found: Json = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    found = await self.run(run_id)
                    if fact(found):
                        return found
                    await asyncio.sleep(0.1)
        raise AssertionError(f"it did not come: {found}")

    async def ended(self, run_id: str, within: float = 60.0) -> Json:
        return await self.until(run_id, lambda run: run["state"] in OVER, within)

    async def told(self, run_id: str, words: str, within: float = 30.0) -> None:
        """Look until something is said in a run."""
        found: Json = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    found = await self.get(f"{RUNS}/{run_id}/events")
                    if any(words in each["message"] for each in found["items"]):
                        return
                    await asyncio.sleep(0.1)
        raise AssertionError(f"it was not said: {found}")

    def runner(self, **changes: Any) -> training.Runner:
        """Make a worker's part."""
        place = training.Place(
            self.place.settings.model_copy(update=changes) if changes else self.place.settings,
            self.place.keyring,
            self.place.blobs,
            self.place.catalogue,
        )
        return training.Runner(place, self.api.database, self.owner)

    @asynccontextmanager
    async def working(self, **changes: Any) -> AsyncGenerator[training.Runner]:
        """Have a worker train meanwhile."""
        runner = self.runner(**changes)
        task = asyncio.ensure_future(runner.run())
        try:
            yield runner
        finally:
            await runner.rest(5)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Ask the trainer once what it can do."""
    return Catalogue(Settings())


@pytest_asyncio.fixture
async def desk(
    database: Database, owner: Database, tmp_path: Path, catalogue: Catalogue
) -> AsyncIterator[Desk]:
    settings = Settings(data_dir=tmp_path, training=Training(cpu=2, memory_gb=4, gpus=0))
    async with open_api(database) as opened:
        http.add_routers(opened.app, datasets_router, versions_router, router)
        blobs = opened.app.state.blobs
        place = training.Place(settings, opened.keyring, blobs, catalogue)
        opened.app.state.training = place
        yield Desk(opened, owner, place)

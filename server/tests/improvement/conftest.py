"""A desk at which a model is trained, judged and improved, with a tick for the passing of time."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from hone import feedback, improvement, releases, training
from hone.core import http
from hone.core.db import Database
from hone.core.settings import Settings, Training
from hone.datasets.routes import router as datasets_router
from hone.feedback.routes import router as feedback_router
from hone.improvement.routes import router
from hone.operations import keep_partitions
from hone.operations.routes import router as operations_router
from hone.releases.routes import router as releases_router
from hone.training.engines import Catalogue
from hone.training.routes import router as training_router
from hone.versions.routes import router as versions_router
from tests.identity.api import open_api
from tests.training import conftest as of_training
from tests.training import intents

Json = dict[str, Any]
NAME = "ticket-classifier"
POLICIES, TURNS = "/api/improvement/policies", "/api/improvement/turns"
OVER = {"promoted", "rolled_back", "rejected", "skipped", "failed"}
GATES: Json = {"minEffect": -20, "testExamples": 1, "calibrationError": 1}
"""What a version of few examples can pass."""
JOB: Json = {"name": NAME, "data": {"dataset": "tickets"}, "gates": [GATES]}
CORRECTED: Json = {"kind": "feedback_batch", "count": 5}


@dataclass
class Desk(of_training.Desk):
    """Somebody who lets a model improve."""

    async def policy(self, **rest: Any) -> Json:
        """Let the model learn when five answers were corrected."""
        body: Json = {
            "model": NAME,
            "job": JOB,
            "triggers": [CORRECTED],
            "debounceSeconds": 0,
            "leastNew": 3,
            "release": {"strategy": "immediate"},
        }
        return await self.post(POLICIES, body | rest, 201)

    async def tick(self, *, again: bool = True) -> None:
        """Let time pass; policies are looked at whatever the clock says."""
        if again:
            async with self.owner.transaction() as session:
                for table in ("improvement_policies", "improvement_turns"):
                    await session.execute(
                        text(f"UPDATE {table} SET next_at = now() - interval '1 second'")
                    )
        await releases.tick(self.owner, self.api.database, None)
        await improvement.tick(self.owner, self.api.database, self.place)

    async def turns(self, **wanted: str) -> list[Json]:
        query = "&".join(f"{key}={value}" for key, value in wanted.items())
        return (await self.get(f"{TURNS}?{query}"))["items"]

    async def begun(self, policy: Json, reason: str = "a test") -> Json:
        """Begin a turn by hand."""
        return await self.post(f"{POLICIES}/{policy['id']}/run", {"reason": reason}, 202)

    async def becomes(self, turn_id: str, *states: str) -> Json:
        """Let time pass until a turn is in a state."""
        found: Json = {}
        for _ in range(600):
            await self.tick()
            found = await self.get(f"{TURNS}/{turn_id}")
            if found["state"] in (states or OVER):
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"it did not come: {found}")

    async def learned(self, rows: Sequence[tuple[str, str]]) -> None:
        """Add validated examples."""
        lines = [
            json.dumps({"input": asked, "output": label, "status": "validated"})
            for asked, label in rows
        ]
        headers = {"authorization": f"Bearer {self.api.admin_key}"}
        path = "/api/datasets/tickets/import?format=jsonl&status=validated"
        answer = await self.api.client.post(
            path, content="\n".join(lines).encode(), headers=headers
        )
        assert answer.status_code == 200, answer.text

    async def answered(
        self, asked: str, label: str, right: str | None = None, user: str = "u-1"
    ) -> str:
        """Record an answer of the model and what a user says of it; return the feedback's id."""
        call: Json = {
            "modelId": NAME,
            "operationType": "classification",
            "input": asked,
            "output": label,
            "confidence": 0.6,
            "userId": user,
        }
        made = await self.post("/api/ai/operations/log", call, 201)
        said: Json = {
            "operationType": "classification",
            "operationId": made["id"],
            "feedback": "positive" if right is None else "negative",
            "userId": user,
        }
        if right is not None:
            said["correctedCategory"] = right
        return (await self.post("/api/ai/feedback", said, 201))["id"]

    async def settle(self) -> None:
        """Do what the worker does within a second."""
        while await feedback.settle(self.owner, self.api.keyring):
            pass

    async def corrected(self, count: int = 6) -> None:
        """Correct answers, and let the data set learn of it."""
        for number in range(count):
            user = f"u-{number}"
            await self.answered(f"the parcel is lost {number}", "billing", "shipping", user)
        await self.settle()
        await self.learned(
            [(f"hello, the parcel is lost {each}", "shipping") for each in range(count)]
        )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Ask the trainer once what it can do."""
    return Catalogue(Settings())


@pytest_asyncio.fixture
async def desk(
    database: Database, owner: Database, tmp_path: Path, catalogue: Catalogue
) -> AsyncIterator[Desk]:
    settings = Settings(data_dir=tmp_path, training=Training(cpu=2, memory_gb=4, gpus=0))
    await keep_partitions(owner)
    async with open_api(database) as opened:
        http.add_routers(
            opened.app,
            datasets_router,
            versions_router,
            training_router,
            feedback_router,
            operations_router,
            releases_router,
            router,
        )
        blobs = opened.app.state.blobs
        place = training.Place(settings, opened.keyring, blobs, catalogue)
        opened.app.state.training = place
        made = Desk(opened, owner, place)
        await made.post("/api/datasets", {"name": "tickets", "kind": "intent"}, 201)
        await made.learned([(row["input"], row["output"]) for row in intents.rows(30)])
        yield made

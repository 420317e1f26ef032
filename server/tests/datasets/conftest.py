"""The API of datasets in this process, with a worker that does its checks at once."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text

from hone.core import http
from hone.core.db import Database
from hone.core.jobs import Job
from hone.core.settings import Settings, Trainer
from hone.datasets import checking
from hone.datasets.examining import Place
from hone.datasets.routes import router
from tests.identity.api import Api, open_api

Json = dict[str, Any]


@dataclass
class Desk:
    """A curator at work."""

    api: Api
    folder: Path

    async def made(self, path: str, body: Json, status: int = 201) -> Json:
        answer = await self.api.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def dataset(self, name: str = "tickets", kind: str = "intent", **rest: Any) -> Json:
        return await self.made("/api/datasets", {"name": name, "kind": kind, **rest})

    async def get(self, path: str, status: int = 200) -> Json:
        answer = await self.api.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def send(
        self, path: str, content: bytes, status: int = 200, key: str | None = None
    ) -> Json:
        """Send a file."""
        await self.api.refresh()
        headers = {"authorization": f"Bearer {key or self.api.admin_key}"}
        answer = await self.api.client.post(path, content=content, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def examples(self, name: str = "tickets", query: str = "") -> list[Json]:
        page = await self.get(f"/api/datasets/{name}/examples?limit=500&{query}")
        return page["items"]


def lines(*rows: Json) -> bytes:
    """Write JSON lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def told(answer: httpx.Response) -> tuple[int, str]:
    """Read what an error says."""
    return answer.status_code, answer.json()["error"]["code"]


@pytest_asyncio.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_api(database) as opened:
        http.add_routers(opened.app, router)
        yield Desk(opened, tmp_path)


async def work_off_checks(desk: Desk, program: Path | None = None) -> None:
    """Do the checks that wait, as a worker does; with a program in the place of the trainer."""
    settings = Settings(data_dir=desk.folder)
    if program is not None:
        settings = settings.model_copy(update={"trainer": Trainer(python=program)})
    place = Place(settings, desk.api.keyring)
    while job := await _taken(desk):
        number, attempts, arguments = job
        await checking.check(place, Job(number, attempts, desk.api.database), **arguments)
        # What its last step did not end, the worker ends.
        async with desk.api.database.transaction() as session:
            ended = text("DELETE FROM procrastinate_jobs WHERE id = :id AND attempts = :token")
            await session.execute(ended, {"id": number, "token": attempts})


async def _taken(desk: Desk) -> Any:
    """Take the next check that waits; those of one dataset come one after the other."""
    async with desk.api.database.transaction() as session:
        found = await session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id)"
                " FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'datasets.check')"
                " RETURNING id, attempts, args"
            )
        )
        return found.one_or_none()

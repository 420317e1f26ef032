"""The API of monitoring in this process, a worker's part of it, and a receiver of webhooks."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from hone import feedback, monitoring, operations
from hone.core import clock, http, ids
from hone.core.db import Database
from hone.core.settings import Security, Settings
from hone.datasets.routes import router as datasets_router
from hone.feedback.routes import router as feedback_router
from hone.monitoring.routes import router
from hone.operations import buckets
from hone.operations.routes import router as operations_router
from hone.versions.routes import router as versions_router
from tests.identity.api import Api, open_api

Json = dict[str, Any]
_SUMS = """
INSERT INTO {table} (organization_id, minute, model, route, status, requests, input_tokens,
    output_tokens, cost, latency, ttft)
VALUES (:organization, date_bin('{bin}', CAST(:at AS timestamptz), '2000-01-01'), :model, :route,
    :status, :requests, :requests, :requests, :cost, CAST(:latency AS bigint[]), '{{}}')
"""


@dataclass
class Receiver:
    """Takes webhooks on this machine, and answers with what it is told to."""

    got: list[tuple[dict[str, str], Json]] = field(
        default_factory=list[tuple[dict[str, str], Json]]
    )
    bodies: list[bytes] = field(default_factory=list[bytes])
    status: int = 200
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=t"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line]
        headers = {name.lower(): value for name, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((headers, json.loads(body)))
        self.bodies.append(body)
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-length: 0\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()


@dataclass
class Watch:
    """Somebody who watches."""

    api: Api
    owner: Database
    place: monitoring.Place

    async def get(self, path: str, status: int = 200) -> Json:
        answer = await self.api.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def send(self, method: str, path: str, body: object = None, status: int = 200) -> Json:
        answer = await self.api.call(method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else {}

    async def post(self, path: str, body: object = None, status: int = 200) -> Json:
        return await self.send("POST", path, body, status)

    async def calls(self, n: int, failed: int = 0, **more: object) -> None:
        """Log calls that just ended, some of them badly."""
        for number in range(n):
            bad = number < failed
            said = {"errorMessage": f"upstream {number} took too long"} if bad else {}
            body = {"modelId": "planner", "operationType": "chat", "success": not bad} | said
            await self.post("/api/ai/operations/log", body | {"responseTimeMs": 120} | more, 201)

    async def past(
        self,
        ago: timedelta,
        requests: int,
        *,
        status: str = "success",
        cost: int = 0,
        ms: int = 100,
    ) -> None:
        """Put calls of some time ago into the sums."""
        counts = [0] * 68
        counts[operations_bucket(ms)] = requests
        for table, width in (
            ("operation_minutes", "1 minute"),
            ("operation_quarters", "15 minutes"),
        ):
            values = {
                "organization": self.api.organization_id,
                "at": clock.now() - ago,
                "model": "planner",
                "route": f"assistant{ids.new().hex}",
                "status": status,
                "requests": requests,
                "cost": cost,
                "latency": counts,
            }
            async with self.owner.transaction() as session:
                await session.execute(text(_SUMS.format(table=table, bin=width)), values)

    async def monitor(self, preset: str) -> Json:
        """Find one of those that every organization has."""
        found = (await self.get("/api/monitors"))["items"]
        return next(each for each in found if each["preset"] == preset)

    async def check(self, monitor: Json) -> Json:
        return await self.post(f"/api/monitors/{monitor['id']}/check")

    async def alerts(self, query: str = "") -> list[Json]:
        return (await self.get(f"/api/ai/alerts{query}"))["items"]

    async def sql(self, statement: str, **values: object) -> None:
        """Do something to the database as its owner, such as letting time pass."""
        async with self.owner.transaction() as session:
            await session.execute(text(statement), values)

    async def one(self, query: str, **values: object) -> Any:
        async with self.owner.transaction() as session:
            return (await session.execute(text(query), values)).one()

    async def settle(self) -> None:
        """Let feedback count."""
        while await feedback.settle(self.owner, self.api.keyring):
            pass

    def runner(self) -> monitoring.Runner:
        return monitoring.Runner(self.place, self.api.database, self.owner)

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[None]:
        """Have a worker look after monitors and send alerts meanwhile."""
        task = asyncio.ensure_future(self.runner().run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def until(self, path: str, fact: Callable[[Json], Any], within: float = 60.0) -> Json:
        """Look until something is so."""
        found: Json = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    found = await self.get(path)
                    if fact(found):
                        return found
                    await asyncio.sleep(0.05)
        raise AssertionError(f"it did not come: {found}")


def operations_bucket(ms: float) -> int:
    """Tell in which bucket a duration is counted, as sums have it."""
    return buckets.index(ms)


@pytest_asyncio.fixture
async def watch(database: Database, owner: Database, tmp_path: Path) -> AsyncIterator[Watch]:
    await operations.keep_partitions(owner)
    settings = Settings(data_dir=tmp_path, security=Security(private_upstreams=True))
    async with open_api(database) as opened:
        every = (router, operations_router, feedback_router, datasets_router, versions_router)
        http.add_routers(opened.app, *every)
        place = monitoring.Place(settings, opened.keyring, opened.app.state.blobs)
        opened.app.state.monitoring = place
        yield Watch(opened, owner, place)


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


def moment(text_: str) -> datetime:
    return datetime.fromisoformat(text_)

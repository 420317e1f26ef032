"""How providers are: what all processes say of circuits, and what attempts came to."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from hone import operations
from hone.core import clock, http, ids
from hone.core.db import Database
from hone.gateway import Attempt, Breaker, Breakers, Settled, Status
from hone.health import Beacon
from hone.health.routes import router
from hone.identity import Permission
from hone.llm.errors import Broken, Limited
from tests.fixtures.database import Urls
from tests.identity.api import Api, open_api
from tests.identity.test_keys import code
from tests.operations.frames import attempt, identifier, land, settled

HEALTH = "/api/providers/health"


@dataclass
class Ward:
    """An API with two providers, and the database that processes speak through."""

    api: Api
    database: Database
    owner: Database
    owner_url: str
    models: dict[str, UUID]

    async def provider(self, name: str = "openai", **query: str) -> dict[str, Any]:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        answer = await self.api.get(f"{HEALTH}?{asked}")
        assert answer.status_code == 200, answer.text
        (found,) = [each for each in answer.json()["items"] if each["name"] == name]
        return found

    async def circuit(self, model: str = "large") -> dict[str, Any]:
        provider = await self.provider("spare" if model == "other" else "openai")
        (found,) = [each for each in provider["models"] if each["name"] == model]
        return found["circuit"]

    async def until(
        self, fact: Callable[[dict[str, Any]], bool], model: str = "large"
    ) -> dict[str, Any]:
        """Wait until a fact holds of a circuit."""
        async with asyncio.timeout(10):
            for _ in count():
                if fact(found := await self.circuit(model)):
                    return found
                await asyncio.sleep(0.02)
        raise AssertionError

    def attempt(self, model: str, **changes: Any) -> Attempt:
        return attempt(model=model, model_id=self.models[model].bytes, **changes)

    def frame(self, *attempts: Attempt, minutes_ago: float = 1, **changes: Any) -> Settled:
        at = int(clock.now().timestamp() * 1000 - 60_000 * minutes_ago)
        organization_id = self.api.organization_id
        return settled(organization_id, id=ids.new(at).bytes, attempts=list(attempts), **changes)

    @asynccontextmanager
    async def process(self) -> AsyncGenerator[Callable[[str], Breaker]]:
        """Run what a server process says; give its breakers by the names of models."""
        breakers = Breakers()
        beacon = Beacon(self.database, breakers)
        task = asyncio.create_task(beacon.run())
        try:
            yield lambda model: breakers.of(self.models[model], self.api.organization_id.bytes)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await beacon.leave()


@pytest_asyncio.fixture
async def ward(database: Database, owner: Database, urls: Urls) -> AsyncIterator[Ward]:
    """Open the API, with providers and models."""
    await operations.keep_partitions(owner)
    async with open_api(database) as api:
        http.add_routers(api.app, router)
        api.app.router.routes.insert(0, api.app.router.routes.pop())
        models: dict[str, UUID] = {}
        for provider, names in (("openai", ("large", "small")), ("spare", ("other",))):
            await api.post("/api/providers", {"name": provider, "kind": "openai"})
            for name in names:
                body = {"name": name, "provider": provider, "upstream": name}
                made = (await api.post("/api/models", body)).json()
                models[name] = UUID(made["id"].removeprefix("model_"))
        yield Ward(api, database, owner, urls.owner, models)


async def test_attempts_are_summed_up_by_model_and_provider(ward: Ward) -> None:
    failed = ward.attempt(
        "large", status=500, error="upstream_error", ttft_ms=None, duration_ms=9000.0
    )
    wrong = ward.attempt("large", status=400, error="invalid_parameter", ttft_ms=None)
    left = ward.attempt("large", error="client_gone", ttft_ms=None)
    rescued = ward.frame(failed, ward.attempt("other"), minutes_ago=2)
    await land(
        ward.owner_url,
        [
            *(ward.frame(ward.attempt("large", duration_ms=100.0 * n)) for n in (1, 2, 3)),
            ward.frame(ward.attempt("small", duration_ms=400.0, ttft_ms=None)),
            rescued,
            ward.frame(wrong, status=Status.ERROR, error="invalid_parameter"),
            ward.frame(left, status=Status.CANCELLED, error="client_gone"),
            ward.frame(ward.attempt("large", error="upstream_error"), minutes_ago=70),
        ],
    )
    found = await ward.provider()
    assert (found["attempts"], found["failed"]) == (7, 1)
    assert found["errorRate"] == 1 / 7
    assert (found["p50Ms"], found["ttftP50Ms"]) == (250.0, 101.2)
    large, small = found["models"]
    assert (large["name"], large["attempts"], large["failed"]) == ("large", 6, 1)
    assert (large["p50Ms"], large["p95Ms"]) == (200.0, 290.0)
    assert (small["p50Ms"], small["ttftP50Ms"]) == (400.0, None)
    (error,) = found["lastErrors"]
    assert error | {"operationId": identifier(rescued), "code": "upstream_error"} == error
    assert (error["model"], error["status"]) == ("large", 500)
    assert found["status"] == "healthy", "one failure says nothing"
    spare = await ward.provider("spare")
    assert (spare["attempts"], spare["failed"], spare["lastErrors"]) == (1, 0, [])
    assert (await ward.provider(window="6h"))["attempts"] == 8


async def test_a_circuit_is_told_of_by_every_process_and_the_worst_counts(ward: Ward) -> None:
    assert (await ward.circuit())["state"] == "unknown"
    async with ward.process() as one, ward.process() as other:
        await ward.until(lambda found: found["processes"] == 2)
        assert (await ward.circuit())["state"] == "closed"
        now = asyncio.get_running_loop().time()
        one("large").fail(Limited(retry_after=30), now)
        found = await ward.until(lambda found: found["state"] == "open")
        assert (found["openIn"], found["reason"]) == (1, "rate_limited")
        assert found["retryAfter"] == 30
        assert (await ward.circuit("small"))["state"] == "closed"
        assert (await ward.provider())["status"] == "degraded"
        for _ in range(5):
            other("large").fail(Broken(), now - 60)
        found = await ward.until(lambda found: found["halfOpenIn"] == 1)
        assert (found["state"], found["openIn"]) == ("open", 1), "the worst state counts"
        one("large").succeed()
        found = await ward.until(lambda found: found["openIn"] == 0)
        assert found["state"] == "half_open"
        other("large").succeed()
        await ward.until(lambda found: found["state"] == "closed")
        other("large").fail(Limited(retry_after=30), now)
        await ward.until(lambda found: found["state"] == "open")
    assert (await ward.circuit())["processes"] == 0
    assert (await ward.circuit())["state"] == "unknown"


async def test_a_process_that_falls_silent_is_not_counted_and_then_forgotten(ward: Ward) -> None:
    async with ward.process() as one:
        one("large").fail(Limited(retry_after=30), asyncio.get_running_loop().time())
        await ward.until(lambda found: found["openIn"] == 1)
    async with ward.owner.transaction() as session:
        # As a process leaves it that is killed.
        await session.execute(
            text("INSERT INTO server_processes VALUES (:id, now() - interval '11 s')"),
            {"id": ids.new()},
        )
        await session.execute(
            text(
                "INSERT INTO open_circuits SELECT :organization, :model, id, now(),"
                " now() + interval '1 minute', 'upstream_error', NULL FROM server_processes"
            ),
            {"organization": ward.api.organization_id, "model": ward.models["large"]},
        )
    assert (await ward.circuit())["processes"] == 0
    async with ward.process():
        found = await ward.until(lambda found: found["processes"] == 1)
        assert found["state"] == "closed"
        async with ward.owner.transaction() as session:
            left = await session.execute(text("SELECT count(*) FROM open_circuits"))
            assert left.scalar_one() == 0


async def test_many_failures_and_open_circuits_make_a_provider_unwell(ward: Ward) -> None:
    bad = ward.attempt("large", status=500, error="upstream_error")
    frames = [ward.frame(bad, status=Status.ERROR) for _ in range(3)]
    await land(ward.owner_url, [*frames, *(ward.frame(ward.attempt("small")) for _ in range(9))])
    assert (await ward.provider())["status"] == "degraded"
    assert (await ward.provider("spare"))["status"] == "idle"
    await land(ward.owner_url, [ward.frame(bad, status=Status.ERROR) for _ in range(6)], lane="l2")
    assert (await ward.provider())["status"] == "unhealthy"
    assert len((await ward.provider())["lastErrors"]) == 5
    async with ward.process() as one:
        one("other").fail(Limited(retry_after=30), asyncio.get_running_loop().time())
        await ward.until(lambda found: found["state"] == "open", "other")
        assert (await ward.provider("spare"))["status"] == "unhealthy"


async def test_only_ones_own_is_told_and_only_with_the_permissions(ward: Ward) -> None:
    await land(ward.owner_url, [ward.frame(ward.attempt("large"))])
    foreign = await ward.api.add_organization("Elsewhere")
    async with ward.process() as one:
        one("large").fail(Limited(retry_after=30), asyncio.get_running_loop().time())
        await ward.until(lambda found: found["openIn"] == 1)
        assert (await ward.api.get(HEALTH, foreign)).json()["items"] == []
    for permission in (Permission.PROVIDERS_READ, Permission.OPERATIONS_READ):
        key = await ward.api.add_key(permission)
        assert code(await ward.api.get(HEALTH, key)) == (403, "forbidden")
    assert code(await ward.api.get(f"{HEALTH}?window=2h")) == (422, "invalid")

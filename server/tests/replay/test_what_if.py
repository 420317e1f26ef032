"""`POST /api/routes/what-if`: recorded calls through a route as it might be, by the API."""

import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from hone import operations
from hone.core import clock, http, ids
from hone.core.db import Database
from hone.gateway import SHADOW, Attempt, Exposure, Settled, Status
from hone.identity import Permission
from hone.replay.routes import router
from tests.fixtures.database import Urls
from tests.identity.api import Api, open_api
from tests.identity.test_keys import code
from tests.operations.frames import attempt, land, settled

WHAT_IF = "/api/routes/what-if"
ROUTE: dict[str, Any] = {"name": "assistant", "targets": [{"model": "large"}]}


@dataclass
class Stage:
    """An API, two models and a third that nobody called, and a route to the first."""

    api: Api
    owner_url: str
    models: dict[str, dict[str, Any]]
    route: dict[str, Any]

    async def ask(self, **changes: Any) -> dict[str, Any]:
        answer = await self.send(**changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, key: str | None = None, **changes: Any) -> httpx.Response:
        return await self.api.post(WHAT_IF, ROUTE | {"id": self.route["id"]} | changes, key)

    async def call(self, count: int, *models: str, **changes: Any) -> None:
        """Record calls that these models answered in turn, a second apart."""
        began = int(clock.now().timestamp() * 1000) - 1000 * count
        await land(
            self.owner_url,
            [
                self.frame(models[place % len(models)], began + 1000 * place, **changes)
                for place in range(count)
            ],
        )

    def frame(self, model: str, at: int, **changes: Any) -> Settled:
        made = self.attempt(model)
        return settled(
            self.api.organization_id,
            id=ids.new(at).bytes,
            **{"attempts": [made], "latency_ms": made.duration_ms + 1, **changes},
        )

    def attempt(self, model: str, **changes: Any) -> Attempt:
        known = self.models[model]
        price = ids.parse("price", known["price"]["id"])
        assert price is not None
        slow = {"large": 2000.0}.get(model, 500.0)
        cost = {"large": 4_000_000, "small": 400_000}.get(model, 0) * 100
        parts = {
            "model": model,
            "upstream": known["upstream"],
            "model_id": UUID(known["id"].removeprefix("model_")).bytes,
            "price_id": price.bytes,
            "duration_ms": slow,
            "ttft_ms": slow / 4,
            "input_tokens": 50,
            "output_tokens": 50,
            "cached_tokens": 0,
            "written_tokens": 0,
            "cost": cost,
        }
        return attempt(**parts | changes)


@pytest_asyncio.fixture
async def stage(database: Database, owner: Database, urls: Urls) -> AsyncIterator[Stage]:
    """Open the API, with models and a route."""
    await operations.keep_partitions(owner)
    async with open_api(database) as api:
        http.add_routers(api.app, router)
        await api.post("/api/providers", {"name": "openai", "kind": "openai"})
        models: dict[str, dict[str, Any]] = {}
        for name, price in (("large", 4), ("small", 0.4), ("unseen", 2)):
            made = await api.post(
                "/api/models",
                {
                    "name": name,
                    "provider": "openai",
                    "upstream": f"gpt-{name}",
                    "price": {"input": price, "output": price},
                },
            )
            assert made.status_code == 201, made.text
            models[name] = made.json()
        route = (await api.post("/api/routes", ROUTE)).json()
        yield Stage(api, urls.owner, models, route)


async def test_the_present_route_is_what_it_was_and_a_cheaper_model_costs_less(
    stage: Stage,
) -> None:
    await stage.call(40, "large")
    await stage.call(40, "small", route="other")
    same = await stage.ask()
    assert same["basis"] == same["basis"] | {"kind": "route", "route": "assistant", "calls": 40}
    cost = same["measures"]["costUsd"]
    assert cost == {"fact": 0.016, "estimate": 0.016, "low": 0.016, "high": 0.016}
    assert same["measures"]["p50Ms"]["estimate"] == pytest.approx(2001, abs=1)
    assert same["measures"]["ttftP95Ms"]["fact"] == pytest.approx(501, abs=1)
    assert same["mix"] == [
        {
            "model": "large",
            "askedFact": 40,
            "askedEstimate": 40,
            "answeredFact": 40,
            "answeredEstimate": 40,
        }
    ]
    assert (same["notes"], same["unknown"]) == ([], {"times": 0, "outcome": 0, "prices": 0})

    half = await stage.ask(targets=[{"model": "large"}, {"model": "small"}])
    assert half["measures"]["costUsd"]["estimate"] == pytest.approx(0.016 * 0.55)
    # What is known of it comes from the calls of another route.
    assert half["measures"]["p50Ms"]["estimate"] == pytest.approx(1250, abs=2)
    assert {each["model"]: each["answeredEstimate"] for each in half["mix"]} == {
        "large": 20,
        "small": 20,
    }
    assert {each["model"]: each["attempts"] for each in half["samples"]} == {
        "large": 40,
        "small": 40,
    }


async def test_copies_that_nobody_met_are_no_calls_to_replay(stage: Stage) -> None:
    await stage.call(20, "large")
    copy = Exposure(ids.new().bytes, SHADOW, 1.0)
    await stage.call(20, "small", exposure=copy)
    found = await stage.ask()
    assert found["basis"]["calls"] == 20


async def test_what_nobody_can_know_is_counted_and_said(stage: Stage) -> None:
    await stage.call(10, "large")
    found = await stage.ask(targets=[{"model": "large"}, {"model": "unseen"}])
    assert found["unknown"]["times"] == 5
    assert found["measures"]["costUsd"]["estimate"] == pytest.approx(0.003)
    assert found["measures"]["p50Ms"]["estimate"] == pytest.approx(2001, abs=1)
    assert [each["code"] for each in found["notes"]] == ["few_attempts"]
    only = await stage.ask(targets=[{"model": "unseen"}])
    assert only["measures"]["p50Ms"] == {
        "fact": 2001.0,
        "estimate": None,
        "low": None,
        "high": None,
    }


async def test_a_new_route_is_tried_with_the_calls_of_the_organization(stage: Stage) -> None:
    nothing = await stage.ask(id=None, name="fresh")
    assert nothing["basis"] == nothing["basis"] | {"kind": "organization", "calls": 0}
    assert nothing["measures"]["failed"]["fact"] is None
    await stage.call(6, "large", "small")
    await stage.call(2, "large", status=Status.CANCELLED, error="client_gone")
    await stage.call(2, "large", endpoint="embeddings")
    limits = {"capabilities": ["chat"], "version": 1}
    plain = {key: stage.models["small"][key] for key in ("name", "provider", "upstream")}
    changed = await stage.api.put(f"/api/models/{stage.models['small']['id']}", plain | limits)
    assert changed.status_code == 200, changed.text
    found = await stage.ask(id=None, name="fresh", targets=[{"model": "small"}])
    wanted = {"kind": "organization", "route": None, "calls": 6, "ended": 2, "unfit": 2}
    assert found["basis"] == found["basis"] | wanted
    assert found["mix"][1] | {"askedEstimate": 0, "askedFact": 3} == found["mix"][1]


async def test_failures_fall_back_and_are_told_with_their_range(stage: Stage) -> None:
    began = int(clock.now().timestamp() * 1000) - 60_000
    broken = stage.attempt("small", status=500, error="upstream_error", cost=0, ttft_ms=None)
    frames = [
        stage.frame("small", began + 1000 * place, route="other")
        if place % 4
        else stage.frame(
            "small",
            began + 1000 * place,
            route="other",
            status=Status.ERROR,
            error="upstream_error",
            attempts=[broken],
        )
        for place in range(40)
    ]
    await land(stage.owner_url, frames)
    await stage.call(50, "large")
    alone = (await stage.ask(targets=[{"model": "small"}]))["measures"]
    assert alone["failed"]["fact"] == 0
    assert 5 <= alone["failed"]["estimate"] <= 20
    assert alone["failed"]["low"] < alone["failed"]["high"]
    helped = (await stage.ask(targets=[{"model": "small"}], fallbacks=["large"]))["measures"]
    assert helped["failed"]["estimate"] == 0
    assert helped["fallbacks"]["estimate"] == alone["failed"]["estimate"]


async def test_it_is_for_those_who_may_write_routes_and_read_operations(stage: Stage) -> None:
    for permission in (Permission.ROUTES_WRITE, Permission.OPERATIONS_READ):
        assert code(await stage.send(await stage.api.add_key(permission))) == (403, "forbidden")
    foreign = await stage.api.add_organization("Elsewhere")
    assert code(await stage.send(foreign, id=None)) == (422, "unknown_model")
    await stage.api.post("/api/providers", {"name": "openai", "kind": "openai"}, foreign)
    model = {"name": "large", "provider": "openai", "upstream": "gpt-large"}
    assert (await stage.api.post("/api/models", model, foreign)).status_code == 201
    assert code(await stage.send(foreign)) == (404, "not_found")
    await stage.call(3, "large")
    mine = (await stage.send(foreign, id=None)).json()
    assert mine["basis"]["calls"] == 0
    assert code(await stage.send(targets=[{"model": "nobody"}])) == (422, "unknown_model")
    assert code(await stage.send(calls=1001)) == (422, "invalid")


async def test_a_thousand_calls_are_replayed_within_a_second(stage: Stage) -> None:
    """Of this process; what others take of the machine is not counted."""
    await stage.call(1000, "large", "small")
    draft = {
        "policy": "adaptive",
        "targets": [{"model": "large"}, {"model": "small"}, {"model": "unseen"}],
    }
    took: list[float] = []
    watched = sys.gettrace()
    for _ in range(3):
        # Whoever measures coverage is not measured.
        sys.settrace(None)
        began = time.process_time()
        try:
            found = await stage.ask(**draft)
        finally:
            took.append(time.process_time() - began)
            sys.settrace(watched)
        assert found["basis"]["calls"] == 1000
        assert sum(each["answeredEstimate"] for each in found["mix"]) == 1000
    assert min(took) < 1.0

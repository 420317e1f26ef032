"""Models and their versioned prices over HTTP."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from hone import registry
from hone.core import clock, ids
from hone.core.db import Database
from hone.identity import Permission
from hone.registry.repository import prices_of
from tests.identity.api import Api, told
from tests.identity.test_keys import code

MODELS = "/api/models"
GPT: dict[str, Any] = {"name": "gpt-4o", "provider": "openai", "upstream": "gpt-4o"}
PRICE = {"input": 3, "output": "12.000001", "cachedInput": 0.3, "cacheWrite": "3.75"}


@pytest_asyncio.fixture
async def api(api: Api) -> Api:
    """Add a provider to each organization's API."""
    made = await api.post("/api/providers", {"name": "openai", "kind": "openai"})
    assert made.status_code == 201
    return api


async def add(api: Api, **changes: Any) -> dict[str, Any]:
    made = await api.post(MODELS, GPT | changes)
    assert made.status_code == 201, made.text
    return made.json()


def path(model: dict[str, Any]) -> str:
    return f"{MODELS}/{model['id']}"


def figures(price: dict[str, Any]) -> tuple[str, str, str | None, str]:
    return price["input"], price["output"], price["cachedInput"], price["source"]


async def prices(api: Api, model: dict[str, Any]) -> list[dict[str, Any]]:
    return (await api.get(f"{path(model)}/prices")).json()["items"]


async def test_a_known_model_takes_limits_and_price_from_the_catalogue(api: Api) -> None:
    made = await add(api)
    assert figures(made["price"]) == ("2.5", "10", "1.25", "catalogue 2026-11-21")
    assert (made["catalogueId"], made["contextTokens"]) == ("gpt-4o", 128000)
    assert made["outputTokens"] == 16384
    assert (made["provider"], made["version"]) == ("openai", 1)
    assert (await api.get(path(made))).json() == made


async def test_a_price_that_is_given_wins_over_the_catalogue(api: Api) -> None:
    made = await add(api, price=PRICE)
    assert figures(made["price"]) == ("3", "12.000001", "0.3", "given")


async def test_a_disputed_price_says_so(api: Api) -> None:
    await api.post("/api/providers", {"name": "deepseek", "kind": "deepseek"})
    made = await add(api, provider="deepseek", upstream="deepseek-chat")
    assert made["price"]["source"] == "catalogue 2026-11-21 (disputed)"


async def test_a_model_elsewhere_can_name_its_entry_of_the_catalogue(api: Api) -> None:
    await api.post(
        "/api/providers", {"name": "proxy", "kind": "compatible", "baseUrl": "https://8.8.8.8/v1"}
    )
    bare = await add(api, name="bare", provider="proxy")
    assert (bare["price"], bare["catalogueId"]) == (None, None)
    named = await add(api, name="named", provider="proxy", catalogue="gpt-4o")
    assert named["price"]["input"] == "2.5"
    unknown = await api.post(MODELS, GPT | {"catalogue": "gpt-0"})
    assert code(unknown) == (422, "unknown_catalogue_entry")


async def test_a_new_price_adds_a_version_and_the_old_one_stays(api: Api) -> None:
    made = await add(api)
    changed = (await api.put(path(made), GPT | {"price": PRICE, "version": 1})).json()
    assert changed["version"] == 2
    assert figures(changed["price"])[:2] == ("3", "12.000001")
    assert [figures(each)[0] for each in await prices(api, made)] == ["3", "2.5"]
    same = (await api.put(path(made), GPT | {"price": PRICE, "version": 2})).json()
    assert same == changed
    assert len(await prices(api, made)) == 2


async def test_a_price_can_be_announced_and_then_holds_by_itself(api: Api) -> None:
    made = await add(api)
    start = clock.now() + timedelta(seconds=0.7)
    announced = PRICE | {"effectiveFrom": start.isoformat()}
    changed = (await api.put(path(made), GPT | {"price": announced, "version": 1})).json()
    assert changed["price"]["input"] == "2.5"
    async with api.database.transaction(api.organization_id) as session:
        due = await registry.next_price_at(session, api.organization_id, clock.now())
        later = await registry.next_price_at(session, api.organization_id, start)
    assert (due, later) == (start, None)
    deadline = time.monotonic() + 10
    while (await api.get(path(made))).json()["price"]["input"] != "3":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    listed = (await api.get(MODELS)).json()["items"][0]
    assert listed["price"]["input"] == "3"


async def test_a_price_is_never_edited_and_never_starts_in_the_past(api: Api) -> None:
    made = await add(api)
    future = PRICE | {"effectiveFrom": (clock.now() + timedelta(days=1)).isoformat()}
    assert (await api.put(path(made), GPT | {"price": future, "version": 1})).status_code == 200
    again = await api.put(path(made), GPT | {"price": future, "version": 2})
    assert again.json()["version"] == 2
    edited = await api.put(path(made), GPT | {"price": future | {"input": 4}, "version": 2})
    assert code(edited) == (409, "price_fixed")
    past = PRICE | {"effectiveFrom": "2020-01-01T00:00:00Z"}
    refused = await api.put(path(made), GPT | {"price": past, "version": 2})
    assert code(refused) == (422, "price_passed")
    assert datetime.fromisoformat(refused.json()["error"]["details"]["now"])
    first = (await prices(api, made))[-1]
    held = {"input": "2.5", "output": "10", "cachedInput": "1.25"}
    same = held | {"effectiveFrom": first["effectiveFrom"]}
    kept = await api.put(path(made), GPT | {"price": same, "version": 2})
    assert kept.json()["version"] == 2


@pytest.mark.parametrize("bad", [-1, "0.0000001", "NaN", 1_000_001, "free", True, [1], "1E-999999"])
async def test_a_price_that_cannot_be_kept_is_refused(api: Api, bad: object) -> None:
    answer = await api.post(MODELS, GPT | {"price": {"input": bad, "output": 1}})
    assert code(answer) == (422, "invalid")


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "2030-01-01T00:00:00", "soon"])
async def test_a_price_starts_at_a_moment_that_can_be_kept(api: Api, moment: str) -> None:
    body = GPT | {"price": PRICE | {"effectiveFrom": moment}}
    assert code(await api.post(MODELS, body)) == (422, "invalid")


async def test_a_name_is_a_model_or_a_route_and_never_both(api: Api) -> None:
    made = await add(api)
    assert code(await api.post(MODELS, GPT)) == (409, "name_taken")
    route = {"name": "gpt-4o", "targets": [{"model": "gpt-4o"}]}
    assert code(await api.post("/api/routes", route)) == (409, "name_taken")
    await api.post("/api/routes", route | {"name": "assistant"})
    assert code(await api.post(MODELS, GPT | {"name": "assistant"})) == (409, "name_taken")
    renamed = GPT | {"name": "assistant", "version": 1}
    assert code(await api.put(path(made), renamed)) == (409, "name_taken")


async def test_a_model_in_use_stays_and_its_routes_are_named(api: Api, owner: Database) -> None:
    made = await add(api)
    other = await add(api, name="other")
    targets = [{"model": "other"}]
    await api.post("/api/routes", {"name": "b", "targets": targets, "fallbacks": ["gpt-4o"]})
    await api.post("/api/routes", {"name": "a", "targets": [{"model": "gpt-4o"}]})
    refused = await api.delete(path(made))
    assert code(refused) == (409, "in_use")
    assert refused.json()["error"]["details"] == {"routes": ["a", "b"]}
    for each in (await api.get("/api/routes")).json()["items"]:
        assert (await api.delete(f"/api/routes/{each['id']}")).status_code == 204
    assert (await api.delete(path(made))).status_code == 204
    assert code(await api.get(path(made))) == (404, "not_found")
    assert (await told(owner))[-1][0] == "model.deleted"
    async with api.database.transaction(api.organization_id) as session:
        kept = await prices_of(
            session, api.organization_id, ids.parse("model", made["id"]) or ids.new()
        )
    assert len(kept) == 1
    assert (await api.get(path(other))).status_code == 200


async def test_a_stale_version_is_refused_and_the_present_one_told(api: Api) -> None:
    made = await add(api)
    await api.put(path(made), GPT | {"name": "second", "version": 1})
    stale = await api.put(path(made), GPT | {"version": 1})
    assert code(stale) == (409, "version_conflict")
    assert stale.json()["error"]["details"]["version"] == 2


async def test_a_model_needs_a_provider_that_is_there(api: Api) -> None:
    assert code(await api.post(MODELS, GPT | {"provider": "x"})) == (422, "unknown_provider")


async def test_another_organization_sees_no_model(api: Api) -> None:
    made = await add(api)
    foreign = await api.add_organization("Elsewhere")
    answers = [
        await api.get(path(made), foreign),
        await api.get(f"{path(made)}/prices", foreign),
        await api.put(path(made), GPT | {"version": 1}, foreign),
        await api.delete(path(made), foreign),
    ]
    assert [code(each) for each in answers] == [(404, "not_found")] * 4
    assert (await api.get(MODELS, foreign)).json()["items"] == []


async def test_models_need_permissions(api: Api) -> None:
    made = await add(api)
    reader = await api.add_key(Permission.MODELS_READ)
    assert (await api.get(path(made), reader)).status_code == 200
    answers = [
        await api.post(MODELS, GPT, reader),
        await api.put(path(made), GPT | {"version": 1}, reader),
        await api.delete(path(made), reader),
    ]
    nobody = await api.add_key(Permission.AI_QUERY)
    answers += [await api.get(MODELS, nobody), await api.get(path(made), nobody)]
    assert [code(each) for each in answers] == [(403, "forbidden")] * 5


async def test_the_trail_tells_what_changed_and_from_what(api: Api, owner: Database) -> None:
    made = await add(api)
    await api.put(path(made), GPT | {"upstream": "gpt-4.1", "price": PRICE, "version": 1})
    created, updated = (await told(owner))[-2:]
    assert created[0] == "model.created"
    assert created[2]["after"]["price"] == {"input": "2.5", "output": "10", "cached_input": "1.25"}
    assert updated[0] == "model.updated"
    assert updated[2]["before"]["upstream"] == "gpt-4o"
    assert updated[2]["after"]["upstream"] == "gpt-4.1"
    assert updated[2]["after"]["price"]["output"] == "12.000001"
    assert "name" not in updated[2]["after"]

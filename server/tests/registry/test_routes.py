"""Routes over HTTP."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from hone.core.db import Database
from hone.identity import Permission
from tests.identity.api import Api, told
from tests.identity.test_keys import code

ROUTES = "/api/routes"
ASSISTANT: dict[str, Any] = {
    "name": "assistant",
    "policy": "weighted",
    "targets": [{"model": "large", "weight": 0.4}, {"model": "small", "weight": 0.6}],
    "fallbacks": ["spare"],
    "deadlines": {"connect": 2, "firstToken": 20},
}


@pytest_asyncio.fixture
async def api(api: Api) -> Api:
    """Add a provider and three models."""
    await api.post("/api/providers", {"name": "openai", "kind": "openai"})
    for name in ("large", "small", "spare"):
        model = {"name": name, "provider": "openai", "upstream": "gpt-4o"}
        assert (await api.post("/api/models", model)).status_code == 201
    return api


async def add(api: Api, **changes: Any) -> dict[str, Any]:
    made = await api.post(ROUTES, ASSISTANT | changes)
    assert made.status_code == 201, made.text
    return made.json()


def path(route: dict[str, Any]) -> str:
    return f"{ROUTES}/{route['id']}"


async def test_a_route_is_added_shown_and_listed_by_name(api: Api) -> None:
    made = await add(api)
    assert made["targets"] == ASSISTANT["targets"]
    assert made["fallbacks"] == ["spare"]
    assert made["deadlines"] == {"connect": 2, "firstToken": 20, "stall": None, "total": None}
    assert (await api.get(path(made))).json() == made
    plain = await add(api, name="a", targets=[{"model": "small"}], fallbacks=[], deadlines={})
    assert plain["targets"] == [{"model": "small", "weight": 1}]
    listed = (await api.get(ROUTES)).json()
    assert [each["name"] for each in listed["items"]] == ["a", "assistant"]


async def test_a_route_is_replaced_and_follows_a_renamed_model(api: Api, owner: Database) -> None:
    made = await add(api)
    change = ASSISTANT | {"targets": [{"model": "small"}], "fallbacks": [], "version": 1}
    changed = (await api.put(path(made), change)).json()
    assert (changed["version"], changed["fallbacks"]) == (2, [])
    trail = (await told(owner))[-1]
    assert trail[0] == "route.updated"
    assert trail[2]["before"]["fallbacks"] == ["spare"]
    models = (await api.get("/api/models")).json()["items"]
    small = next(each for each in models if each["name"] == "small")
    renamed = {"name": "tiny", "provider": "openai", "upstream": "gpt-4o", "version": 1}
    assert (await api.put(f"/api/models/{small['id']}", renamed)).status_code == 200
    assert (await api.get(path(made))).json()["targets"] == [{"model": "tiny", "weight": 1}]
    again = change | {"targets": [{"model": "tiny"}], "version": 2}
    assert (await api.put(path(made), again)).json()["version"] == 2
    assert (await api.delete(path(made))).status_code == 204
    assert code(await api.get(path(made))) == (404, "not_found")
    assert (await told(owner))[-1][0] == "route.deleted"


async def test_of_two_changes_at_once_one_wins(api: Api) -> None:
    made = await add(api)
    bodies = [ASSISTANT | {"fallbacks": [each], "version": 1} for each in ("large", "small")]
    await api.refresh()
    answers = await asyncio.gather(*(api.put(path(made), each) for each in bodies))
    assert sorted(each.status_code for each in answers) == [200, 409]
    lost = next(each for each in answers if each.status_code == 409)
    assert code(lost) == (409, "version_conflict")
    assert lost.json()["error"]["details"]["version"] == 2


async def test_of_two_that_take_a_name_at_once_one_wins(api: Api) -> None:
    model = {"name": "both", "provider": "openai", "upstream": "gpt-4o"}
    answers = await asyncio.gather(
        api.post(ROUTES, ASSISTANT | {"name": "both"}), api.post("/api/models", model)
    )
    assert sorted(each.status_code for each in answers) == [201, 409]


async def test_a_name_is_taken_once(api: Api) -> None:
    await add(api)
    assert code(await api.post(ROUTES, ASSISTANT)) == (409, "name_taken")
    assert code(await api.post(ROUTES, ASSISTANT | {"name": "large"})) == (409, "name_taken")
    other = await add(api, name="other")
    assert code(await api.put(path(other), ASSISTANT | {"version": 1})) == (409, "name_taken")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"targets": [{"model": "nobody"}]}, "unknown_model"),
        ({"fallbacks": ["nobody"]}, "unknown_model"),
        ({"targets": []}, "invalid"),
        ({"targets": [{"model": "large"}, {"model": "large"}]}, "invalid"),
        ({"fallbacks": ["large", "large"]}, "invalid"),
        ({"targets": [{"model": "large", "weight": 0}]}, "invalid"),
        ({"targets": [{"model": "large", "weight": -1}]}, "invalid"),
        ({"targets": [{"model": "large", "weight": "NaN"}]}, "invalid"),
        ({"policy": "psychic"}, "invalid"),
        ({"deadlines": {"connect": 0}}, "invalid"),
        ({"deadlines": {"lunch": 60}}, "invalid"),
        ({"name": "a\x00"}, "invalid"),
        ({"cache": {"ttl": 1}}, "invalid"),
    ],
)
async def test_what_may_not_be_is_refused(api: Api, changes: dict[str, Any], expected: str) -> None:
    assert code(await api.post(ROUTES, ASSISTANT | changes)) == (422, expected)


async def test_another_organization_sees_no_route(api: Api) -> None:
    made = await add(api)
    foreign = await api.add_organization("Elsewhere")
    answers = [
        await api.get(path(made), foreign),
        await api.put(path(made), ASSISTANT | {"version": 1}, foreign),
        await api.delete(path(made), foreign),
    ]
    assert [code(each) for each in answers] == [(404, "not_found")] * 3
    assert (await api.get(ROUTES, foreign)).json()["items"] == []
    stolen = ASSISTANT | {"name": "stolen"}
    assert code(await api.post(ROUTES, stolen, foreign)) == (422, "unknown_model")


async def test_routes_need_permissions(api: Api) -> None:
    made = await add(api)
    reader = await api.add_key(Permission.ROUTES_READ)
    assert (await api.get(path(made), reader)).status_code == 200
    answers = [
        await api.post(ROUTES, ASSISTANT, reader),
        await api.put(path(made), ASSISTANT | {"version": 1}, reader),
        await api.delete(path(made), reader),
    ]
    nobody = await api.add_key(Permission.AI_QUERY)
    answers += [await api.get(ROUTES, nobody), await api.get(path(made), nobody)]
    assert [code(each) for each in answers] == [(403, "forbidden")] * 5

"""Policies and what they need, as an operator says it: by API, by file, compiled."""

from typing import Any

import pytest
import pytest_asyncio

from hone.gateway import Factors, Policy, Route
from hone.registry import DocumentInvalid, automatic, read_document
from tests.identity.api import Api
from tests.identity.test_keys import code
from tests.registry.test_compile import compiled
from tests.registry.test_declare import applied, planned

ROUTES = "/api/routes"
MIX: dict[str, Any] = {
    "name": "mix",
    "policy": "adaptive",
    "targets": [{"model": "large"}, {"model": "small"}],
    "factors": {"cost": 0.3, "performance": 0.4, "quality": 0.3},
    "exploration": 0.1,
    "regions": ["eu"],
}
LARGE: dict[str, Any] = {
    "name": "large",
    "provider": "openai",
    "upstream": "gpt-4o",
    "region": "eu",
    "quality": 0.9,
}
FILE = """
providers:
  - {name: openai, kind: openai, api_key: none}
models:
  - name: house
    provider: openai
    upstream: house
    modalities: [text, image]
    capabilities: [chat]
    region: eu
    quality: 0.7
  - {name: gpt-4o, provider: openai, upstream: gpt-4o}
routes:
  - name: mix
    policy: intelligent
    targets: [{model: house}, {model: gpt-4o}]
    factors: {quality: 2, cost: 1, performance: 0}
    regions: [eu]
"""


@pytest_asyncio.fixture
async def api(api: Api) -> Api:
    """Add a provider and two models."""
    await api.post("/api/providers", {"name": "openai", "kind": "openai"})
    for model in (LARGE, {"name": "small", "provider": "openai", "upstream": "gpt-4o-mini"}):
        assert (await api.post("/api/models", model)).status_code == 201
    return api


async def add(api: Api, **changes: Any) -> dict[str, Any]:
    made = await api.post(ROUTES, MIX | changes)
    assert made.status_code == 201, made.text
    return made.json()


@pytest.mark.parametrize("policy", list(Policy))
async def test_every_policy_can_be_chosen_and_reaches_the_gateway(api: Api, policy: Policy) -> None:
    body = {"name": "mix", "policy": policy.value, "targets": [{"model": "large"}]}
    made = await api.post(ROUTES, body)
    assert made.status_code == 201, made.text
    assert made.json()["policy"] == policy.value
    assert (made.json()["factors"], made.json()["regions"]) == (None, [])
    assert (await compiled(api))["mix"].policy is policy


async def test_what_a_policy_needs_is_kept_shown_and_compiled(api: Api) -> None:
    made = await add(api)
    assert {name: made[name] for name in ("factors", "exploration", "regions")} == {
        name: MIX[name] for name in ("factors", "exploration", "regions")
    }
    route = (await compiled(api))["mix"]
    assert route.factors == Factors(cost=0.3, performance=0.4, quality=0.3)
    assert (route.exploration, route.regions) == (0.1, {"eu"})


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": "weighted"},
        {"policy": "weighted", "factors": None, "exploration": None},
        {"policy": "round_robin", "factors": None, "regions": []},
        {"policy": "intelligent"},
        {"factors": {"cost": 0, "performance": 0, "quality": 0}},
        {"factors": {"cost": -1}},
        {"factors": {"speed": 1}},
        {"exploration": 0},
        {"exploration": 1.5},
        {"regions": ["eu", "eu"]},
        {"regions": [""]},
    ],
)
async def test_what_a_policy_would_not_read_is_refused(api: Api, changes: dict[str, Any]) -> None:
    assert code(await api.post(ROUTES, MIX | changes)) == (422, "invalid")


async def test_adaptive_learns_of_no_more_targets_than_it_can_reckon_with(api: Api) -> None:
    for number in range(21):
        model = {"name": f"m{number}", "provider": "openai", "upstream": "gpt-4o"}
        assert (await api.post("/api/models", model)).status_code == 201
    targets = [{"model": f"m{number}"} for number in range(21)]
    assert code(await api.post(ROUTES, MIX | {"targets": targets})) == (422, "invalid")
    await add(api, targets=targets[:20])


async def test_versions_tell_of_a_policy_and_bring_it_back(api: Api) -> None:
    made = await add(api)
    plain = {"name": "mix", "targets": MIX["targets"], "version": 1}
    where = f"{ROUTES}/{made['id']}"
    assert (await api.put(where, plain)).json()["policy"] == "weighted"
    newest = (await api.get(f"{where}/versions")).json()["items"][0]
    changed = {each["field"]: each["after"] for each in newest["changes"]}
    assert changed == {"policy": "weighted", "factors": None, "exploration": None, "regions": None}
    restored = (await api.post(f"{where}/versions/1/restore", {"version": 2})).json()
    assert (restored["policy"], restored["factors"]) == ("adaptive", MIX["factors"])
    assert (restored["exploration"], restored["regions"]) == (0.1, ["eu"])
    undone = (await api.post(f"{where}/undo", {"version": 3})).json()
    assert (undone["policy"], undone["factors"], undone["regions"]) == ("weighted", None, [])


async def previewed(api: Api, **changes: Any) -> dict[str, Any]:
    answer = await api.post(f"{ROUTES}/preview", MIX | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_preview_tells_what_a_policy_will_make_of_a_route(api: Api) -> None:
    found = await previewed(api, targets=[{"model": "large", "weight": 3}, {"model": "small"}])
    assert [each["percent"] for each in found["shares"]] == [None, None]
    warnings = {each["code"]: each["message"] for each in found["warnings"]}
    assert warnings["weights_unread"] == "The policy adaptive does not read the weights."
    assert warnings["no_quality"].startswith("Nobody said how good small is")
    assert warnings["wrong_region"] == ("small will never be asked: nobody says where it computes.")
    plain: dict[str, Any] = {"factors": None, "exploration": None, "regions": []}
    turns = await previewed(api, policy="round_robin", **plain)
    assert [each["percent"] for each in turns["shares"]] == [50, 50]
    assert not {"no_quality", "weights_unread"} & {each["code"] for each in turns["warnings"]}


async def test_a_model_tells_what_it_takes_can_do_and_is_worth(api: Api) -> None:
    made = (
        await api.post(
            "/api/models",
            LARGE
            | {
                "name": "other",
                "modalities": ["text", "image", "text"],
                "capabilities": ["chat", "tools"],
            },
        )
    ).json()
    assert (made["modalities"], made["capabilities"]) == (["text", "image"], ["chat", "tools"])
    assert (made["region"], made["quality"]) == ("eu", 0.9)
    plain = {"name": "other", "provider": "openai", "upstream": "gpt-4o", "version": 1}
    changed = (await api.put(f"/api/models/{made['id']}", plain)).json()
    assert (changed["modalities"], changed["region"], changed["quality"]) == (None, None, None)
    versions = (await api.get(f"/api/models/{made['id']}/versions")).json()["items"]
    assert {each["field"] for each in versions[0]["changes"]} == {
        "modalities",
        "capabilities",
        "region",
        "quality",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"quality": 1.1},
        {"quality": "NaN"},
        {"modalities": ["smell"]},
        {"capabilities": ["magic"]},
        {"region": ""},
        {"region": "a\x00"},
    ],
)
async def test_a_model_cannot_be_anything(api: Api, changes: dict[str, Any]) -> None:
    answer = await api.post("/api/models", LARGE | {"name": "other"} | changes)
    assert code(answer) == (422, "invalid")


def lacks(routes: dict[str, Route], name: str) -> frozenset[str]:
    return routes[name].targets[0].target.profile.lacks


async def test_a_file_says_it_all_and_the_catalogue_the_rest(api: Api) -> None:
    await applied(api, FILE)
    assert not (await planned(api, FILE)).changed
    routes = await compiled(api)
    mix = routes["mix"]
    assert mix.policy is Policy.INTELLIGENT
    assert mix.factors == Factors(cost=1, performance=0, quality=2)
    house = routes["house"].targets[0].target.profile
    assert (house.region, house.quality) == ("eu", 0.7)
    assert lacks(routes, "house") == {
        "audio", "file", "completions", "embeddings", "tools", "json_schema", "reasoning",
        "prefill",
    }  # fmt: skip
    assert lacks(routes, "gpt-4o") == {"completions", "embeddings", "reasoning"}
    assert routes["gpt-4o"].targets[0].target.profile.context_tokens == 128000


async def test_only_a_model_that_is_said_to_take_a_prefill_is_given_one(api: Api) -> None:
    for name, capabilities in (("able", ["chat", "prefill"]), ("unable", ["chat"]), ("open", None)):
        body = LARGE | {"name": name, "capabilities": capabilities}
        assert (await api.post("/api/models", body)).status_code == 201
    routes = await compiled(api)
    able = {
        name: routes[name].targets[0].target.profile.prefill for name in ("able", "unable", "open")
    }
    assert able == {"able": True, "unable": False, "open": False}


async def test_a_file_is_told_what_its_policy_does_not_read(api: Api) -> None:
    with pytest.raises(DocumentInvalid, match="factors are read by"):
        read_document(FILE.replace("intelligent", "weighted"), {})


async def test_the_choice_that_is_left_to_hone_is_among_all_models(api: Api) -> None:
    routes = await compiled(api)
    found = automatic(routes)
    assert found is not None
    assert found.policy is Policy.INTELLIGENT
    assert sorted(each.target.model for each in found.targets) == ["large", "small"]
    assert automatic({}) is None

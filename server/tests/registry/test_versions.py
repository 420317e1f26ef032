"""What a route was: versions, undo, restore, and two people who edit at once."""

from typing import Any

import pytest_asyncio

from hone.core.db import Database
from hone.identity import Permission
from tests.identity.api import Api, told
from tests.identity.test_keys import code
from tests.registry.test_routes import ASSISTANT, add, path


@pytest_asyncio.fixture
async def api(api: Api) -> Api:
    """Add a provider and three models."""
    await api.post("/api/providers", {"name": "openai", "kind": "openai"})
    for name in ("large", "small", "spare"):
        model = {"name": name, "provider": "openai", "upstream": "gpt-4o"}
        assert (await api.post("/api/models", model)).status_code == 201
    return api


async def change(api: Api, route: dict[str, Any], version: int, **changes: Any) -> dict[str, Any]:
    answer = await api.put(path(route), ASSISTANT | changes | {"version": version})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def versions(api: Api, of: str, query: str = "") -> list[dict[str, Any]]:
    return (await api.get(f"{of}/versions{query}")).json()["items"]


async def test_every_version_says_who_made_it_and_what_it_changed(api: Api) -> None:
    made = await add(api)
    await change(api, made, 1, fallbacks=["small"])
    newest, first = await versions(api, path(made))
    assert (newest["version"], newest["reason"], newest["present"]) == (2, "updated", True)
    assert newest["by"]["name"] == "test"
    assert newest["changes"] == [{"field": "fallbacks", "before": ["spare"], "after": ["small"]}]
    assert (first["version"], first["reason"], first["present"]) == (1, "created", False)
    assert first["state"]["deadlines"] == {"connect": 2, "firstToken": 20}
    page = (await api.get(f"{path(made)}/versions?limit=1")).json()
    assert (page["total"], page["items"][0]["changes"]) == (2, newest["changes"])
    rest = (await api.get(f"{path(made)}/versions?limit=1&cursor={page['next']}")).json()
    assert [each["version"] for each in rest["items"]] == [1]


async def test_a_change_is_undone_and_the_undoing_too(api: Api, owner: Database) -> None:
    made = await add(api)
    await change(api, made, 1, fallbacks=["small"])
    undone = (await api.post(f"{path(made)}/undo", {"version": 2})).json()
    assert (undone["version"], undone["fallbacks"]) == (3, ["spare"])
    assert (await told(owner))[-1][0] == "route.updated"
    newest = (await versions(api, path(made)))[0]
    assert (newest["reason"], newest["restored"]) == ("undone", 1)
    again = (await api.post(f"{path(made)}/undo", {"version": 3})).json()
    assert (again["version"], again["fallbacks"]) == (4, ["small"])


async def test_the_first_version_has_nothing_before_it(api: Api) -> None:
    made = await add(api)
    assert code(await api.post(f"{path(made)}/undo", {"version": 1})) == (409, "nothing_to_undo")


async def test_a_deleted_route_keeps_its_versions_and_comes_back_under_its_id(api: Api) -> None:
    made = await add(api)
    assert (await api.delete(path(made))).status_code == 204
    newest = (await versions(api, path(made)))[0]
    assert (newest["version"], newest["reason"]) == (2, "deleted")
    assert code(await api.post(f"{path(made)}/undo", {"version": 1})) == (409, "version_conflict")
    back = (await api.post(f"{path(made)}/undo", {"version": 2})).json()
    assert (back["id"], back["version"]) == (made["id"], 3)
    assert back["targets"] == made["targets"]
    assert (await api.get(path(made))).json() == back


async def test_a_deleted_route_does_not_take_back_a_name_that_is_used(api: Api) -> None:
    made = await add(api)
    await api.delete(path(made))
    await add(api)
    assert code(await api.post(f"{path(made)}/undo", {"version": 2})) == (409, "name_taken")


async def test_a_version_is_restored_under_the_present_names_of_its_models(api: Api) -> None:
    made = await add(api)
    await change(api, made, 1, targets=[{"model": "small"}])
    models = (await api.get("/api/models")).json()["items"]
    large = next(each for each in models if each["name"] == "large")
    renamed = {"name": "huge", "provider": "openai", "upstream": "gpt-4o", "version": 1}
    assert (await api.put(f"/api/models/{large['id']}", renamed)).status_code == 200
    assert (await versions(api, path(made)))[1]["state"]["targets"][0]["model"] == "huge"
    restore = f"{path(made)}/versions/1/restore"
    assert code(await api.post(restore, {"version": 1})) == (409, "version_conflict")
    back = (await api.post(restore, {"version": 2})).json()
    assert back["version"] == 3
    assert [each["model"] for each in back["targets"]] == ["huge", "small"]
    assert code(await api.post(f"{path(made)}/versions/9/restore", {"version": 3})) == (
        404,
        "not_found",
    )


async def test_a_version_whose_model_is_gone_says_so(api: Api) -> None:
    made = await add(api)
    await change(api, made, 1, fallbacks=[])
    models = (await api.get("/api/models")).json()["items"]
    spare = next(each for each in models if each["name"] == "spare")
    assert (await api.delete(f"/api/models/{spare['id']}")).status_code == 204
    refused = await api.post(f"{path(made)}/undo", {"version": 2})
    assert code(refused) == (409, "model_gone")
    assert refused.json()["error"]["details"] == {"models": ["spare"]}
    assert (await versions(api, path(made)))[1]["state"]["fallbacks"] == ["spare"]


async def test_the_second_of_two_editors_sees_what_the_first_did_and_merges(api: Api) -> None:
    made = await add(api)
    first = await change(api, made, 1, fallbacks=["small"])
    mine = ASSISTANT | {"deadlines": {"connect": 9}, "version": 1}
    refused = await api.put(path(made), mine)
    assert code(refused) == (409, "version_conflict")
    details = refused.json()["error"]["details"]
    assert (details["version"], details["present"]) == (2, first)
    assert details["changedBy"]["name"] == "test"
    assert details["changedAt"]
    merged = mine | {"fallbacks": details["present"]["fallbacks"], "version": 2}
    saved = (await api.put(path(made), merged)).json()
    assert (saved["fallbacks"], saved["deadlines"]["connect"]) == (["small"], 9)


async def test_providers_and_models_have_versions_without_secrets(api: Api) -> None:
    body = {"name": "p", "kind": "openai", "apiKey": "sk-very-secret-000"}
    made = (await api.post("/api/providers", body)).json()
    changed = {"name": "q", "kind": "openai", "apiKey": "sk-very-secret-111", "version": 1}
    await api.put(f"/api/providers/{made['id']}", changed)
    told_text = (await api.get(f"/api/providers/{made['id']}/versions")).text
    assert "very-secret" not in told_text
    newest = (await versions(api, f"/api/providers/{made['id']}"))[0]
    assert newest["changes"] == [{"field": "name", "before": "p", "after": "q"}]
    model = (await api.get("/api/models?q=ARG")).json()["items"][0]
    assert [each["reason"] for each in await versions(api, f"/api/models/{model['id']}")] == [
        "created"
    ]


async def test_lists_are_searched_by_a_part_of_the_name(api: Api) -> None:
    await add(api, name="Assistant")
    await add(api, name="50%")
    for part, expected in (
        ("SIST", ["Assistant"]),
        ("%", ["50%"]),
        ("_", []),
        ("", ["50%", "Assistant"]),
    ):
        found = (
            await api.client.get(
                "/api/routes",
                params={"q": part},
                headers={"authorization": f"Bearer {api.admin_key}"},
            )
        ).json()
        assert [each["name"] for each in found["items"]] == expected
        assert found["total"] == len(expected)


async def test_another_organization_sees_no_version(api: Api) -> None:
    made = await add(api)
    await change(api, made, 1, fallbacks=[])
    foreign = await api.add_organization("Elsewhere")
    answers = [
        await api.get(f"{path(made)}/versions", foreign),
        await api.post(f"{path(made)}/undo", {"version": 2}, foreign),
        await api.post(f"{path(made)}/versions/1/restore", {"version": 2}, foreign),
        await api.post("/api/routes/preview", ASSISTANT | {"id": made["id"]}, foreign),
    ]
    assert [code(each) for each in answers] == [(404, "not_found")] * 4


async def test_going_back_needs_permissions(api: Api) -> None:
    made = await add(api)
    reader = await api.add_key(Permission.ROUTES_READ)
    assert (await api.get(f"{path(made)}/versions", reader)).status_code == 200
    nobody = await api.add_key(Permission.AI_QUERY)
    answers = [
        await api.post(f"{path(made)}/undo", {"version": 1}, reader),
        await api.post(f"{path(made)}/versions/1/restore", {"version": 1}, reader),
        await api.post("/api/routes/preview", ASSISTANT, reader),
        await api.get(f"{path(made)}/versions", nobody),
    ]
    assert [code(each) for each in answers] == [(403, "forbidden")] * 4


async def preview(api: Api, **changes: Any) -> dict[str, Any]:
    answer = await api.post("/api/routes/preview", ASSISTANT | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(findings: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in findings]


async def test_a_preview_tells_what_saving_would_do_and_saves_nothing(api: Api) -> None:
    made = await add(api)
    told_ = await preview(api, id=made["id"], fallbacks=["small"])
    assert told_["action"] == "update"
    assert [each["field"] for each in told_["changes"]] == ["fallbacks"]
    assert [(each["model"], each["percent"]) for each in told_["shares"]] == [
        ("large", 40.0),
        ("small", 60.0),
    ]
    assert (await api.get(path(made))).json() == made
    assert (await preview(api, id=made["id"]))["action"] == "unchanged"


async def test_a_preview_finds_what_would_be_refused_and_what_one_should_know(api: Api) -> None:
    assert codes((await preview(api))["warnings"]) == ["one_provider"]
    lonely = await preview(api, targets=[{"model": "large"}], fallbacks=[])
    assert codes(lonely["warnings"]) == ["no_fallback"]
    own = await preview(api, targets=[{"model": "large"}], fallbacks=["large"])
    assert codes(own["warnings"]) == ["fallback_repeats"]
    tiny = await preview(api, targets=[{"model": "large", "weight": 999}, {"model": "small"}])
    assert "small_share" in codes(tiny["warnings"])
    slow = await preview(api, deadlines={"firstToken": 60, "total": 60})
    assert "deadline_hidden" in codes(slow["warnings"])
    await api.post("/api/models", {"name": "free", "provider": "openai", "upstream": "unheard-of"})
    assert "no_price" in codes((await preview(api, fallbacks=["free"]))["warnings"])
    unknown = await preview(api, name="large", targets=[{"model": "nobody"}])
    assert codes(unknown["problems"]) == ["name_taken", "unknown_model"]

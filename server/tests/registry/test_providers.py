"""Providers over HTTP."""

import httpx
import pytest
from sqlalchemy import text

from hone.core import ids
from hone.core.db import Database
from hone.core.keyring import SECRET
from hone.identity import Permission
from tests.fixtures.app import statements
from tests.identity.api import Api, open_api, told
from tests.identity.test_keys import code

PROVIDERS = "/api/providers"
SECRET_KEY = "sk-very-secret-000"
OPENAI: dict[str, object] = {"name": "openai", "kind": "openai", "apiKey": SECRET_KEY}


async def add(api: Api, **changes: object) -> dict[str, object]:
    made = await api.post(PROVIDERS, OPENAI | changes)
    assert made.status_code == 201, made.text
    return made.json()


def path(provider: dict[str, object]) -> str:
    return f"{PROVIDERS}/{provider['id']}"


async def stored(api: Api, provider: dict[str, object]) -> bytes | None:
    """Read a credential as it lies in the database."""
    provider_id = ids.parse("provider", str(provider["id"]))
    async with api.database.transaction(api.organization_id) as session:
        return await session.scalar(
            text("SELECT credential FROM providers WHERE id = :id"), {"id": provider_id}
        )


async def opened(api: Api, provider: dict[str, object]) -> str | None:
    sealed = await stored(api, provider)
    provider_id = ids.parse("provider", str(provider["id"]))
    assert provider_id is not None
    async with api.database.transaction(api.organization_id) as session:
        key = await api.keyring.find(session, api.organization_id, SECRET)
    assert key is not None
    return None if sealed is None else key.unseal(sealed, provider_id.bytes).decode()


async def test_a_provider_is_added_shown_and_listed_by_name(api: Api) -> None:
    made = await add(api)
    assert made["baseUrl"] == "https://api.openai.com/v1"
    assert (made["hasCredential"], made["networks"], made["version"]) == (True, [], 1)
    assert (await api.get(path(made))).json() == made
    await add(api, name="groq", kind="groq")
    first = (await api.get(f"{PROVIDERS}?limit=1")).json()
    rest = (await api.get(f"{PROVIDERS}?limit=1&cursor={first['next']}")).json()
    assert [each["name"] for each in first["items"] + rest["items"]] == ["groq", "openai"]
    assert (first["total"], rest["next"]) == (2, None)


async def test_a_credential_is_sealed_and_never_comes_back(api: Api, owner: Database) -> None:
    made = await add(api)
    sealed = await stored(api, made)
    assert sealed is not None
    assert SECRET_KEY.encode() not in sealed
    assert await opened(api, made) == SECRET_KEY
    assert SECRET_KEY not in str(made)
    changed = await api.put(path(made), OPENAI | {"apiKey": "sk-other", "version": 1})
    trail = await told(owner)
    assert trail[-2][0] == "provider.created"
    assert trail[-2][2]["after"]["credential"] == "sealed"
    assert trail[-1][2] == {"before": {"credential": "sealed"}, "after": {"credential": "changed"}}
    for told_text in (changed.text, str(trail), (await api.get(PROVIDERS)).text):
        assert SECRET_KEY not in told_text
        assert "sk-other" not in told_text


async def test_a_bad_credential_is_refused_and_not_repeated(api: Api) -> None:
    for bad in ("sk-bad\r\nx-injected: 1", "sk bad", "", "sk-bäd", "sk-bad\x00"):
        answer = await api.post(PROVIDERS, OPENAI | {"apiKey": bad})
        assert code(answer) == (422, "invalid")
        assert "sk-b" not in answer.text


async def test_a_change_keeps_replaces_or_removes_the_credential(api: Api) -> None:
    made = await add(api)
    rest = {name: value for name, value in OPENAI.items() if name != "apiKey"}
    kept = (await api.put(path(made), rest | {"name": "main", "version": 1})).json()
    assert (kept["name"], kept["version"]) == ("main", 2)
    assert await opened(api, made) == SECRET_KEY
    changed = rest | {"name": "main", "apiKey": "sk-2", "version": 2}
    assert (await api.put(path(made), changed)).json()["version"] == 3
    assert await opened(api, made) == "sk-2"
    gone = (await api.put(path(made), changed | {"apiKey": None, "version": 3})).json()
    assert gone["hasCredential"] is False
    assert await stored(api, made) is None


async def test_a_credential_does_not_follow_to_another_address(api: Api) -> None:
    made = await add(api, name="p", kind="compatible", baseUrl="https://8.8.8.8/v1")
    moved = {"name": "p", "kind": "compatible", "baseUrl": "https://8.8.4.4/v1", "version": 1}
    assert code(await api.put(path(made), moved)) == (422, "credential_needed")
    assert code(await api.put(path(made), moved | {"baseUrl": "http://8.8.8.8/v1"})) == (
        422,
        "credential_needed",
    )
    inside = moved | {"baseUrl": "https://8.8.8.8/v2"}
    assert (await api.put(path(made), inside)).json()["version"] == 2
    again = moved | {"apiKey": "sk-new", "version": 2}
    assert (await api.put(path(made), again)).json()["baseUrl"] == "https://8.8.4.4/v1"


async def test_what_changes_nothing_leaves_no_trace(api: Api, owner: Database) -> None:
    made = await add(api)
    before = await told(owner)
    same = await api.put(path(made), OPENAI | {"version": 1})
    assert same.json() == made
    assert await told(owner) == before


async def test_a_stale_version_is_refused_and_the_present_one_told(api: Api) -> None:
    made = await add(api)
    await api.put(path(made), OPENAI | {"name": "second", "version": 1})
    stale = await api.put(path(made), OPENAI | {"name": "third", "version": 1})
    assert code(stale) == (409, "version_conflict")
    assert stale.json()["error"]["details"]["version"] == 2


async def test_a_name_is_taken_once_in_an_organization(api: Api) -> None:
    made = await add(api)
    assert code(await api.post(PROVIDERS, OPENAI)) == (409, "name_taken")
    other = await add(api, name="other")
    assert code(await api.put(path(other), OPENAI | {"version": 1})) == (409, "name_taken")
    foreign = await api.add_organization("Elsewhere")
    assert (await api.post(PROVIDERS, OPENAI, foreign)).status_code == 201
    assert made["name"] == "openai"


async def test_another_organization_sees_no_provider(api: Api) -> None:
    made = await add(api)
    foreign = await api.add_organization("Elsewhere")
    body = OPENAI | {"version": 1}
    answers = [
        await api.get(path(made), foreign),
        await api.put(path(made), body, foreign),
        await api.delete(path(made), foreign),
    ]
    assert [code(each) for each in answers] == [(404, "not_found")] * 3
    assert (await api.get(PROVIDERS, foreign)).json()["items"] == []


async def test_providers_need_permissions(api: Api) -> None:
    made = await add(api)
    reader = await api.add_key(Permission.PROVIDERS_READ)
    assert (await api.get(path(made), reader)).status_code == 200
    answers = [
        await api.post(PROVIDERS, OPENAI, reader),
        await api.put(path(made), OPENAI | {"version": 1}, reader),
        await api.delete(path(made), reader),
    ]
    nobody = await api.add_key(Permission.AI_QUERY)
    answers += [await api.get(PROVIDERS, nobody), await api.get(path(made), nobody)]
    assert [code(each) for each in answers] == [(403, "forbidden")] * 5


async def test_a_provider_in_use_stays_and_its_users_are_named(api: Api, owner: Database) -> None:
    made = await add(api)
    for name in ("b", "a"):
        model = {"name": name, "provider": "openai", "upstream": "gpt-4o"}
        assert (await api.post("/api/models", model)).status_code == 201
    refused = await api.delete(path(made))
    assert code(refused) == (409, "in_use")
    assert refused.json()["error"]["details"] == {"models": ["a", "b"]}
    for each in (await api.get("/api/models")).json()["items"]:
        assert (await api.delete(f"/api/models/{each['id']}")).status_code == 204
    assert (await api.delete(path(made))).status_code == 204
    assert code(await api.get(path(made))) == (404, "not_found")
    assert (await told(owner))[-1][0] == "provider.deleted"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "nobody"}, "unknown_kind"),
        ({"kind": "compatible"}, "base_url_missing"),
        ({"baseUrl": "ftp://h"}, "base_url_invalid"),
        ({"baseUrl": "http://u:p@h/v1"}, "base_url_invalid"),
        ({"baseUrl": "http://127.0.0.1:1/v1"}, "address_refused"),
        ({"baseUrl": "http://2130706433/v1"}, "address_refused"),
        ({"baseUrl": "http://[::ffff:10.0.0.1]/v1"}, "address_refused"),
        ({"baseUrl": "http://169.254.169.254/latest"}, "address_refused"),
        ({"baseUrl": "http://localhost:5432"}, "address_refused"),
        ({"baseUrl": "http://localhost.:5432"}, "address_refused"),
        ({"baseUrl": "http://nothing.invalid/v1"}, "host_unknown"),
        ({"kind": "ollama"}, "address_refused"),
        ({"networks": ["10.0.0.0/8"]}, "network_refused"),
        ({"name": " padded"}, "invalid"),
        ({"name": "a\nb"}, "invalid"),
        ({"name": ""}, "invalid"),
        ({"colour": "red"}, "invalid"),
    ],
)
async def test_what_may_not_be_is_refused(
    api: Api, changes: dict[str, object], expected: str
) -> None:
    assert code(await api.post(PROVIDERS, OPENAI | changes)) == (422, expected)


async def test_private_addresses_need_the_setting(database: Database) -> None:
    async with open_api(database, private_upstreams=True) as api:
        made = await add(api, name="local", kind="ollama")
        assert made["networks"] == ["127.0.0.1/32"]
        wide = await add(api, name="wide", kind="vllm", networks=["127.0.0.0/8"])
        assert wide["networks"] == ["127.0.0.0/8"]
        body = OPENAI | {"baseUrl": "http://169.254.169.254/"}
        assert code(await api.post(PROVIDERS, body)) == (422, "address_refused")
        listed = body | {"networks": ["169.254.169.254/32"]}
        assert code(await api.post(PROVIDERS, listed)) == (422, "network_refused")
        api.app.state.settings = api.app.state.settings.model_copy(
            update={
                "security": api.app.state.settings.security.model_copy(
                    update={"private_upstreams": False}
                )
            }
        )
        renamed = {"name": "near", "kind": "ollama", "apiKey": "sk", "version": 1}
        assert (await api.put(path(made), renamed)).json()["networks"] == ["127.0.0.1/32"]
        moved = renamed | {"baseUrl": "http://127.0.0.2:1/v1", "version": 2}
        assert code(await api.put(path(made), moved)) == (422, "address_refused")


async def test_a_list_asks_the_same_few_questions_however_long_it_is(api: Api) -> None:
    async def asked(where: str) -> int:
        headers = {"authorization": f"Bearer {api.admin_key}"}
        with statements(api.database) as sent:
            answer = await api.client.get(where, headers=headers)
        assert answer.status_code == 200
        return len(sent)

    async def all_lists() -> list[int]:
        return [await asked(each) for each in (PROVIDERS, "/api/models", "/api/routes")]

    await api.refresh()
    few = await all_lists()
    await add(api)
    for number in range(4):
        model = {"name": f"m{number}", "provider": "openai", "upstream": "gpt-4o"}
        await api.post("/api/models", model)
        await api.post("/api/routes", {"name": f"r{number}", "targets": [{"model": "m0"}]})
    assert await all_lists() == few
    assert max(few) <= 6


async def test_a_list_refuses_the_cursor_of_another(api: Api) -> None:
    for cursor in ("WyJhIiwiYiJd", "WyJcdTAwMDAiXQ", "x"):
        answer: httpx.Response = await api.get(f"{PROVIDERS}?cursor={cursor}")
        assert code(answer) == (400, "unknown_cursor")

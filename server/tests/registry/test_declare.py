"""Declared files: read strictly, compared, applied once."""

from collections.abc import Mapping

import pytest
import sqlalchemy

from hone import registry
from hone.core.db import Database
from hone.core.errors import Forbidden
from hone.core.keyring import Keyring, MasterKey, MasterKeyMissing
from hone.identity import Actor, Permission
from hone.registry import DocumentInvalid, Plan
from tests.identity.api import Api, told

ENVIRONMENT = {"OPENAI_API_KEY": "sk-from-the-environment"}
FILE = """
providers:
  - {name: openai, kind: openai, api_key: env:OPENAI_API_KEY}
  - {name: local, kind: compatible, base_url: "http://127.0.0.1:9001/v1", api_key: none}
models:
  - {name: gpt-4o, provider: openai, upstream: gpt-4o}
  - {name: house, provider: local, upstream: house, price: {input: 0.15, output: 0.6}}
routes:
  - name: assistant
    policy: weighted
    targets: [{model: gpt-4o, weight: 0.4}, {model: house, weight: 0.6}]
    fallbacks: [house]
    deadlines: {first_token: 20}
"""


async def planned(api: Api, text: str, environment: Mapping[str, str] = ENVIRONMENT) -> Plan:
    """Plan without applying."""
    document = registry.read_document(text, environment)
    async with api.database.transaction(api.organization_id) as session:
        return await registry.plan(session, api.system, document, api.keyring, trusted=True)


async def applied(
    api: Api,
    text: str,
    environment: Mapping[str, str] = ENVIRONMENT,
    keyring: Keyring | None = None,
) -> Plan:
    document = registry.read_document(text, environment)
    ring = keyring or api.keyring
    async with api.database.transaction(api.organization_id) as session:
        plan = await registry.plan(session, api.system, document, ring, trusted=True)
        await registry.apply(session, api.system, plan, ring)
        return plan


async def test_vendors_with_formats_of_their_own_are_declared_like_any_other(api: Api) -> None:
    text = """
providers:
  - {name: claude, kind: anthropic, api_key: none}
  - {name: gemini, kind: google, api_key: none}
  - {name: llama, kind: ollama, api_key: none}
models:
  - {name: flash, provider: gemini, upstream: gemini-2.5-flash}
routes: []
"""
    await applied(api, text)
    listed = (await api.get("/api/providers")).json()["items"]
    assert {each["kind"]: each["baseUrl"] for each in listed} == {
        "anthropic": "https://api.anthropic.com/v1",
        "google": "https://generativelanguage.googleapis.com/v1beta",
        "ollama": "http://127.0.0.1:11434",
    }
    (flash,) = (await api.get("/api/models")).json()["items"]
    assert (flash["price"]["input"], flash["price"]["output"]) == ("0.3", "2.5")


async def test_a_file_is_applied_whole(api: Api) -> None:
    plan = await applied(api, FILE)
    assert [(each.kind, each.name, each.action) for each in plan.steps] == [
        ("provider", "openai", "create"),
        ("provider", "local", "create"),
        ("model", "gpt-4o", "create"),
        ("model", "house", "create"),
        ("route", "assistant", "create"),
    ]
    providers = (await api.get("/api/providers")).json()["items"]
    assert [(each["name"], each["hasCredential"], each["networks"]) for each in providers] == [
        ("local", False, ["127.0.0.1/32"]),
        ("openai", True, []),
    ]
    route = (await api.get("/api/routes")).json()["items"][0]
    assert route["targets"] == [
        {"model": "gpt-4o", "weight": 0.4},
        {"model": "house", "weight": 0.6},
    ]
    models = (await api.get("/api/models")).json()["items"]
    assert [each["price"]["input"] for each in models] == ["2.5", "0.15"]


async def test_a_second_time_changes_nothing_and_publishes_nothing(
    api: Api, owner: Database
) -> None:
    await applied(api, FILE)
    before = await told(owner)
    plan = await applied(api, FILE)
    assert not plan.changed
    assert "Nothing to change." in plan.text()
    assert await told(owner) == before
    versions = [each["version"] for each in (await api.get("/api/models")).json()["items"]]
    assert versions == [1, 1]


async def test_a_plan_alone_changes_nothing(api: Api, owner: Database) -> None:
    before = await told(owner)
    plan = await planned(api, FILE)
    assert plan.changed
    assert (await api.get("/api/providers")).json()["items"] == []
    assert await told(owner) == before


async def test_the_difference_is_told_field_by_field_and_secrets_only_as_changed(
    api: Api, owner: Database
) -> None:
    first = await applied(api, FILE)
    changed = FILE.replace("input: 0.15", "input: 0.2").replace("weight: 0.4", "weight: 1")
    plan = await applied(api, changed, {"OPENAI_API_KEY": "sk-next"})
    document = plan.document()
    assert document["changed"] is True
    fields = {
        (step.kind, step.name, each.field): (each.before, each.after)
        for step in plan.steps
        for each in step.draft.changes
    }
    assert fields[("provider", "openai", "credential")] == ("sealed", "changed")
    assert fields[("model", "house", "price")] == (
        {"input": "0.15", "output": "0.6"},
        {"input": "0.2", "output": "0.6"},
    )
    assert set(fields) == {
        ("provider", "openai", "credential"),
        ("model", "house", "price"),
        ("route", "assistant", "targets"),
    }
    text = plan.text()
    assert "~ provider openai\n    credential: sealed → changed" in text
    assert "= provider local" in text
    everything = first.text() + text + str(document) + repr(plan) + str(await told(owner))
    assert "sk-" not in everything


async def test_what_the_file_does_not_mention_is_left_alone_and_said(api: Api) -> None:
    await applied(api, FILE)
    plan = await applied(api, "providers: [{name: groq, kind: groq}]")
    assert plan.left_alone == (
        "provider local",
        "provider openai",
        "model gpt-4o",
        "model house",
        "route assistant",
    )
    assert "Left alone, not in the file: provider local" in plan.text()
    assert (await api.get("/api/models")).json()["total"] == 2


async def test_a_provider_without_a_key_in_the_file_keeps_the_one_it_has(api: Api) -> None:
    await applied(api, FILE)
    plan = await applied(api, "providers: [{name: openai, kind: openai}]")
    assert not plan.changed
    removed = await applied(api, "providers: [{name: openai, kind: openai, api_key: none}]")
    assert [each.field for each in removed.steps[0].draft.changes] == ["credential"]
    assert (await api.get("/api/providers")).json()["items"][1]["hasCredential"] is False


async def test_a_credential_that_can_no_longer_be_read_is_replaced(api: Api) -> None:
    await applied(api, FILE)
    async with api.database.transaction(api.organization_id) as session:
        await session.execute(
            sqlalchemy.text("UPDATE providers SET credential = 'x' WHERE kind = 'openai'")
        )
    plan = await applied(api, FILE)
    assert [each.name for each in plan.steps if each.action == "update"] == ["openai"]
    assert not (await applied(api, FILE)).changed


async def test_without_the_master_key_nothing_is_sealed(api: Api) -> None:
    await applied(api, FILE)
    with pytest.raises(MasterKeyMissing):
        await applied(api, FILE, keyring=Keyring(MasterKey.generate()))
    assert not (await applied(api, FILE)).changed


async def test_doubts_are_told_with_the_plan(api: Api) -> None:
    plan = await planned(
        api,
        """
providers:
  - {name: openai, kind: openai}
  - {name: deepseek, kind: deepseek}
  - {name: bare, kind: compatible, base_url: "http://8.8.8.8/v1", api_key: sk-inline}
models:
  - {name: old, provider: openai, upstream: gpt-4}
  - {name: ending, provider: openai, upstream: gpt-5.1}
  - {name: chat, provider: deepseek, upstream: deepseek-chat}
  - {name: free, provider: bare, upstream: x}
""",
    )
    warnings = "\n".join(plan.warnings)
    assert "provider bare: its credential crosses the internet unencrypted" in warnings
    assert "model old: gpt-4 retired on 2026-10-23" in warnings
    assert (
        "model ending: gpt-5.1 retires on 2027-04-01" in warnings or "gpt-5.1 retired" in warnings
    )
    assert "model chat: its price is disputed; 0.28/0.42 is used, another source says 0.27/1.1" in (
        warnings
    )
    assert "model free has no price" in warnings
    assert "! model free" in plan.text()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("routes: [{name: r, targets: [{model: nobody}]}]", "there is no model 'nobody'"),
        ("models: [{name: m, provider: nobody, upstream: x}]", "there is no provider 'nobody'"),
        ("providers: [{name: p, kind: nothing}]", "no kind of provider 'nothing'"),
        ("providers: [{name: p, kind: compatible}]", "no address of its own"),
        (
            "providers: [{name: p, kind: compatible, base_url: 'http://169.254.169.254/'}]",
            "not on the public internet",
        ),
        (
            "providers: [{name: p, kind: openai}]\n"
            "models: [{name: m, provider: p, upstream: x, catalogue: gpt-0}]",
            "no model 'gpt-0'",
        ),
    ],
)
async def test_a_file_that_points_nowhere_is_refused(api: Api, text: str, problem: str) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        await planned(api, text)
    assert problem in refused.value.message


async def test_models_and_routes_of_the_file_do_not_take_each_others_names(api: Api) -> None:
    await applied(api, FILE)
    text = """
models: [{name: assistant, provider: openai, upstream: gpt-4o}]
routes: [{name: house, targets: [{model: gpt-4o}]}]
"""
    with pytest.raises(DocumentInvalid) as refused:
        await planned(api, text)
    problems = (refused.value.details or {})["problems"]
    assert problems == [
        "model 'assistant': there is a route of that name",
        "route 'house': there is a model of that name",
    ]


async def test_an_address_that_is_always_refused_can_be_named(api: Api) -> None:
    text = """
providers:
  - name: odd
    kind: compatible
    base_url: http://169.254.10.1/v1
    networks: [169.254.10.0/24]
"""
    await applied(api, text)
    found = (await api.get("/api/providers")).json()["items"][0]
    assert found["networks"] == ["169.254.10.0/24"]


async def test_without_trust_a_file_reaches_no_further_than_the_api(api: Api) -> None:
    document = registry.read_document(FILE, ENVIRONMENT)
    async with api.database.transaction(api.organization_id) as session:
        with pytest.raises(DocumentInvalid, match="not on the public internet"):
            await registry.plan(session, api.system, document, api.keyring)


async def test_applying_needs_the_permissions_of_what_is_declared(api: Api) -> None:
    actor = Actor("key_x", api.organization_id, frozenset({Permission.ROUTES_WRITE}))
    document = registry.read_document(FILE, ENVIRONMENT)
    async with api.database.transaction(api.organization_id) as session:
        with pytest.raises(Forbidden):
            await registry.plan(session, actor, document, api.keyring)
        empty = registry.read_document("", {})
        assert not (await registry.plan(session, actor, empty, api.keyring)).changed


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("providers: [{name: p, kind: openai, colour: red}]", "providers.0.colour"),
        ("provider: []", "provider: "),
        ("- a", "mapping"),
        ("routes: [{name: r, targets: [{model: m}], cache: {ttl: 1}}]", "routes.0.cache"),
        ("models: [{name: m, provider: p, upstream: u, price: {input: 1}}]", "price.output"),
        (
            "models: [{name: m, provider: p, upstream: u, price: {input: 1e-7, output: 1}}]",
            "at most 6 decimals",
        ),
        ("providers: [{name: p, kind: openai, api_key: env:NOWHERE}]", "no NOWHERE"),
        ("providers: [{name: p, kind: openai, api_key: 'a b'}]", "printable ASCII"),
        ("providers: [{name: p, kind: openai}, {name: p, kind: groq}]", "declared twice"),
        (
            "models: [{name: m, provider: p, upstream: u}]\n"
            "routes: [{name: m, targets: [{model: m}]}]",
            "'m' is declared twice",
        ),
        ("providers: []\nproviders: []", "stands twice"),
        ("a: &a [1]\nb: *a", "aliases"),
        ("a: " + "[" * 5000, "nested too deeply"),
        ("providers: 3", "providers: "),
        ("providers: [3]", "providers.0: "),
        ("routes: [{name: 2024, targets: [{model: m}]}]", "routes.0.name"),
        ("a: [", "not YAML"),
        ("a: \x00", "not YAML"),
        ("a: !!python/object/apply:os.system [id]", "not YAML"),
        ("a: 2026-99-99", "not YAML"),
        ("#" * (1 << 20) + "#", "at most 1 MiB"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(text: str, problem: str) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        registry.read_document(text, ENVIRONMENT)
    assert problem in refused.value.message
    assert "a b" not in refused.value.message


def test_every_missing_variable_is_named_at_once() -> None:
    text = "providers: [{name: a, kind: groq, api_key: env:A}, {name: b, kind: xai, apiKey: env:B}]"
    with pytest.raises(DocumentInvalid) as refused:
        registry.read_document(text, {})
    assert "has no A" in refused.value.message
    assert "has no B" in refused.value.message

"""What the gateway is told of models and routes."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hone import registry
from hone.core import clock
from hone.core.keyring import Keyring, MasterKey
from hone.gateway import Policy, Route
from tests.fixtures.app import statements
from tests.identity.api import Api
from tests.registry.test_declare import FILE, applied


async def compiled(api: Api, keyring: Keyring | None = None, ahead: float = 0) -> dict[str, Route]:
    now = clock.now() + timedelta(seconds=ahead)
    async with api.database.transaction(api.organization_id) as session:
        return await registry.compiled(session, api.organization_id, keyring or api.keyring, now)


async def run(api: Api, statement: str, **values: Any) -> None:
    async with api.database.transaction(api.organization_id) as session:
        await session.execute(text(statement), values)


async def test_models_and_routes_are_compiled_with_credentials_and_prices(api: Api) -> None:
    await applied(api, FILE)
    routes = await compiled(api)
    assert sorted(routes) == ["assistant", "gpt-4o", "house"]
    target = routes["gpt-4o"].targets[0].target
    assert (target.kind, target.base_url) == ("openai", "https://api.openai.com/v1")
    assert target.credential == "sk-from-the-environment"
    assert target.price is not None
    assert (target.price.input, target.price.output) == (2_500_000, 10_000_000)
    assert target.price.cached_input == 1_250_000
    assert isinstance(target.price.id, UUID)
    assert "sk-from" not in repr(routes)
    assert routes["gpt-4o"].id is None
    local = routes["house"].targets[0].target
    assert (local.credential, local.addresses) == ("", ("127.0.0.1/32",))
    assistant = routes["assistant"]
    assert assistant.policy is Policy.WEIGHTED
    assert [(each.target.model, each.weight) for each in assistant.targets] == [
        ("gpt-4o", 0.4),
        ("house", 0.6),
    ]
    assert [each.model for each in assistant.fallbacks] == ["house"]
    assert (assistant.deadlines.first_token, assistant.deadlines.connect) == (20, 5)


async def test_an_announced_price_is_compiled_when_its_time_has_come(api: Api) -> None:
    await applied(api, FILE)
    start = (clock.now() + timedelta(hours=1)).isoformat()
    price = f"price: {{input: 9, output: 9, effective_from: {start!r}}}"
    await applied(api, f"models: [{{name: house, provider: local, upstream: house, {price}}}]")
    before = (await compiled(api))["house"].targets[0].target.price
    after = (await compiled(api, ahead=3601))["house"].targets[0].target.price
    assert before is not None
    assert after is not None
    assert (before.input, after.input) == (150_000, 9_000_000)
    assert before.id != after.id


async def test_what_cannot_be_opened_is_left_out_and_the_rest_goes_on(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    await applied(api, FILE)
    with caplog.at_level(logging.WARNING):
        routes = await compiled(api, Keyring(MasterKey.generate()))
    assert sorted(routes) == ["assistant", "house"]
    assert [each.target.model for each in routes["assistant"].targets] == ["house"]
    assert "model gpt-4o is left out: the credential of provider openai" in caplog.text
    assert "route assistant goes on without 1 of its models" in caplog.text
    assert "sk-" not in caplog.text


async def test_a_destroyed_key_leaves_out_what_it_sealed(api: Api) -> None:
    await applied(api, FILE)
    await run(api, "DELETE FROM data_keys WHERE purpose = 'secret'")
    assert sorted(await compiled(api)) == ["assistant", "house"]


async def test_a_credential_moved_to_another_provider_does_not_open(api: Api) -> None:
    await applied(api, FILE)
    await run(
        api,
        "UPDATE providers SET credential ="
        " (SELECT credential FROM providers WHERE name = 'openai') WHERE name = 'local'",
    )
    assert sorted(await compiled(api)) == ["assistant", "gpt-4o"]


async def test_kinds_and_policies_of_a_newer_version_are_left_out(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    await applied(api, FILE)
    await run(api, "UPDATE providers SET kind = 'telepathy' WHERE name = 'openai'")
    await run(api, "UPDATE routes SET policy = 'psychic'")
    assert sorted(await compiled(api)) == ["house"]
    assert "provider of kind telepathy" in caplog.text
    assert "this version has no policy 'psychic'" in caplog.text


async def test_a_route_without_any_callable_target_is_left_out(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    await applied(api, FILE)
    await run(api, "UPDATE providers SET kind = 'telepathy'")
    assert await compiled(api) == {}
    assert "route assistant is left out: none of its targets can be called" in caplog.text


async def test_deadlines_of_a_newer_version_are_passed_over(api: Api) -> None:
    await applied(api, FILE)
    await run(api, """UPDATE routes SET deadlines = '{"stall": 7, "lunch": 60}'""")
    assert (await compiled(api))["assistant"].deadlines.stall == 7


async def test_compiling_asks_a_handful_of_questions(api: Api) -> None:
    await applied(api, FILE)
    with statements(api.database) as sent:
        await compiled(api)
    assert len(sent) <= 6
